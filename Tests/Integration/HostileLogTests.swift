import Foundation
import Testing
import Transport

/// Whoever floods the log with refusals, and whoever ought to read it and does not, hold up nobody.
@Suite(.serialized)
struct HostileLogTests {
  private static let configuration = HostileConfiguration.login
  /// Nobody logs in, so that all that is sent is read.
  private static let open = HostileConfiguration.withoutLogin

  /// A pipe of the file system that a daemon's log goes into.
  private final class LogPipe: Sendable {
    let path: String
    /// Kept open, so that the writer has a reader, who takes nothing.
    private let descriptor: CInt

    init(in lab: Lab) throws {
      path = lab.folder.appending(path: "log").path
      guard mkfifo(path, 0o600) == 0 else { throw POSIXError(.EIO) }
      descriptor = Glibc.open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { throw POSIXError(.EIO) }
    }

    deinit { close(descriptor) }

    /// All that is in it now.
    func read() -> String {
      var text: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return String(decoding: text, as: UTF8.self) }
        text += buffer.prefix(count)
      }
    }
  }

  @Test func `a log that nobody reads holds up neither DHCP, nor the ACS, nor the command line, nor the end`()
    async throws
  {
    try await Lab.with { lab in
      let pipe = try LogPipe(in: lab)
      // All that happens is written, so that the pipe and what waits for it are soon full.
      let words = [
        try Daemon.binary, "serve", "--interface", Lab.port, "--state", lab.folder.path, "--control",
        lab.folder.appending(path: "control").path, "--config", try lab.write(Self.open, to: "usher.yaml"),
        "--log-level", "debug",
      ]
      let quoted = words.map { "'\($0)'" }.joined(separator: " ")
      let program = try Program(["sh", "-c", "exec \(quoted) 2>'\(pipe.path)'"], in: lab.appliance)
      let control = lab.folder.appending(path: "control").path
      func usher(_ words: String...) async throws -> Program.Result {
        try await Program([try Daemon.binary] + words + ["--control", control]).result(within: 5)
      }
      #expect(try await eventually(within: 30) { try await usher("status").status == 0 })

      try await HandSession.boot(in: lab)
      let urls = Array(repeating: HandSession.url, count: 1000)
      // Each is refused, and its odd charset told.
      for _ in 0..<12 {
        let words = [
          "curl", "-s", "--max-time", "20", "-H",
          "Content-Type: text/xml; charset=\"\(String(repeating: "x", count: 900))\"", "-d", "<a>",
        ]
        let flood = try await Program(words + urls.flatMap { ["-o", "/dev/null", $0] }, in: lab.client())
          .result(within: 60)
        #expect(flood.status == 0)
      }
      // Its lease is renewed, its session held, the operator answered.
      try await HandSession.boot(in: lab)
      let session = HandSession(lab: lab)
      let answer = try await session.post(
        session.inform(id: "1", serial: "UNREAD", events: [("0 BOOTSTRAP", "")]))
      #expect(answer.status == 200)
      #expect(try await usher("devices").output.contains("UNREAD"))
      program.signal(SIGTERM)
      #expect(try await program.result(within: 10).status == 0)
      let log = pipe.read()
      #expect(log.utf8.count > 32_000, "the log was never full")
    }
  }

  @Test func `20,000 requests that are refused are some lines of the log, and how many more is told`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration, environment: Daemon.measuringTurns)
      try await HandSession.boot(in: lab)
      let lines = (1...40).map { "ip -n \(lab.client()) address add 192.0.2.\(200 + $0)/24 dev eth0" }
      let roads = try await run("sh", "-exc", lines.joined(separator: "\n"))
      try #require(roads.status == 0, "\(roads.errors)")
      // Of several kinds, from forty addresses: no login, no HTTP, no method, a wrong login, a path that is none.
      let script = try lab.write(Self.flood, to: "flood.py")
      let flood = try await run("python3", script, in: lab.client(), within: 60)
      #expect(flood.status == 0, "\(flood.errors)")
      let sent = Int(flood.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
      #expect(sent >= 20_000)
      let start = ContinuousClock.now
      #expect(try await daemon.usher("status").status == 0)
      #expect(ContinuousClock.now - start < .seconds(1))
      try await daemon.expectShortTurns(of: "http")
      try await daemon.stop()
      let written = daemon.program.errors.split(separator: "\n")
      print("  \(sent) requests, \(written.count) lines")
      #expect(written.count < 2000)
      #expect(written.contains { $0.contains(" more within a minute") })
    }
  }

  private static let flood = #"""
    import socket
    kinds = [
        b"POST /acs HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nAuthorization: Digest username=\"m%d\", realm=\"usher\", nonce=\"n\", uri=\"/acs\", response=\"0\"\r\n\r\n<a>",
        b"POST /acs HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nAuthorization: Basic bWFsbG9yeTpn%d\r\n\r\n<a>",
        b"GET /none/%d HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x01\x02%d\r\n\r\n",
    ]
    sent = 0
    for turn in range(130):
        for address in range(201, 241):
            connection = socket.socket()
            connection.settimeout(10)
            connection.bind((f"192.0.2.{address}", 0))
            connection.connect(("192.0.2.1", 7547))
            connection.sendall(b"".join(kind % sent for kind in kinds))
            sent += 4
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536): pass
            connection.close()
    print(sent)
    """#
}
