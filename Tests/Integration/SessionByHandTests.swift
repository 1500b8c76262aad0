import Foundation
import Testing

/// The ACS as `curl --digest` sees it, which speaks CWMP by hand.
@Suite(.serialized)
struct SessionByHandTests {
  private static let serial = ProvisioningTests.serial
  private static let login = "seat:row7"
  private static let boot = [(code: "0 BOOTSTRAP", key: ""), (code: "1 BOOT", key: "")]
  private static let configuration = ProvisioningTests.configuration.replacing(
    "acs:\n", with: "acs:\n  username: seat\n  password: row7\n")
  private static let ntp = "InternetGatewayDevice.Time.NTPServer1"

  private func session(
    configuration: String = configuration, _ body: (HandSession, Daemon) async throws -> Void
  ) async throws {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: configuration)
      try await HandSession.boot(in: lab)
      try await body(HandSession(lab: lab), daemon)
      try await daemon.stop()
    }
  }

  /// Informs, and takes each SetParameterValues until another method comes. Returns that, and what was set.
  private func bootstrap(
    _ router: HandSession
  ) async throws -> (next: HandSession.Answer, parameters: [String: String]) {
    let inform = try await router.post(
      router.inform(id: "1", serial: Self.serial, events: Self.boot), login: Self.login)
    try #require(inform.method == "InformResponse")
    var parameters: [String: String] = [:]
    var answer = try await router.post("")
    while answer.method == "SetParameterValues" {
      parameters.merge(answer.parameters) { $1 }
      answer = try await router.post(router.setParameterValuesResponse(to: answer))
    }
    return (answer, parameters)
  }

  @Test func `a POST without credentials is answered with a digest challenge and nothing else`() async throws {
    try await session { router, daemon in
      let answer = try await router.post(router.inform(id: "1", serial: Self.serial, events: Self.boot))
      #expect(answer.status == 401)
      #expect(answer.headers.lowercased().contains("www-authenticate: digest "))
      #expect(!answer.headers.lowercased().contains("set-cookie"))
      let wrong = try await router.post(
        router.inform(id: "1", serial: Self.serial, events: Self.boot), login: "seat:row8")
      #expect(wrong.status == 401)
      #expect(try await daemon.json("devices").first?["device"] == nil)
    }
  }

  @Test func `digest authentication is by SHA-256 where that is asked for, and MD5 is refused then`() async throws {
    let configuration = Self.configuration.replacing(
      "  username: seat\n", with: "  digest: sha-256\n  username: seat\n")
    try await session(configuration: configuration) { router, _ in
      let inform = router.inform(id: "1", serial: Self.serial, events: Self.boot)
      let challenge = try await router.post(inform)
      #expect(challenge.status == 401)
      #expect(challenge.headers.contains("algorithm=SHA-256") && !challenge.headers.contains("MD5"))
      #expect(try await router.post(inform, login: Self.login).method == "InformResponse")
    }
  }

  @Test(arguments: ["cwmp-1-0", "cwmp-1-2"], ["InternetGatewayDevice.", "Device."])
  func `an Inform is answered in its own namespace, and credentials of its own are set under its own root`(
    version: String, root: String
  ) async throws {
    try await session { router, daemon in
      var router = router
      router.version = version
      router.root = root
      let inform = try await router.post(
        router.inform(id: "inform-\(version)", serial: Self.serial, events: Self.boot), login: Self.login)
      #expect(inform.status == 200)
      #expect(inform.method == "InformResponse")
      #expect(inform.id == "inform-\(version)")
      #expect(inform.namespace == "urn:dslforum-org:\(version)")
      #expect(try inform.element("MaxEnvelopes") == "1")
      #expect(inform.headers.lowercased().contains("set-cookie"))

      let secure = try await router.post("")
      #expect(secure.method == "SetParameterValues")
      #expect(secure.namespace == "urn:dslforum-org:\(version)")
      let server = root + "ManagementServer."
      #expect(
        Set(secure.parameters.keys)
          == Set(
            ["Username", "Password", "ConnectionRequestUsername", "ConnectionRequestPassword"].map { server + $0 }))
      let passwords = ["Password", "ConnectionRequestPassword"].compactMap { secure.parameters[server + $0] }
      #expect(passwords.allSatisfy { $0.count >= 20 } && Set(passwords).count == 2)
      #expect(secure.parameters[server + "Username"]?.contains(Self.serial) == true)

      let next = try await router.post(router.setParameterValuesResponse(to: secure))
      #expect(next.method == "SetParameterValues")
      #expect(next.parameters[server + "PeriodicInformInterval"] == "300")
      #expect(next.id != secure.id)
      #expect(try await daemon.journey(of: Self.serial)?.reached.last == "secured")
    }
  }

  @Test func `what else a router asks is answered and counted, and what it makes up is fault 8000`() async throws {
    try await session { router, daemon in
      let inform = try await router.post(
        router.inform(id: "1", serial: Self.serial, events: Self.boot), login: Self.login)
      try #require(inform.status == 200)
      let requests = [
        ("RequestDownload", "<FileType>3 Vendor Configuration File</FileType><FileTypeArg/>"),
        ("DUStateChangeComplete", "<Results/><CommandKey>k</CommandKey>"),
        ("AutonomousDUStateChangeComplete", "<Results/>"), ("Kicked", "<Next>http://192.0.2.9/next</Next>"),
      ]
      for (name, arguments) in requests {
        let answer = try await router.post(router.envelope(id: name, "<cwmp:\(name)>\(arguments)</cwmp:\(name)>"))
        #expect(answer.method == "\(name)Response")
        #expect(answer.id == name)
        if name == "Kicked" { #expect(try answer.element("NextURL") == "http://192.0.2.9/next") }
      }
      let odd = try await router.post(router.envelope(id: "odd", "<cwmp:X_000FE2_Odd/>"))
      #expect(odd.status == 200)
      #expect(try odd.element("FaultCode") == "8000")
      // The session goes on.
      #expect(try await router.post("").method == "SetParameterValues")
      let counters = try await daemon.json("status").first?["counters"] as? [String: Int] ?? [:]
      for (name, _) in requests { #expect(counters["acs.received.\(name)"] == 1) }
      #expect(counters["cwmp.refused.methodNotSupported"] == 1)
      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(
        journey.events.filter { ["downloadWished", "kicked"].contains($0.event) }.map(\.text) == [
          "asks to download \"3 Vendor Configuration File\": it is to download \"startup.cfg\"",
          "had its kick URL called, going on to http://192.0.2.9/next",
        ])
    }
  }

  @Test func `a fault ends the session, and the journey names parameter, code and text`() async throws {
    try await session { router, daemon in
      let inform = try await router.post(
        router.inform(id: "1", serial: Self.serial, events: Self.boot), login: Self.login)
      try #require(inform.status == 200)
      var answer = try await router.post("")
      while answer.parameters[Self.ntp] == nil, answer.method == "SetParameterValues" {
        answer = try await router.post(router.setParameterValuesResponse(to: answer))
      }
      #expect(answer.parameters == [Self.ntp: "192.0.2.1"])
      let end = try await router.post(
        router.setParameterValuesFault(to: answer, path: Self.ntp, code: 9007, text: "not a host of mine"))
      #expect(end.status == 204)
      #expect(end.body.isEmpty)

      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(journey.router.standing == "stopped")
      #expect(journey.router.missing == "configured")
      #expect(journey.router.cause == "it refused \(Self.ntp): the value is not allowed (9007 \"not a host of mine\")")
    }
  }

  @Test func `the file is fetched from its signed URL, and TransferComplete comes with the router's own login`()
    async throws
  {
    try await session { router, daemon in
      let (download, parameters) = try await bootstrap(router)
      #expect(download.method == "Download")
      #expect(try download.element("FileType") == "3 Vendor Configuration File")
      #expect(try download.element("TargetFileName") == "startup.cfg")
      let key = try #require(try download.element("CommandKey"))
      let url = try #require(try download.element("URL")).replacing("&amp;", with: "&")
      #expect(url.hasPrefix("http://192.0.2.1:7547/files/") && url.count <= 256)
      #expect(try await router.post(router.downloadResponse(to: download)).status == 204)

      let file = try await router.get(url)
      #expect(file.status == 200)
      #expect(file.body.contains(" sysname branch-0\n") && file.body.hasSuffix("return\n"))
      #expect(try download.element("FileSize") == "\(file.body.utf8.count)")
      #expect(try await router.get(String(url.dropLast(4)) + "AAAA").status == 403)
      #expect(try await router.get(String(url.split(separator: "?")[0])).status == 403)
      #expect(try await router.get(url.replacing("/files/", with: "/files/0")).status == 403)

      // It still has the cookie of the first session, which is over.
      let server = "InternetGatewayDevice.ManagementServer."
      let username = try #require(parameters[server + "Username"])
      let password = try #require(parameters[server + "Password"])
      let inform = try await router.post(
        router.inform(
          id: "2", serial: Self.serial,
          events: [(code: "7 TRANSFER COMPLETE", key: ""), (code: "M Download", key: key)]),
        login: "\(username):\(password)")
      #expect(inform.method == "InformResponse")
      let complete = try await router.post(router.transferComplete(id: "3", key: key))
      #expect(complete.method == "TransferCompleteResponse")
      #expect(complete.id == "3")
      #expect(try await router.post("").method == "Reboot")

      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(journey.router.milestone == "configured")
      #expect(journey.count("downloadServed") == 1)
      #expect(journey.count("downloadCompleted") == 1)
      // They are good for this router alone.
      var stranger = router
      stranger.jar = "cookies of another router"
      let foreign = try await stranger.post(
        router.inform(id: "4", serial: "SOMEBODYELSE", events: Self.boot), login: "\(username):\(password)")
      #expect(foreign.status == 403)
    }
  }

  @Test func `a URL that was signed for another router is refused`() async throws {
    try await session { router, _ in
      let (download, _) = try await bootstrap(router)
      let url = try #require(try download.element("URL")).replacing("&amp;", with: "&")
      let token = try #require(url.split(separator: "=", maxSplits: 1).last)
      var parts = token.split(separator: ".").map(String.init)
      let device = try #require(Data(base64Encoded: Self.padded(parts[1])))
      let other = String(decoding: device, as: UTF8.self).replacing(Self.serial, with: "210235A1B2C3D4E5F602")
      parts[1] = Data(other.utf8).base64EncodedString().replacing("=", with: "")
      let forged = url.replacing(token, with: parts.joined(separator: "."))
      #expect(forged != url)
      #expect(try await router.get(forged).status == 403)
      #expect(try await router.get(url).status == 200)
    }
  }

  private static func padded(_ text: String) -> String {
    text.replacing("-", with: "+").replacing("_", with: "/") + String(repeating: "=", count: (4 - text.count % 4) % 4)
  }

  @Test(arguments: [["--http1.0"], ["--header", "Expect: 100-continue"], ["--header", "Transfer-Encoding: chunked"]])
  func `a whole session goes over HTTP 1.0, with Expect, and in chunks`(options: [String]) async throws {
    try await session { router, daemon in
      var router = router
      router.options = options
      let (download, parameters) = try await bootstrap(router)
      #expect(parameters[Self.ntp] == "192.0.2.1")
      #expect(download.method == "Download")
      let end = try await router.post(router.downloadResponse(to: download))
      #expect(end.status == 204)
      #expect(end.headers.contains("100 Continue") == options.contains("Expect: 100-continue"))
      #expect(try await daemon.journey(of: Self.serial)?.router.milestone == "secured")
    }
  }

  @Test func `a router that keeps no cookies is known by its connection`() async throws {
    try await session { router, daemon in
      let message = try router.lab.write(
        router.inform(id: "1", serial: Self.serial, events: Self.boot), to: "inform.xml")
      let again = ["--next", "--silent", "--data-binary", "", HandSession.url]
      let result = try await Program(
        ["curl", "--silent", "--digest", "--user", Self.login, "--data-binary", "@\(message)", HandSession.url] + again,
        in: router.lab.client()
      ).result()
      let answers = result.output.matches(of: #/<cwmp:(?!ID)(\w+)/#).map { String($0.1) }
      #expect(answers.prefix(2) == ["InformResponse", "SetParameterValues"])
      // On a connection of its own, without a cookie, an empty POST belongs to no session.
      var stranger = router
      stranger.keepsCookies = false
      #expect(try await stranger.post("").status == 401)
      #expect(try await daemon.counter("acs.sent.SetParameterValues") == 1)
    }
  }
}
