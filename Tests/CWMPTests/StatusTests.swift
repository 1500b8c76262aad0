import CWMP
import Testing

/// The Status of responses: 0 and 1 are all that there is (TR-069 annex A).
struct StatusTests {
  private static let methods = ["SetParameterValues", "AddObject", "DeleteObject", "Download", "Upload"]

  private func response(_ method: String, _ status: String) throws -> CPEResponse? {
    var warnings = Warnings()
    let text = Messages.envelope(
      "<cwmp:\(method)Response><InstanceNumber>1</InstanceNumber><Status>\(status)</Status></cwmp:\(method)Response>")
    guard
      case .response(let response) = try CPEEnvelope(decoding: Array(text.utf8), warnings: &warnings).body
    else { return nil }
    return response
  }

  @Test(arguments: methods, ["2", "-1", "9001", "ok", "", "4294967296", "1.0"])
  func `a Status that is neither 0 nor 1 is no success`(method: String, status: String) throws {
    let failure = try #require(try response(method, status)).failure
    #expect(
      failure == "it answered with the Status \"\(status)\", which is neither 0 (done) nor 1 (to be done later)")
  }

  @Test(arguments: methods, ["0", "1", " 1\n", "00"])
  func `0 and 1 are success`(method: String, status: String) throws {
    #expect(try #require(try response(method, status)).failure == nil)
  }
}
