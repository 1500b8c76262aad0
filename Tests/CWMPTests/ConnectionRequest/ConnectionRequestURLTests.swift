import CWMP
import Net
import Testing

struct ConnectionRequestURLTests {
  private let own = IPv4Address(192, 0, 2, 10)
  private let other = IPv4Address(10, 0, 0, 1)

  private func error(_ text: String) -> ConnectionRequestURLError? {
    do throws(ConnectionRequestURLError) {
      _ = try ConnectionRequestURL(text)
      return nil
    } catch {
      return error
    }
  }

  @Test func `host and port are read`() throws {
    let url = try ConnectionRequestURL("http://192.0.2.10:7547/a?b=c")
    #expect(url.address == own)
    #expect(url.port == 7547)
    #expect(try ConnectionRequestURL("HTTP://router.example").port == 80)
    #expect(try ConnectionRequestURL("HTTP://router.example").address == nil)
  }

  @Test func `what two readers could read differently is refused`() {
    #expect(error("https://192.0.2.10/") == .tls)
    #expect(error("ftp://192.0.2.10/") == .scheme)
    #expect(error("") == .scheme)
    #expect(error("http://a\\b/") == .characters)
    #expect(error("http://a b/") == .characters)
    #expect(error("http://a/\r\nX: y") == .characters)
    #expect(error("http://user@192.0.2.10/") == .host("user@192.0.2.10"))
    for host in ["", "[::1]", "0x7f000001", "2130706433", "127.1", "010.0.0.1", "a..b", "%31.example", "a.0x1"] {
      #expect(error("http://\(host)/") == .host(host), "\(host)")
    }
    for port in ["0", "65536", "-1", "+80", ""] { #expect(error("http://a:\(port)/") == .port(port), "\(port)") }
    #expect(error("http://a:1:2/") == .host("a:1:2"))
    #expect(error("http://a/" + String(repeating: "x", count: 248)) == .length(257))
  }

  @Test func `a router cannot make the ACS call another host`() throws {
    let url = try ConnectionRequestURL("http://10.0.0.1:8080/")
    #expect(try url.place(own: other, allowed: []) == other)
    #expect(throws: ConnectionRequestProblem.foreignHost("10.0.0.1", own: own)) {
      try url.place(own: own, allowed: [])
    }
    let network = try #require(Subnet("10.0.0.0/8"))
    #expect(try url.place(own: own, allowed: [network]) == other)
  }

  @Test func `a name is not looked up, but is the router's own address`() throws {
    let url = try ConnectionRequestURL("http://internal.example/")
    #expect(try url.place(own: own, allowed: []) == own)
    #expect(throws: ConnectionRequestProblem.foreignHost("internal.example", own: nil)) {
      try url.place(own: nil, allowed: [])
    }
  }

  @Test func `every problem has a step, a sentence, an advice and a counter of its own`() {
    let problems: [ConnectionRequestProblem] = [
      .unknownDevice, .noURL, .unusableURL(.tls), .foreignHost("h", own: own), .alreadyUnderWay,
      .tooManyWaiting(limit: 1), .notSent(reason: "r"), .unreachable(reason: "r"), .refused,
      .connectTimeout(seconds: 1), .answerTimeout(seconds: 1), .dropped(reason: "r"), .noCredentials,
      .noDigest(asked: "Basic"), .digestRefused(username: "u"), .busy, .status(404), .noInform(seconds: 30),
      .noInformAfterUDP(seconds: 30, silence: nil, period: 25), .behindNAT("h", own: own, .udpAddress),
    ]
    #expect(Set(problems.map(\.counter)).count == problems.count)
    #expect(Set(problems.map(\.description)).count == problems.count)
    #expect(Set(problems.map(\.stage)) == Set(ConnectionRequestStage.allCases))
    for problem in problems {
      #expect(!problem.advice.isEmpty)
      #expect(!problem.description.hasSuffix(".") && !problem.advice.hasSuffix("."))
    }
  }

  @Test func `what is missing behind a NAT, and a binding that is gone, are told apart and have their own advice`() {
    let problems: [ConnectionRequestProblem] = [
      .behindNAT("h", own: own, .udpAddress), .behindNAT("h", own: own, .stunParameters(code: 9005)),
      .behindNAT("h", own: own, .foreignUDPAddress("10.0.0.1:1")),
      .noInformAfterUDP(seconds: 30, silence: 30, period: 25), .noInformAfterUDP(seconds: 30, silence: 31, period: 25),
    ]
    #expect(Set(problems.map(\.description)).count == problems.count)
    #expect(Set(problems.map(\.advice)).count == problems.count)
    #expect(
      problems[3].advice.hasPrefix("its binding is alive") && problems[4].advice.hasPrefix("it no longer keeps"))
    #expect(
      ConnectionRequestProblem.noInformAfterUDP(seconds: 30, silence: nil, period: 25).advice == problems[4].advice)
  }
}
