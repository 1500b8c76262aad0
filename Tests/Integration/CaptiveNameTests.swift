import Foundation
import Testing

/// Routers that come by a name, a path or a port that nobody here has given them.
struct CaptiveNameTests {
  private static let configuration = """
    acs:
      path: [/acs, /cwmp]
      captive-ports: true
    dns:
      captive: [acs.factory.example.net, "*.isp.example.org"]
    subnets:
      - subnet: 192.0.2.0/24
        pool: 192.0.2.100-192.0.2.199
    """

  @Test func `a session is taken under a captive name at any path and port, and what is not is on the journey`()
    async throws
  {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      try await HandSession.boot(in: lab)
      func status(_ place: String, host: String? = nil) async throws -> String {
        try await Program(
          ["curl", "-sS", "-k", "-o", "/dev/null", "--write-out", "%{http_code}", "--data", "<x/>"]
            + (host.map { ["-H", "Host: \($0)"] } ?? []) + [place], in: lab.client()
        ).result().output
      }
      // Asked for credentials: a session.
      for place in [
        "http://192.0.2.1:7547/acs", "http://192.0.2.1:7547/acs/", "http://192.0.2.1:7547/cwmp", "http://192.0.2.1/acs",
        "https://192.0.2.1/cwmp/",
      ] {
        #expect(try await status(place) == "401", "\(place)")
      }
      for (place, host) in [
        ("http://192.0.2.1:7547/service/cwmp", "acs.factory.example.net"),
        ("http://192.0.2.1/CWMP.php?x=1", "ACS.Factory.example.net:80"),
        ("https://192.0.2.1/", "a.isp.example.org"), ("https://192.0.2.1:7548/tr069", "b.isp.example.org"),
      ] {
        #expect(try await status(place, host: host) == "401", "\(place)")
      }
      #expect(try await status("http://192.0.2.1:7547/tr069", host: "isp.example.org") == "404")
      #expect(try await status("http://192.0.2.1/tr069") == "404")
      for number in 0..<30 { #expect(try await status("http://192.0.2.1:7547/\(number)") == "404") }

      let journey = try await daemon.journey(of: Lab.hardware(0), within: 5) { $0.count("misdirected") >= 2 }
      let told = journey.events.filter { $0.event == "misdirected" }.map(\.text)
      #expect(
        told.prefix(2) == [
          "asked for POST http://isp.example.org:7547/tr069, where nothing is served",
          "asked for POST http://192.0.2.1/tr069, where nothing is served",
        ])
      #expect(told.count <= 8)
      #expect(try await daemon.counter("http.notFound") == 32)
      try await daemon.stop()
    }
  }

  @Test func `names that a router asks for in vain are on its journey, each once and not for ever`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let address = try await HandSession.boot(in: lab)
      func dig(_ words: String...) async throws {
        _ = try await Program(["dig", "@192.0.2.1", "-b", address, "+tries=1", "+time=2"] + words, in: lab.client())
          .result()
      }
      try await dig("asc.usher.internal", "A")
      try await dig("asc.usher.internal", "A")
      try await dig("acs.elsewhere.example", "AAAA")
      try await dig("+tcp", "isp.example.org", "A")
      try await dig("acs.usher.internal", "AAAA")
      for number in 0..<20 { try await dig("n\(number).example", "A") }
      try await dig("acs.factory.example.net", "A")
      let journey = try await daemon.journey(of: Lab.hardware(0), within: 5) { $0.count("nameResolved") == 1 }
      let told = journey.events.filter { $0.event == "nameUnresolved" }.map(\.text)
      #expect(
        told.filter { $0.contains("asc.usher.internal") } == [
          "asked DNS for asc.usher.internal in vain: there is no such name in the zones that are served here"
        ])
      #expect(told.contains { $0.contains("acs.elsewhere.example") && $0.contains("are not forwarded") })
      #expect(told.contains { $0.contains("isp.example.org") && $0.contains("has no address here") })
      #expect(!told.contains { $0.contains("acs.usher.internal") })
      // The workers count for themselves, and TCP.
      #expect(told.count <= 8 * 5)
      try await daemon.stop()
    }
  }
}
