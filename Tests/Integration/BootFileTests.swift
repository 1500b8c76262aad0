import Foundation
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
}
