import Foundation
import TFTP
import Testing

/// The boot file as clients that others wrote fetch it, after they got their address from the same appliance.
struct BootFileTests {
  @Test func `tftp, curl over TFTP and curl over HTTP fetch a file that enables CWMP, and the journey tells it`()
    async throws
  {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      try await HandSession.boot(in: lab)

      let copy = lab.folder.appending(path: "copy.cfg")
      let plain = try await run(
        "tftp", "-m", "binary", "192.0.2.1", "-c", "get", "device.cfg", copy.path, in: lab.client())
      #expect(plain.status == 0 && plain.output.isEmpty, "\(plain.output)\(plain.errors)")
      let file = try String(contentsOf: copy, encoding: .utf8)
      let lines = file.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(lines.contains("cwmp enable") && lines.last == "return")

      let large = try await run(
        "curl", "-sS", "-v", "--tftp-blksize", "1024", "tftp://192.0.2.1/device.cfg", in: lab.client())
      #expect(large.output == file)
      #expect(large.errors.contains("got option=(tsize) value=(\(file.utf8.count))"), "\(large.errors)")
      #expect(large.errors.contains("blksize parsed from OACK (1024)"))

      let web = try await run("curl", "-sS", "http://192.0.2.1:7547/boot/device.cfg", in: lab.client())
      #expect(web.output == file)

      let journey = try await daemon.journey(of: Lab.hardware(0), within: 5) { $0.count("bootFileFetched") == 2 }
      #expect(journey.reached == ["discovered", "leased", "boot file fetched"])
      let fetched = journey.events.filter { $0.event == "bootFileFetched" }.map(\.text)
      // What comes again at once is told once.
      #expect(
        fetched == ["tftp", "http"].map { "fetched boot file \"device.cfg\" by \($0), \(file.utf8.count) bytes" })
      #expect(try await daemon.counter("tftp.finished") == 2)
      try await daemon.stop()
    }
  }

  @Test(arguments: [
    ("../etc/passwd", "tftp.refused.fileName.part"), ("/etc/passwd", "tftp.refused.noSuchFile"),
    ("..", "tftp.refused.fileName.part"), ("unknown.cfg", "tftp.refused.noSuchFile"),
    (#"..\device.cfg"#, "tftp.refused.fileName.backslash"),
  ])
  func `a file outside of what is served is refused over TFTP and HTTP`(name: String, counter: String) async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      try await HandSession.boot(in: lab)

      // tftp takes everything before a colon for a host, and nothing else out of a name.
      let copy = lab.folder.appending(path: "copy").path
      let transfer = try await run(
        "tftp", "-m", "binary", "192.0.2.1", "-c", "get", name, copy, in: lab.client())
      #expect(transfer.output.contains("Error code"), "\(transfer.output)\(transfer.errors)")
      #expect(try Data(contentsOf: URL(filePath: copy)).isEmpty)
      #expect(try await daemon.counter(counter) == 1)
      let journey = try await daemon.journey(of: Lab.hardware(0), within: 5) { $0.count("bootFileFailed") == 1 }
      #expect(journey.count("bootFileFailed") == 1 && journey.count("bootFileFetched") == 0)

      for path in [name, name.replacing("/", with: "%2f").replacing(".", with: "%2e")] {
        let answer = try await run(
          "curl", "-sS", "--path-as-is", "--globoff", "--write-out", "\n%{http_code}",
          "http://192.0.2.1:7547/boot/\(path)", in: lab.client())
        #expect(answer.output.hasSuffix("\n404"), "\(answer.output)\(answer.errors)")
        #expect(!answer.output.contains("root:"))
      }
      #expect(try await daemon.counter("http.notFound") == 2)
      try await daemon.stop()
    }
  }

  @Test func `a write is refused, and the file stays as it was`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      try await HandSession.boot(in: lab)
      let before = try await run("curl", "-sS", "tftp://192.0.2.1/device.cfg", in: lab.client()).output
      #expect(!before.isEmpty)

      let other = try lab.write("undo cwmp enable\n", to: "other.cfg")
      let transfer = try await run(
        "tftp", "-m", "binary", "192.0.2.1", "-c", "put", other, "device.cfg", in: lab.client())
      #expect(transfer.output.contains("read-only"), "\(transfer.output)\(transfer.errors)")
      #expect(try await daemon.counter("tftp.refused.readOnly") == 1)
      let upload = try await run("curl", "-sS", "-T", other, "tftp://192.0.2.1/device.cfg", in: lab.client())
      #expect(upload.status != 0)
      let put = try await run(
        "curl", "-sS", "-T", other, "--write-out", "%{http_code}", "http://192.0.2.1:7547/boot/device.cfg",
        in: lab.client())
      #expect(put.output.hasSuffix("405"), "\(put.output)")

      #expect(try await run("curl", "-sS", "tftp://192.0.2.1/device.cfg", in: lab.client()).output == before)
      #expect(try await daemon.counter("tftp.refused.readOnly") == 2)
      try await daemon.stop()
    }
  }

  @Test func `every request over TFTP is answered, and what came of it is on the journey`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      try await HandSession.boot(in: lab)
      func answer(_ bytes: [UInt8]) throws -> Packet? {
        let client = try TFTPByHand(in: lab.client())
        try client.socket.send(bytes, to: TFTPByHand.server)
        return try client.receive()?.packet
      }
      func code(_ bytes: [UInt8]) throws -> ErrorCode? {
        guard case .error(let code, _)? = try answer(bytes) else { return nil }
        return code
      }
      for request in ["\0\u{1}device.cfg\0octet", "\0\u{1}device.cfg\0octet\0blksize\08"] {
        guard case .data(block: 1, _)? = try answer(Array(request.utf8)) else {
          Issue.record("\(request) is not served")
          continue
        }
      }
      let withEnd = Array("\0\u{1}device.cfg".utf8) + [0xFF, 0] + "octet\0".utf8
      guard case .data(block: 1, _)? = try answer(withEnd) else {
        Issue.record("the name with an END is not served")
        return
      }
      #expect(try code([0, 1] + [0x67, 0x65, 0x72, 0xE4, 0x74, 0] + "octet\0".utf8) == .fileNotFound)
      #expect(try code([0, 1] + "device.cfg\0binary\0".utf8) == .illegalOperation)
      #expect(try code([0, 1] + "half.cfg".utf8) == .illegalOperation)
      #expect(try code([0, 2] + "startup.cfg\0octet\0".utf8) == .accessViolation)
      #expect(try code([0, 9] + "x\0octet\0".utf8) == .illegalOperation)
      #expect(try code([0, 4, 0, 1]) == .unknownTransfer)
      let journey = try await daemon.journey(of: Lab.hardware(0), within: 5) { $0.count("bootFileFailed") == 5 }
      let failed = journey.events.filter { $0.event == "bootFileFailed" }.map(\.text)
      #expect(
        failed == [
          "did not get boot file \"gerät\": there is no file gerät",
          "did not get boot file \"device.cfg\": unknown transfer mode \"binary\"",
          "did not get boot file \"half.cfg\": the string at byte 2 has no end",
          "did not get boot file \"startup.cfg\": nothing can be written here: this server is read-only",
          "did not get a boot file: unknown opcode 9",
        ])
      for number in 0..<20 { _ = try answer([0, 1] + "n\(number)\0octet\0".utf8) }
      #expect(try await daemon.counter("tftp.refused.noSuchFile") == 21)
      #expect(
        try await daemon.journey(of: Lab.hardware(0), within: 1) { $0.count("bootFileFailed") > 8 }
          .count("bootFileFailed") == 8)
      try await daemon.stop()
    }
  }

  @Test func `a client that asks for the size first has no trouble on its journey`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      try await HandSession.boot(in: lab)
      let client = try TFTPByHand(in: lab.client())
      try client.send(
        .readRequest(Request(fileName: "device.cfg", options: [Option("tsize", 0), Option("blksize", 1468)])))
      let acknowledgment = try #require(try client.receive())
      try client.send(.error(.optionNegotiation, message: ""), to: acknowledgment.source)
      let file = try await run("curl", "-sS", "--tftp-blksize", "1468", "tftp://192.0.2.1/device.cfg", in: lab.client())
      #expect(file.output.contains("cwmp enable"))
      let journey = try await daemon.journey(of: Lab.hardware(0), within: 5) { $0.count("bootFileFetched") == 1 }
      #expect(journey.count("bootFileFetched") == 1 && journey.count("bootFileFailed") == 0)
      #expect(try await daemon.counter("tftp.sizeAsked") == 1)
      try await daemon.stop()
    }
  }
}
