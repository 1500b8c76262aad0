import Foundation
import Testing

/// The ACS over TLS, with the lab's own CA and with the operator's certificates.
@Suite(.serialized)
struct HTTPSTests {
  private static let serial = ProvisioningTests.serial
  private static let boot = [(code: "0 BOOTSTRAP", key: ""), (code: "1 BOOT", key: "")]

  private static func configuration(_ options: String) -> String {
    ProvisioningTests.configuration.replacing("acs:\n", with: "acs:\n  \(options)\n")
  }

  private func ca(of lab: Lab) -> String { lab.folder.appending(path: "ca.pem").path }

  @Test func `a router that trusts the CA is provisioned over https, its files included`() async throws {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: Self.configuration("scheme: https"))
      let router = try lab.router(Self.serial, arguments: ["--ca", ca(of: lab)])
      try await daemon.provisions(Self.serial, within: 60)

      #expect(router.output.contains("CWMP: Inform to https://acs.usher.internal:7548/acs ("))
      #expect(router.output.contains("CWMP: downloading https://acs.usher.internal:7548/files/"))
      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(journey.events.filter(\.trouble).isEmpty, "\(journey.events.filter(\.trouble))")
      #expect(try await daemon.problems() == [])
      try await router.stop()
      try await daemon.stop()
    }
  }

  @Test func `a router that does not know the CA is told of, with what to do`() async throws {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: Self.configuration("scheme: https"))
      let router = try lab.router(Self.serial, arguments: ["--cwmp-by-option43"])
      let journey = try await daemon.journey(of: Lab.hardware(0), within: 30) { $0.count("sessionAborted") > 0 }
      let event = try #require(journey.events.first { $0.event == "sessionAborted" })
      #expect(
        event.text.contains("it does not take the ACS's certificate (unknown_ca); give it the CA"), "\(event.text)")
      #expect(try await daemon.counter("tls.failed.untrusted") > 0)
      #expect(journey.router.missing == "connected" && journey.router.cause?.contains("unknown_ca") == true)
      #expect(journey.router.advice?.contains("usher ca export") == true)
      try await router.stop()
      try await daemon.stop()
    }
  }

  @Test func `a router with a certificate needs no password, and none gets in without one where it is required`()
    async throws
  {
    try await Lab.with(clients: 2) { lab in
      try ProvisioningTests.prepare(lab, serials: [Self.serial, "WITHOUT1"])
      let daemon = try await Daemon(
        in: lab, configuration: Self.configuration("scheme: https\n  tls: {client-certificates: required}"))
      let file = lab.folder.appending(path: "router.pem").path
      let issued = try await Program([
        try Daemon.binary, "ca", "issue", "000FE2-\(Self.serial)", "--state", lab.folder.path, "--output", file,
      ]).result()
      #expect(issued.status == 0, "\(issued.errors)")
      let router = try lab.router(
        Self.serial,
        arguments: ["--cwmp-by-option43", "--ca", ca(of: lab), "--certificate", file, "--fault", "wrong-password"])
      let other = try lab.router("WITHOUT1", at: 1, arguments: ["--cwmp-by-option43", "--ca", ca(of: lab)])
      try await daemon.provisions(Self.serial, within: 60)

      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(
        journey.events.contains { $0.event == "authenticated" && $0.text.contains("certificate of 000FE2-") })
      let refused = try await eventually(within: 20) { try await daemon.counter("tls.failed.noClientCertificate") > 0 }
      #expect(refused)
      #expect(try await daemon.json("devices").count == 1)
      try await router.stop()
      try await other.stop()
      try await daemon.stop()
    }
  }

  @Test func `a certificate of another router does not take the place of a password`() async throws {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(
        in: lab,
        configuration: Self.configuration(
          "username: seat\n  password: row7\n  tls: {client-certificates: optional}"))
      try await HandSession.boot(in: lab)
      let file = lab.folder.appending(path: "router.pem").path
      let issued = try await Program([
        try Daemon.binary, "ca", "issue", Self.serial, "--state", lab.folder.path, "--output", file,
      ]).result()
      #expect(issued.status == 0, "\(issued.errors)")
      var session = HandSession(lab: lab)
      session.url = "https://192.0.2.1:7548/acs"
      session.options = ["--cacert", ca(of: lab)]
      let certificate = ["--cert", file]
      let own = session.inform(id: "1", serial: Self.serial, events: Self.boot)
      let foreign = session.inform(id: "1", serial: "210235A1B2C3D4E5F6FF", events: Self.boot)
      #expect(try await session.post(foreign, options: certificate).status == 401)
      #expect(try await session.post(own).status == 401)
      #expect(try await session.post(own, options: certificate).method == "InformResponse")
      session.jar = "others"
      #expect(try await session.post(foreign, login: "seat:row7", options: certificate).method == "InformResponse")
      try await daemon.stop()
    }
  }

  @Test func `basic authentication is offered and taken over TLS, and over plain HTTP only where that is wanted`()
    async throws
  {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let text = Self.configuration("username: seat\n  password: row7")
      let daemon = try await Daemon(in: lab, configuration: text)
      try await HandSession.boot(in: lab)
      let plain = HandSession(lab: lab)
      var secure = plain
      secure.url = "https://192.0.2.1:7548/acs"
      secure.options = ["--cacert", ca(of: lab)]
      let inform = plain.inform(id: "1", serial: Self.serial, events: Self.boot)
      func challenges(_ session: HandSession) async throws -> [String] {
        try await session.post(inform).headers.split(whereSeparator: \.isNewline)
          .filter { $0.lowercased().hasPrefix("www-authenticate:") }.map { String($0.split(separator: " ")[1]) }
      }
      let right = ["--basic", "--user", "seat:row7"]
      #expect(try await challenges(plain) == ["Digest"])
      #expect(try await challenges(secure) == ["Digest", "Basic"])
      #expect(try await plain.post(inform, options: right).status == 401)
      #expect(try await secure.post(inform, options: ["--basic", "--user", "seat:row8"]).status == 401)
      #expect(try await secure.post(inform, options: right).method == "InformResponse")
      secure.jar = "others"
      #expect(try await secure.post(inform, login: "seat:row7").method == "InformResponse")

      _ = try lab.write(text.replacing("acs:\n", with: "acs:\n  authentication: basic\n"), to: "usher.yaml")
      #expect(try await daemon.usher("reload").status == 0)
      #expect(try await challenges(plain) == ["Digest", "Basic"])
      #expect(try await plain.post(inform, options: right).method == "InformResponse")
      try await daemon.stop()
    }
  }

  @Test func `the CA can be fetched and exported, is the same after a restart, and follows a new address`()
    async throws
  {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab)
      try await HandSession.boot(in: lab)
      let hand = HandSession(lab: lab)
      let fetched = try await hand.get("http://192.0.2.1:7547/ca.pem")
      #expect(fetched.status == 200)
      #expect(fetched.body == (try String(contentsOfFile: ca(of: lab), encoding: .utf8)))
      let der = lab.folder.appending(path: "fetched.der").path
      let head = try await run(
        "curl", "--silent", "--output", der, "--write-out", "%{content_type}", "http://192.0.2.1:7547/ca.der",
        in: lab.client())
      #expect(head.output == "application/x-x509-ca-cert")
      let read = try await Program([
        "openssl", "x509", "-inform", "DER", "-in", der, "-fingerprint", "-sha256", "-noout",
      ])
      .result()
      let state = ["--state", lab.folder.path]
      let shown = try await Program([try Daemon.binary, "ca", "show"] + state).result()
      let fingerprint = try #require(
        read.output.split(separator: "=").last?.trimmingCharacters(in: .whitespacesAndNewlines))
      #expect(
        shown.output.contains(fingerprint) && shown.output.contains("acs.usher.internal, 192.0.2.1\n"), "\(shown)")
      let exported = try await Program([try Daemon.binary, "ca", "export"] + state).result()
      #expect(exported.output == fetched.body)

      // An address that comes while the daemon runs is a name of the ACS too.
      try await run("ip", "-n", lab.appliance, "address", "add", "198.51.100.1/24", "dev", Lab.port)
      let named = try await eventually(within: 30) {
        try await Program([try Daemon.binary, "ca", "show"] + state).result().output.contains("198.51.100.1")
      }
      #expect(named)
      try await daemon.stop()
      let again = try await Daemon(in: lab)
      #expect(try await hand.get("http://192.0.2.1:7547/ca.pem").body == fetched.body)
      try await again.stop()
    }
  }

  @Test func `the operator's own certificate is served, and a reload takes its successor`() async throws {
    try await Lab.with { lab in
      func make(_ name: String) async throws {
        let result = try await Program([
          "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=\(name)", "-addext",
          "subjectAltName=DNS:\(name),IP:192.0.2.1", "-keyout", lab.folder.appending(path: "own.key").path, "-out",
          lab.folder.appending(path: "own.pem").path,
        ]).result()
        #expect(result.status == 0, "\(result.errors)")
      }
      try await make("first.example")
      try ProvisioningTests.prepare(lab)
      let text = Self.configuration("tls: {certificate: own.pem, key: own.key}")
      let daemon = try await Daemon(in: lab, configuration: text)
      try await HandSession.boot(in: lab)
      func subject() async throws -> String {
        try await run(
          "sh", "-c", "openssl s_client -connect 192.0.2.1:7548 </dev/null 2>/dev/null | grep -m1 subject=",
          in: lab.client()
        ).output
      }
      #expect(try await subject().contains("first.example"))
      #expect(try await HandSession(lab: lab).get("http://192.0.2.1:7547/ca.pem").status == 404)
      try await make("second.example")
      #expect(try await daemon.usher("reload").status == 0)
      #expect(try await subject().contains("second.example"))

      _ = try lab.write("nonsense", to: "own.key")
      let refused = try await daemon.usher("reload")
      #expect(refused.status == 2)
      #expect(
        refused.errors.contains("usher.yaml:2:") && refused.errors.contains("own.key: it holds no private key in PEM"),
        "\(refused.errors)")
      #expect(try await subject().contains("second.example"))
      try await daemon.stop()
    }
  }

  @Test func `a CA of the operator's own vouches for routers`() async throws {
    try await Lab.with { lab in
      let file = lab.folder.appending(path: "router.pem").path
      let made = try await Program([
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj",
        "/O=Vendor/CN=branch/serialNumber=\(Self.serial)", "-keyout", file + ".key", "-out", file,
      ]).result()
      #expect(made.status == 0, "\(made.errors)")
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(
        in: lab, configuration: Self.configuration("tls: {client-certificates: required, client-ca: router.pem}"))
      try await HandSession.boot(in: lab)
      var session = HandSession(lab: lab)
      session.url = "https://192.0.2.1:7548/acs"
      session.options = ["--cacert", ca(of: lab), "--cert", file, "--key", file + ".key"]
      let inform = session.inform(id: "1", serial: Self.serial, events: Self.boot)
      #expect(try await session.post(inform).method == "InformResponse")
      try await daemon.stop()
    }
  }

  @Test func `a broken key of the CA keeps the daemon from starting, in words`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab)
      try await daemon.stop()
      _ = try lab.write("nonsense", to: "ca.key")
      let refused = try await Program(
        [
          try Daemon.binary, "serve", "--interface", Lab.port, "--state", lab.folder.path, "--control",
          lab.folder.appending(path: "control").path,
        ], in: lab.appliance
      ).result(within: 20)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("/ca.key cannot be used: it holds no private key in PEM"), "\(refused.errors)")
      #expect(refused.errors.contains("Nothing was started."))
    }
  }
}
