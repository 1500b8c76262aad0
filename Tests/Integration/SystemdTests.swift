import Foundation
import Testing

/// The unit file as systemd reads it, and what the daemon tells its service manager.
struct SystemdTests {
  private static let unit = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Systemd/usher.service")

  @Test func `systemd finds nothing to say about the unit, and rates its exposure 2.0 or lower`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "unit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = try String(contentsOf: Self.unit, encoding: .utf8)
    #expect(text.contains("ExecStart=/usr/bin/usher ") && text.contains("ExecReload=/usr/bin/usher "))
    let copy = folder.appending(path: "usher.service")
    try text.replacing("/usr/bin/usher", with: try Daemon.binary).write(to: copy, atomically: true, encoding: .utf8)

    // It ends with 0 also where it does not know a key: only its silence is a yes.
    let verdict = try await run("systemd-analyze", "verify", copy.path)
    #expect(verdict.status == 0 && verdict.errors.isEmpty, "\(verdict.errors)")

    let rating = try await run("systemd-analyze", "security", "--offline=true", "--no-pager", copy.path)
    let line = rating.output.firstMatch(of: #/Overall exposure level for usher\.service: (\d+\.\d+)/#)
    let exposure = try #require(line.flatMap { Double($0.1) }, "\(rating.output)\(rating.errors)")
    #expect(exposure <= 2.0)
  }

  @Test func `the service manager hears that the daemon serves, that it lives, and that it stops`() async throws {
    try await Lab.with { lab in
      let manager = try NotifySocket(at: lab.folder.appending(path: "notify").path)
      let daemon = try await Daemon(
        in: lab, configuration: RealClientTests.configuration,
        environment: ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "2000000"])

      #expect(try await eventually(within: 30) { manager.messages.contains { $0.hasPrefix("READY=1\n") } })
      #expect(manager.messages.first == "READY=1\nSTATUS=serving \(Lab.port) 192.0.2.1/24")
      // Half of the two seconds that the manager waits: three signs of life within four.
      #expect(
        try await eventually(within: 30) { manager.messages.count { $0 == "WATCHDOG=1" } >= 3 },
        "\(manager.messages)")
      #expect(!manager.messages.contains("STOPPING=1"))

      daemon.program.signal(SIGTERM)
      #expect(try await daemon.program.result(within: 5).status == 0, "\(daemon.program.errors)")
      #expect(manager.messages.last == "STOPPING=1", "\(manager.messages)")
    }
  }

  @Test func `once the daemon says that it is ready, all that it serves answers`() async throws {
    try await Lab.with { lab in
      let manager = try NotifySocket(at: lab.folder.appending(path: "notify").path)
      try await run("ip", "address", "add", "192.0.2.50/24", "dev", "eth0", in: lab.client())
      let file = try lab.write(RealClientTests.configuration, to: "usher.yaml")
      let control = lab.folder.appending(path: "control").path
      let words = ["--interface", Lab.port, "--state", lab.folder.path, "--control", control, "--config", file]
      let daemon = try Program(
        [try Daemon.binary, "serve"] + words, in: lab.appliance, environment: ["NOTIFY_SOCKET": manager.path])
      #expect(try await eventually(within: 30) { !manager.messages.isEmpty }, "\(daemon.errors)")

      let web = try await run("curl", "-sS", "http://192.0.2.1:7547/", in: lab.client())
      #expect(web.status == 0, "\(web.errors)")
      let name = try await run("dig", "@192.0.2.1", "+tries=1", "+short", "acs.usher.internal", in: lab.client())
      #expect(name.output == "192.0.2.1\n")
      let status = try await Program([try Daemon.binary, "status", "--control", control]).result()
      #expect(status.status == 0, "\(status.errors)")
      try await daemon.stop()
    }
  }
}

extension SystemdTests {
  private static let repository = unit.deletingLastPathComponent().deletingLastPathComponent()

  /// What the README has a person type to keep Usher under systemd, without the last line, which starts the service.
  private static var installation: [String] {
    get throws {
      let readme = try String(contentsOf: repository.appending(path: "README.md"), encoding: .utf8)
      let block = readme.split(separator: "```").first { $0.contains("systemctl enable") }
      let lines = try #require(block).split(separator: "\n").map(String.init)
      try #require(lines.last == "systemctl enable --now usher" && lines.count > 3)
      return lines.dropLast()
    }
  }

  /// What the unit says of a key.
  private static func setting(_ key: String) throws -> String {
    let lines = try String(contentsOf: unit, encoding: .utf8).split(separator: "\n")
    return String(try #require(lines.first { $0.hasPrefix("\(key)=") }).dropFirst(key.count + 1))
  }

  @Test func `the README's complete example starts as the unit's user, with its capabilities alone`() async throws {
    try await Lab.with { lab in
      func capabilities(_ key: String) throws -> String {
        try Self.setting(key).split(separator: " ").map { "+\($0.dropFirst(4).lowercased())" }.joined(separator: ",")
      }
      let user = try Self.setting("User")
      let installation = try Self.installation.joined(separator: "\n")
        .replacing(".build/release/usher", with: try Daemon.binary)
      // The machine's own folders stay as they are: what is installed goes into layers that end with the namespace.
      let script = """
        set -e
        mount -t tmpfs tmpfs "$LAB"
        for folder in /etc /usr /var/lib; do
          mkdir -p "$LAB$folder/upper" "$LAB$folder/work"
          mount -t overlay overlay -o "lowerdir=$folder,upperdir=$LAB$folder/upper,workdir=$LAB$folder/work" "$folder"
        done
        mkdir -p /run/usher && mount -t tmpfs tmpfs /run/usher
        umask 077
        \(installation)
        sed -i 's/^interfaces: .*/interfaces: [\(Lab.port)]/' /etc/usher/usher.yaml
        install -d -o \(user) -g \(user) -m 700 /var/lib/usher && chown \(user): /run/usher
        as_user="setpriv --reuid=\(user) --regid=\(user) --clear-groups --no-new-privs"
        as_user="$as_user --inh-caps=-all,\(try capabilities("AmbientCapabilities"))"
        as_user="$as_user --ambient-caps=-all,\(try capabilities("AmbientCapabilities"))"
        as_user="$as_user --bounding-set=-all,\(try capabilities("CapabilityBoundingSet"))"
        $as_user /usr/bin/usher check /etc/usher/usher.yaml
        $as_user \(try Self.setting("ExecStart")) 2>&1 &
        daemon=$!
        for try in $(seq 150); do
          kill -0 $daemon
          ! /usr/bin/usher status --json 2>/dev/null || break
          sleep 0.2
        done
        grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs)' /proc/$daemon/status
        $as_user /usr/bin/usher reload
        kill $daemon && wait $daemon && echo it ended well
        """
      let result = try await Program(
        ["unshare", "--mount", "sh", "-c", "cd \(Self.repository.path) && \(script)"], in: lab.appliance,
        environment: ["LAB": lab.folder.path]
      ).result(within: 90)
      #expect(result.status == 0, "\(result.output)\(result.errors)")
      #expect(result.output.contains("/etc/usher/usher.yaml is right."), "\(result.output)")
      #expect(result.output.contains("\"subnet\" : \"192.0.2.0/24\""), "\(result.output)")
      #expect(result.output.contains("CapEff:\t0000000000002400"), "\(result.output)")
      #expect(result.output.hasSuffix("it ended well\n"), "\(result.output)\(result.errors)")
    }
  }
}

/// A Unix datagram socket in the place of the service manager's.
private final class NotifySocket: Sendable {
  let path: String
  private let descriptor: CInt
  private let received = Received()

  private final class Received: @unchecked Sendable {
    private let lock = NSLock()
    private var messages: [String] = []

    /// Those so far, with what `more` has.
    func append(_ more: () -> String?) -> [String] {
      lock.withLock {
        while let message = more() { messages.append(message) }
        return messages
      }
    }
  }

  init(at path: String) throws {
    self.path = path
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
    let result = withUnsafePointer(to: name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(result == 0, "\(path): \(String(cString: strerror(errno)))")
  }

  deinit {
    close(descriptor)
  }

  /// The messages so far, oldest first.
  var messages: [String] {
    received.append { [descriptor] in
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
  }
}
