import Foundation
import HTTP
import Net
import Synchronization
import Testing
import Transport

/// A server of HTTPS before `curl` and `openssl`.
struct HTTPSServerTests {
  private static let now = Timestamp(secondsSince1970: 1_790_000_000)
  private static let names = ServerNames(hosts: ["localhost"], addresses: [IPv4Address(127, 0, 0, 1)])

  /// A server on the loopback, and files for its clients.
  struct Lab: Sendable {
    let running: RunningServer
    let context: TLSServerContext
    let folder: AuthorityFolder
    let authority: LabAuthority
    let path: String
    let failures: Failures

    var ca: String { folder.certificatePath }

    func curl(_ arguments: String..., trusting: String? = nil) async throws -> (
      code: Int32, output: String, errors: String
    ) {
      try await runCurl(["--cacert", trusting ?? ca] + arguments + ["https://127.0.0.1:\(running.port)/"])
    }

    func openssl(_ arguments: String...) async throws -> String {
      let result = try await runProgram(
        "/usr/bin/openssl", ["s_client", "-connect", "127.0.0.1:\(running.port)", "-CAfile", ca] + arguments)
      return result.output + result.errors
    }

    /// Files of a certificate for a device, and their paths.
    func device(_ name: String, by other: LabAuthority? = nil) throws -> String {
      let file = "\(path)/\(UUID().uuidString).pem"
      let identity = try (other ?? authority).issue(forDevice: name, at: HTTPSServerTests.now)
      try Data(identity.pem().utf8).write(to: URL(filePath: file))
      return file
    }
  }

  final class Failures: Sendable {
    private let names = Mutex<[HandshakeFailure]>([])
    var all: [HandshakeFailure] { names.withLock { $0 } }
    func add(_ failure: HandshakeFailure) { names.withLock { $0.append(failure) } }
  }

  private func withLab(
    kind: CertificateKey.Kind = .ecdsa, limits: HTTPLimits = HTTPLimits(),
    clients: @Sendable (LabAuthority) -> TLSServerContext.Clients = { _ in .unasked },
    body: @Sendable (Lab) async throws -> Void
  ) async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "usher-tls-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let folder = AuthorityFolder(path, kind: kind)
    let authority = try folder.open(at: Self.now)
    let context = try TLSServerContext(
      TLSServerContext.Settings(
        try folder.identity(of: authority, for: Self.names, at: Self.now), clients: clients(authority)))
    let failures = Failures()
    try await withServer(limits: limits, tls: HTTPServer.TLS(context) { failures.add($1) }) { request in
      Response(
        .ok, text: "\(request.scheme) \(request.certificate.map { "\($0)" } ?? "-") \(request.body.count) ")
    } body: { running in
      try await body(
        Lab(
          running: running, context: context, folder: folder, authority: authority, path: path, failures: failures))
    }
  }

  @Test(arguments: CertificateKey.Kind.allCases)
  func `curl that trusts the CA is served over TLS 1.2 and 1.3, at the name and at the address`(
    kind: CertificateKey.Kind
  ) async throws {
    try await withLab(kind: kind) { lab in
      #expect(try await lab.curl("--tls-max", "1.2").output == "https - 0 ")
      #expect(try await lab.curl("--tlsv1.3").output == "https - 0 ")
      #expect(try await lab.curl("-d", String(repeating: "x", count: 100_000)).output == "https - 100000 ")
      let named = try await runCurl([
        "--cacert", lab.ca, "--resolve", "localhost:\(lab.running.port):127.0.0.1",
        "https://localhost:\(lab.running.port)/",
      ])
      #expect(named.output == "https - 0 ")
      // Both requests over one connection.
      let url = "https://127.0.0.1:\(lab.running.port)/"
      #expect(try await runCurl(["--cacert", lab.ca, url, url]).output == "https - 0 https - 0 ")
      #expect(lab.failures.all == [])
      #expect(await lab.running.reaches { $0.openConnections == 0 })
    }
  }

  @Test func `who does not trust the CA is counted as such`() async throws {
    try await withLab { lab in
      let other = AuthorityFolder(lab.path + "/", kind: .rsa)
      _ = try other.open(at: Self.now)
      for version in ["1.2", "1.3"] {
        #expect(try await lab.curl("--tls-max", version, trusting: other.certificatePath).code == 60)
      }
      #expect(await lab.running.reaches { $0.handshakeFailures == ["tls.failed.untrusted": 2] })
      #expect(lab.failures.all == [.untrusted(.unknownAuthority), .untrusted(.unknownAuthority)])
    }
  }

  @Test func `old versions and unknown ciphers are refused, old ciphers of TLS 1.2 are spoken`() async throws {
    try await withLab(kind: .rsa) { lab in
      #expect(try await lab.openssl("-tls1_1", "-cipher", "ALL@SECLEVEL=0").contains("no protocols") == false)
      #expect(await lab.running.reaches { $0.handshakeFailures["tls.failed.version"] == 1 })
      _ = try await lab.openssl("-tls1_2", "-cipher", "DHE-RSA-AES128-SHA")
      #expect(await lab.running.reaches { $0.handshakeFailures["tls.failed.cipher"] == 1 })
      for cipher in ["AES128-SHA", "AES256-SHA", "ECDHE-RSA-AES256-SHA", "AES128-GCM-SHA256"] {
        let session = try await lab.openssl("-tls1_2", "-cipher", cipher)
        #expect(session.contains("Cipher is \(cipher)") && session.contains("Verify return code: 0"), "\(session)")
      }
    }
    try await withLab { lab in
      // An RSA cipher does not go with a key on a curve: the operator is told what may help.
      _ = try await lab.openssl("-tls1_2", "-cipher", "AES128-SHA")
      #expect(await lab.running.reaches { $0.handshakeFailures["tls.failed.cipher"] == 1 })
      #expect(
        lab.failures.all.map(\.description) == [
          "it offers no cipher suite for the ACS's certificate; `acs.tls.key-type: rsa` may help"
        ])
    }
  }

  @Test func `plain HTTP to the TLS port is told so, and counted; so is what is neither`() async throws {
    try await withLab { lab in
      let told = try await runCurl(["-i", "-d", "x", "http://127.0.0.1:\(lab.running.port)/acs"])
      #expect(told.output.hasPrefix("HTTP/1.1 400 ") && told.output.hasSuffix("This port speaks TLS: use https.\n"))
      let raw = try RawClient(port: lab.running.port)
      raw.send("\u{0}\u{1}\u{2}")
      #expect(await raw.receive() == "")
      let silent = try RawClient(port: lab.running.port)
      silent.closeOutput()
      #expect(await silent.receive() == "")
      #expect(
        await lab.running.reaches {
          $0.handshakeFailures == ["tls.refused.plainHTTP": 1, "tls.refused.notTLS": 1, "tls.closed.left": 1]
        })
      #expect(await lab.running.reaches { $0.openConnections == 0 })
    }
  }

  /// So many clients that do not go on: half of them say nothing, half begin a handshake.
  private func stuckClients(_ count: Int, of lab: Lab) throws -> [RawClient] {
    try (0..<count).map { index in
      let client = try RawClient(port: lab.running.port)
      if index % 2 == 0 { client.send("\u{16}\u{3}\u{1}") }
      return client
    }
  }

  @Test func `slow handshakes hold nobody up`() async throws {
    var limits = HTTPLimits()
    limits.handshakeTimeout = .seconds(3600)
    try await withLab(limits: limits) { lab in
      let clients = try stuckClients(100, of: lab)
      #expect(await lab.running.reaches { $0.openConnections == 100 })
      for _ in 0..<3 { #expect(try await lab.curl().output == "https - 0 ") }
      #expect(await lab.running.reaches { $0.openConnections == 100 })
      #expect(lab.failures.all.isEmpty)
      withExtendedLifetime(clients) {}
    }
  }

  @Test func `slow handshakes end at their deadline, and not before`() async throws {
    let timeout = Duration.milliseconds(500)
    var limits = HTTPLimits()
    limits.handshakeTimeout = timeout
    try await withLab(limits: limits) { lab in
      let start = ContinuousClock.now
      let clients = try stuckClients(100, of: lab)
      #expect(await lab.running.reaches { !$0.handshakeFailures.isEmpty })
      #expect(ContinuousClock.now - start >= timeout)
      #expect(await lab.running.reaches { $0.handshakeFailures == ["tls.closed.slow": 100] })
      #expect(await lab.running.reaches { $0.openConnections == 0 })
      withExtendedLifetime(clients) {}
    }
  }

  /// Whatever the server would wait for takes an hour here.
  @Test(.timeLimit(.minutes(5)))
  func `a handshake that has only begun does not hold up the end of the server`() async throws {
    var limits = HTTPLimits()
    limits.handshakeTimeout = .seconds(3600)
    limits.shutdownGrace = .seconds(3600)
    let held = Mutex<[RawClient]>([])
    try await withLab(limits: limits) { lab in
      let clients = try stuckClients(2, of: lab)
      held.withLock { $0 = clients }
      #expect(await lab.running.reaches { $0.openConnections == 2 })
      #expect(try await lab.curl().output == "https - 0 ")
    }
    for client in held.withLock({ $0 }) { #expect(await client.receive() == "") }
  }

  @Test func `an optional certificate says who the client is, and a bad one ends the handshake`() async throws {
    try await withLab(clients: { $0.chain.map { .optional(signedBy: $0) } ?? .unasked }) { lab in
      #expect(try await lab.curl().output == "https - 0 ")
      let good = try lab.device("000FE2-MSR36-20-210235A1B2C3")
      for version in ["1.2", "1.3"] {
        #expect(
          try await lab.curl("--cert", good, "--tls-max", version).output == "https 000FE2-MSR36-20-210235A1B2C3 0 ")
      }
      let stranger = try AuthorityFolder(lab.path, kind: .rsa).open(at: Self.now)
      let bad = try lab.device("000FE2-MSR36-20-210235A1B2C3", by: stranger)
      #expect(try await lab.curl("--cert", bad).code != 0)
      #expect(await lab.running.reaches { $0.handshakeFailures == ["tls.failed.clientCertificate": 1] })
    }
  }

  @Test func `a required certificate is required, and sessions resume with it`() async throws {
    try await withLab(clients: { $0.chain.map { .required(signedBy: $0) } ?? .unasked }) { lab in
      for version in ["1.2", "1.3"] { #expect(try await lab.curl("--tls-max", version).code != 0) }
      #expect(await lab.running.reaches { $0.handshakeFailures == ["tls.failed.noClientCertificate": 2] })
      let good = try lab.device("SERIAL1")
      #expect(try await lab.curl("--cert", good).output == "https SERIAL1 0 ")
      let session = "\(lab.path)/session"
      for version in ["-tls1_2", "-tls1_3"] {
        try? FileManager.default.removeItem(atPath: session)
        let request = "printf 'GET / HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n'; sleep 0.5"
        let client =
          "openssl s_client -connect 127.0.0.1:\(lab.running.port) -CAfile \(lab.ca) -cert \(good) -key \(good) \(version)"
        for (option, word) in [("-sess_out", "New"), ("-sess_in", "Reused")] {
          let result = try await runProgram(
            "/bin/sh", ["-c", "(\(request)) | \(client) -ign_eof \(option) \(session)"])
          #expect(result.output.contains("\(word), TLSv1"), "\(version) \(option): \(result)")
          #expect(result.output.contains("https SERIAL1 0 "), "\(version) \(option): \(result)")
        }
      }
    }
  }

  @Test func `a new certificate is shown to new connections, and the open ones go on`() async throws {
    var limits = HTTPLimits()
    limits.idleTimeout = .seconds(3600)
    try await withLab(limits: limits) { lab in
      // Its second request goes out once the certificate has been replaced, or after ten minutes.
      let gate = "\(lab.path)/gate"
      let wait = "for i in $(seq 6000); do [ -e \(gate) ] && break; sleep 0.1; done"
      let shell = """
        (printf 'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n'; \(wait); \
        printf 'GET / HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n') \
        | openssl s_client -quiet -connect 127.0.0.1:\(lab.running.port) -CAfile \(lab.ca)
        """
      async let open = runProgram("/bin/sh", ["-c", shell])
      #expect(await lab.running.reaches { $0.requests == 1 })
      let names = ServerNames(hosts: ["another.example"], addresses: [])
      try lab.context.replace(
        TLSServerContext.Settings(lab.folder.identity(of: lab.authority, for: names, at: Self.now)))
      #expect(try await lab.openssl("-verify_hostname", "another.example").contains("Verify return code: 0 (ok)"))
      #expect(try await lab.curl().code == 60)
      try Data().write(to: URL(filePath: gate))
      #expect(try await open.output.split(separator: "https - 0 ").count == 2)
    }
  }
}
