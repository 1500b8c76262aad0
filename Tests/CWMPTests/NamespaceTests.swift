import CWMP
import Testing

/// Which methods a namespace has, by the schemas cwmp-1-0.xsd to cwmp-1-2.xsd.
struct NamespaceTests {
  private static func namespace(_ minor: Int) -> Namespace? { Namespace(urn: "urn:dslforum-org:cwmp-1-\(minor)") }

  private static let late: [Method: Int] = [
    .getAllQueuedTransfers: 1, .autonomousTransferComplete: 1, .scheduleDownload: 2, .cancelTransfer: 2,
    .changeDUState: 2, .stateChangeComplete: 2, .autonomousStateChangeComplete: 2,
  ]

  @Test(arguments: Method.allCases)
  func `a namespace has the methods of its schema`(method: Method) throws {
    for minor in 0...4 {
      #expect(try #require(Self.namespace(minor)).has(method) == (minor >= Self.late[method, default: 0]))
    }
  }

  @Test func `a request that the namespace does not have is not to be sent, and says why`() throws {
    let oldest = try #require(Self.namespace(0))
    for request in RPCTests.requests {
      let problem = request.problem(in: oldest)
      if Self.late[request.method] == nil {
        #expect(problem == request.problem)
      } else {
        #expect(problem == .notInNamespace(request.method, oldest))
      }
      #expect(request.problem(in: .newest) == request.problem)
    }
    #expect(
      ACSRequest.cancelTransfer(CancelTransfer(commandKey: "k")).problem(in: oldest)?.description
        == "the router speaks urn:dslforum-org:cwmp-1-0, which has no CancelTransfer: that came with cwmp-1-2")
  }
}
