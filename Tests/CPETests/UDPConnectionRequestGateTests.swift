import CPE
import CWMP
import Testing
import Transport

struct UDPConnectionRequestGateTests {
  private var gate: UDPConnectionRequestGate {
    var gate = UDPConnectionRequestGate(hmac: MessageAuthentication.hmacSHA1)
    gate.username = "CPE57689"
    gate.password = "password"
    return gate
  }

  private func datagram(
    _ timestamp: Int64 = 100, id: String = "1", username: String = "CPE57689", password: String = "password"
  ) -> [UInt8] {
    UDPConnectionRequest(timestamp: timestamp, id: id, username: username, nonce: "n").encoded(
      to: "192.0.2.2:7547", password: password, hmac: MessageAuthentication.hmacSHA1)
  }

  @Test func `a request that is signed with the router's password is accepted once, whatever its copies`() {
    var gate = gate
    let verdicts = (0..<3).map { _ in gate.receive(datagram()) }
    #expect(verdicts == [.accepted, .ignored(.repeated), .ignored(.repeated)])
  }

  @Test func `a wrong signature is ignored, and leaves no trace`() {
    var gate = gate
    #expect(gate.receive(datagram(1_000_000, password: "guess")) == .ignored(.signature))
    var forged = datagram()
    forged[forged.count - 40] ^= 1
    #expect(gate.receive(forged) != .accepted)
    #expect(gate.receive(datagram()) == .accepted)
  }

  @Test func `an older ts is ignored, and of the same ts each id counts once`() {
    var gate = gate
    #expect(gate.receive(datagram(100, id: "1")) == .accepted)
    #expect(gate.receive(datagram(100, id: "2")) == .accepted)
    #expect(gate.receive(datagram(100, id: "1")) == .ignored(.repeated))
    #expect(gate.receive(datagram(99, id: "3")) == .ignored(.stale(timestamp: 99, last: 100)))
    #expect(gate.receive(datagram(101, id: "1")) == .accepted)
    #expect(gate.receive(datagram(100, id: "2")) == .ignored(.stale(timestamp: 100, last: 101)))
  }

  @Test func `what is remembered is bounded`() {
    var gate = gate
    let verdicts = (0..<100).map { gate.receive(datagram(id: "\($0)")) }
    #expect(verdicts.count { $0 == .accepted } == 64)
    #expect(verdicts.last == .ignored(.tooMany(limit: 64)))
    #expect(gate.receive(datagram(101)) == .accepted)
  }

  @Test func `another user name, no password, and what is no request are ignored`() {
    var gate = gate
    #expect(gate.receive(datagram(username: "other")) == .ignored(.username("other")))
    #expect(gate.receive(Array("GET / HTTP/1.1\r\n\r\n".utf8)) == .ignored(.malformed(.missing("ts"))))
    #expect(gate.receive([]) == .ignored(.malformed(.notARequest)))
    gate.password = ""
    #expect(gate.receive(datagram(password: "")) == .ignored(.noPassword))
  }
}
