import Foundation
import Net
import TFTP
import Testing
import Transport

/// The files of a folder, as clients that others wrote fetch them.
struct FileServerTests {
  private static let configuration = """
    tftp: {folder: files}
    subnets:
      - subnet: 192.0.2.0/24
        pool: 192.0.2.100-192.0.2.199
        reservations:
          - {mac: "\(Lab.hardware(0))", address: 192.0.2.20, hostname: branch-7}
    """
  private static let text = "line\nline\r\nreturn\rend"

  /// A lab whose first client has its address, and a daemon that serves the folder `files`.
  private static func with(_ body: (Lab, Daemon, URL) async throws -> Void) async throws {
    try await Lab.with { lab in
      let files = lab.folder.appending(path: "files")
      try FileManager.default.createDirectory(
        at: files.appending(path: "firmware"), withIntermediateDirectories: true)
      try text.write(to: files.appending(path: "text.cfg"), atomically: true, encoding: .utf8)
      let daemon = try await Daemon(in: lab, configuration: configuration)
      #expect(try await HandSession.boot(in: lab) == "192.0.2.20")
      try await body(lab, daemon, files)
      #expect(daemon.program.isRunning)
      try await daemon.stop()
    }
  }

  private static func noise(_ count: Int, to file: URL) throws {
    var state: UInt64 = 7
    let bytes = (0..<count).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    try Data(bytes).write(to: file)
  }

  @Test func `tftp, curl and busybox fetch files in octet and netascii, from subfolders, and are told the size`()
    async throws
  {
    try await Self.with { lab, daemon, files in
      let image = files.appending(path: "firmware/image.bin")
      try Self.noise(300_001, to: image)
      let copy = lab.folder.appending(path: "copy").path

      try await run(
        "tftp", "-m", "binary", "192.0.2.1", "-c", "get", "/firmware/image.bin", copy, in: lab.client())
      #expect(FileManager.default.contentsEqual(atPath: copy, andPath: image.path))
      let large = try await run(
        "curl", "-sS", "-v", "--tftp-blksize", "1468", "-o", copy, "tftp://192.0.2.1/firmware/image.bin",
        in: lab.client())
      #expect(FileManager.default.contentsEqual(atPath: copy, andPath: image.path), "\(large.errors)")
      #expect(large.errors.contains("got option=(tsize) value=(300001)"), "\(large.errors)")
      #expect(large.errors.contains("blksize parsed from OACK (1468)"))
      for size in ["8000", "1468", "512"] {
        let box = try await run(
          "busybox", "tftp", "-b", size, "-g", "-r", "firmware/image.bin", "-l", copy, "192.0.2.1", in: lab.client())
        #expect(FileManager.default.contentsEqual(atPath: copy, andPath: image.path), "\(box.errors)")
      }

      // tftp turns the lines into its own, curl leaves them as they came.
      try await run("tftp", "-m", "ascii", "192.0.2.1", "-c", "get", "text.cfg", copy, in: lab.client())
      #expect(try String(contentsOfFile: copy, encoding: .utf8) == "line\nline\nreturn\rend")
      let raw = try await run("curl", "-sS", "tftp://192.0.2.1/text.cfg;mode=netascii", in: lab.client())
      #expect(raw.output == "line\r\nline\r\nreturn\r\0end")
      #expect(try await daemon.counter("tftp.finished") == 7)

      let huge = files.appending(path: "huge.bin")
      try Data().write(to: huge)
      truncate(huge.path, 5 << 30)
      let begun = try await run(
        "curl", "-sS", "-v", "--max-time", "1", "-o", "/dev/null", "tftp://192.0.2.1/huge.bin", in: lab.client())
      #expect(begun.errors.contains("tsize parsed from OACK (5368709120)"), "\(begun.errors)")
    }
  }

  @Test func `a window of blocks goes out for each acknowledgment`() async throws {
    try await Self.with { lab, _, files in
      let image = files.appending(path: "image.bin")
      try Self.noise(1_000_000, to: image)
      let whole = [UInt8](try Data(contentsOf: image))
      for windowSize in [2, 8, 32] {
        let (content, options) = try TFTPByHand(in: lab.client())
          .read("image.bin", windowSize: windowSize, blockSize: 1000)
        #expect(content == whole)
        #expect(
          options == [
            Option("blksize", 1000), Option("tsize", 1_000_000), Option("timeout", 2),
            Option("windowsize", windowSize),
          ])
      }
    }
  }

  @Test func `there is no way out of the folder, and what is no file is refused with its reason`() async throws {
    try await Self.with { lab, daemon, files in
      try "secret".write(to: lab.folder.appending(path: "secret"), atomically: true, encoding: .utf8)
      for (link, target) in [("link", "../secret"), ("root", "/"), ("here", ".")] {
        try FileManager.default.createSymbolicLink(
          atPath: files.appending(path: link).path, withDestinationPath: target)
      }
      mkfifo(files.appending(path: "pipe").path, 0o644)
      let client = try TFTPByHand(in: lab.client())
      let notFound = ErrorCode.fileNotFound
      let noAccess = ErrorCode.accessViolation
      let cases: [(String, ErrorCode)] = [
        ("../secret", noAccess), ("firmware/../../secret", noAccess), ("/../secret", noAccess), ("..", noAccess),
        ("firmware/..", noAccess), (#"..\secret"#, noAccess), ("./secret", noAccess), ("link", noAccess),
        ("root/etc/passwd", noAccess), ("here/text.cfg", noAccess), ("firmware", noAccess), ("pipe", noAccess),
        ("/etc/passwd", notFound), ("//etc/passwd", notFound), ("%2e%2e/secret", notFound),
        ("..%2fsecret", notFound), ("text.cfg%00", notFound), ("text.cfg/", noAccess), ("text.cfg/x", notFound),
      ]
      for (name, code) in cases {
        try client.send(.readRequest(Request(fileName: name)))
        guard case .error(code, _)? = try client.receive()?.packet else {
          Issue.record("\(name) is not refused with code \(code.rawValue)")
          continue
        }
      }
      #expect(try await daemon.counter("tftp.refused.unreadable") == 5)
      #expect(try await daemon.counter("tftp.refused.noSuchFile") == 6)
      #expect(try await daemon.counter("tftp.accepted") == 0)
    }
  }

  @Test func `a file that is cut or written to while it is sent ends with an ERROR`() async throws {
    try await Self.with { lab, daemon, files in
      let file = files.appending(path: "file").path
      for size in [100 as off_t, 5000] {
        try Self.noise(2000, to: URL(filePath: file))
        let client = try TFTPByHand(in: lab.client())
        try client.send(.readRequest(Request(fileName: "file")))
        var answer = try #require(try client.receive())
        truncate(file, size)
        while case .data(let block, _) = answer.packet {
          try client.send(.acknowledgment(block: block), to: answer.source)
          answer = try #require(try client.receive())
        }
        #expect(answer.packet == .error(.notDefined, message: "the file changed while it was sent"))
      }
      #expect(try await daemon.counter("tftp.failed.contentChanged") == 2)
    }
  }

  @Test func `200 transfers go on at once, and one address has no more than its share`() async throws {
    try await Self.with { lab, daemon, files in
      try Self.noise(200_000, to: files.appending(path: "image.bin"))
      let hosts = (50..<58).map { "192.0.2.\($0)" }
      for host in hosts { try await run("ip", "address", "add", "\(host)/24", "dev", "eth0", in: lab.client()) }
      let begin = ContinuousClock.now
      let clients = try hosts.map { host in
        let transfers = (0..<25).map { number in
          "url = tftp://192.0.2.1/image.bin\noutput = \(lab.folder.path)/\(host)-\(number)"
        }
        let file = try lab.write(transfers.joined(separator: "\n"), to: "\(host).curl")
        return try Program(
          ["curl", "-sS", "-Z", "--parallel-max", "25", "--interface", host, "-K", file], in: lab.client())
      }
      for client in clients {
        let result = try await client.result()
        #expect(result.status == 0, "\(result.errors)")
      }
      #expect(ContinuousClock.now - begin < .seconds(20))
      for host in hosts {
        for number in 0..<25 {
          let copy = lab.folder.appending(path: "\(host)-\(number)").path
          #expect(
            FileManager.default.contentsEqual(atPath: copy, andPath: files.appending(path: "image.bin").path),
            "\(copy)")
        }
      }
      #expect(try await daemon.counter("tftp.finished") == 200)

      let address = try #require(IPv4Address("192.0.2.60"))
      try await run("ip", "address", "add", "\(address)/24", "dev", "eth0", in: lab.client())
      let idle = try (0..<33).map { _ in try TFTPByHand(in: lab.client(), at: address) }
      for client in idle { try client.send(.readRequest(Request(fileName: "image.bin"))) }
      let answers = try idle.map { try #require(try $0.receive()).packet }
      let isData = answers.map { if case .data = $0 { true } else { false } }
      #expect(isData == Array(repeating: true, count: 32) + [false])
      #expect(
        answers.last
          == .error(.notDefined, message: "32 transfers to this address are under way, which is the limit"))
      let other = try await run("curl", "-sS", "tftp://192.0.2.1/text.cfg", in: lab.client())
      #expect(other.output == Self.text)
    }
  }

  @Test func `a large file is sent without being held, and one of more than 65,535 blocks passes a bad cable`()
    async throws
  {
    try await Self.with { lab, daemon, files in
      let large = files.appending(path: "large.bin").path
      // In ten times its size, holding it would show.
      try Data("begin".utf8).write(to: URL(filePath: large))
      truncate(large, 300_000_000)
      // Not a power of two: what is sent from 65,536 blocks away must differ.
      try Self.noise(1_000_003, to: files.appending(path: "noise"))
      let wrapping = files.appending(path: "wrapping.bin").path
      try await run("sh", "-c", "for i in $(seq 34); do cat \(files.path)/noise; done >\(wrapping)")
      let address = try #require(IPv4Address("192.0.2.50"))
      try await run("ip", "address", "add", "\(address)/24", "dev", "eth0", in: lab.client())
      let copy = lab.folder.appending(path: "copy").path
      let path = try LossyPath(at: address, in: lab.client(), to: TFTPByHand.server, losingEvery: 30_011)

      let before = try Self.peakMemory(of: daemon)
      let wholly = try Program(
        ["sh", "-c", "curl -sS --tftp-blksize 1468 tftp://192.0.2.1/large.bin | cmp - \(large)"], in: lab.client())
      // Without options: curl asks for a timeout of several seconds.
      let lossy = try Program(
        ["tftp", "-m", "binary", "\(address)", "-c", "get", "wrapping.bin", copy], in: lab.client())
      for program in [lossy, wholly] {
        let result = try await program.result(within: 60)
        #expect(
          result.status == 0 && result.errors.isEmpty && result.output.isEmpty, "\(result.output)\(result.errors)")
      }
      #expect(FileManager.default.contentsEqual(atPath: copy, andPath: wrapping))
      let growth = try Self.peakMemory(of: daemon) - before
      #expect(growth < 10_000, "\(growth) KB")
      #expect(try await daemon.counter("tftp.finished") == 2)
      withExtendedLifetime(path) {}
    }
  }

  /// VmHWM, in KB.
  private static func peakMemory(of daemon: Daemon) throws -> Int {
    // The program is `ip netns exec`, which became the daemon.
    let status = try String(contentsOfFile: "/proc/\(daemon.program.pid)/status", encoding: .utf8)
    return try #require(status.firstMatch(of: #/VmHWM:\s+(\d+) kB/#).flatMap { Int($0.1) })
  }

  @Test func `a router finds its name and its configuration as Comware looks for them, also by broadcast`()
    async throws
  {
    try await Self.with { lab, daemon, files in
      let names = try await run("curl", "-sS", "tftp://192.0.2.1/network.cfg", in: lab.client())
      #expect(names.output == "ip host branch-7 192.0.2.20\n")
      let device = try await run("curl", "-sS", "tftp://192.0.2.1/device.cfg", in: lab.client()).output
      #expect(device.contains("cwmp enable"))
      for name in ["branch-7.cfg", "branch-7.usher.internal.cfg"] {
        #expect(try await run("curl", "-sS", "tftp://192.0.2.1/\(name)", in: lab.client()).output == device)
      }
      // Another router's is not there, which is said at once: no second request was needed.
      let refused = try await daemon.counter("tftp.refused.noSuchFile")
      #expect(try await run("curl", "-sS", "tftp://192.0.2.1/branch-8.cfg", in: lab.client()).status == 68)
      #expect(try await daemon.counter("tftp.refused.noSuchFile") == refused + 1)
      let journey = try await daemon.journey(of: Lab.hardware(0), within: 5) { $0.count("bootFileFailed") == 1 }
      #expect(journey.reached == ["discovered", "leased", "boot file fetched"])
      #expect(journey.count("bootFileFetched") == 3)

      let client = try TFTPByHand(in: lab.client(), at: try #require(IPv4Address("192.0.2.20")))
      try await run("ip", "route", "add", "255.255.255.255", "dev", "eth0", in: lab.client())
      let everyone = Endpoint(.broadcast, port: 69)
      try client.send(.readRequest(Request(fileName: "branch-8.cfg")), to: everyone)
      #expect(try client.receive(within: 300) == nil)
      try client.send(.readRequest(Request(fileName: "device.cfg")), to: everyone)
      let answer = try #require(try client.receive())
      #expect(answer.source.address == TFTPByHand.server.address)
      #expect(answer.packet == .data(block: 1, Array(device.utf8.prefix(512))))
      if case .data(let block, _) = answer.packet { try client.send(.acknowledgment(block: block), to: answer.source) }

      // What lies in the folder goes before what is made, and firmware is no step of the journey.
      try "sysname laid\n".write(to: files.appending(path: "device.cfg"), atomically: true, encoding: .utf8)
      #expect(
        try await run("curl", "-sS", "tftp://192.0.2.1/device.cfg", in: lab.client()).output == "sysname laid\n")
      try await run("curl", "-sS", "tftp://192.0.2.1/text.cfg", in: lab.client())
      let later = try await daemon.journey(of: Lab.hardware(0), within: 5) { $0.count("bootFileFetched") >= 4 }
      #expect(!later.events.contains { $0.text.contains("text.cfg") })
    }
  }

  @Test func `a router that DHCP tells of no file finds its own by its host name, and is provisioned`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(
        in: lab,
        configuration: """
          subnets:
            - subnet: 192.0.2.0/24
              pool: 192.0.2.100-192.0.2.199
              boot-file: none
              reservations:
                - {mac: "\(Lab.hardware(0))", address: 192.0.2.20, hostname: branch-7}
          """)
      let router = try lab.router(ProvisioningTests.serial)
      let journey = try await daemon.journey(of: ProvisioningTests.serial, within: 20) {
        $0.router.standing == "provisioned"
      }
      #expect(journey.reached.contains("boot file fetched") && journey.reached.contains("provisioned"))
      #expect(router.output.contains("Obtained no configuration file name and no TFTP server name."))
      #expect(router.output.contains("Successfully downloaded file network.cfg."))
      #expect(router.output.contains("Successfully downloaded file branch-7.cfg."), "\(router.output)")
      #expect(
        journey.events.contains { $0.text.hasPrefix("fetched boot file \"branch-7.cfg\" by tftp") })
      try await router.stop()
      try await daemon.stop()
    }
  }

  @Test func `a folder that is taken away is told, what is made is served on, and a reload takes another`() async throws
  {
    try await Self.with { lab, daemon, files in
      let other = lab.folder.appending(path: "other")
      try FileManager.default.moveItem(at: files, to: other)
      #expect(try await daemon.problems() == ["no file of tftp.folder is served: \(files.path) does not exist"])
      #expect(try await run("curl", "-sS", "tftp://192.0.2.1/text.cfg", in: lab.client()).status == 68)
      let device = try await run("curl", "-sS", "tftp://192.0.2.1/device.cfg", in: lab.client())
      #expect(device.output.contains("cwmp enable"))

      _ = try lab.write(Self.configuration.replacing("folder: files", with: "folder: other"), to: "usher.yaml")
      #expect(try await daemon.usher("reload").status == 0)
      #expect(try await run("curl", "-sS", "tftp://192.0.2.1/text.cfg", in: lab.client()).output == Self.text)
      #expect(try await daemon.problems() == [])
    }
  }

  @Test func `a folder that is not there is told before the start`() async throws {
    try await Lab.with { lab in
      let file = try lab.write("tftp:\n  folder: none\n", to: "usher.yaml")
      let check = try await run(try Daemon.binary, "check", file)
      #expect(check.status != 0)
      #expect("\(check.output)\(check.errors)".contains("none does not exist"), "\(check.output)\(check.errors)")
    }
  }
}
