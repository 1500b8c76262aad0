import Foundation
import Net
import Testing
import Transport

/// The files that are kept: the operator's by the command line, a router's by curl and URLs signed for it.
@Suite(.serialized)
struct FilesTests {
  private static let serial = ProvisioningTests.serial
  private static let configuration =
    "files: {limit: 300M, total: 400M}\n"
    + ProvisioningTests.configuration.replacing("acs:\n", with: "acs:\n  username: seat\n  password: row7\n")

  private func appliance(_ body: (Lab, Daemon) async throws -> Void) async throws {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      try await HandSession.boot(in: lab)
      try await body(lab, daemon)
    }
  }

  /// A file of random bytes. Its path, and its SHA-256.
  private func random(_ bytes: Int, as name: String, in lab: Lab) async throws -> (path: String, digest: String) {
    let path = lab.folder.appending(path: name).path
    try await run("sh", "-c", "head -c \(bytes) /dev/urandom > \(path)")
    return (path, try await digest(of: path))
  }

  private func digest(of path: String) async throws -> String {
    String(try await run("sha256sum", path).output.prefix(64))
  }

  /// A URL as the appliance signs it for the router.
  private func url(_ path: String, lifetime: Int64 = 60, in lab: Lab) throws -> String {
    let key = try SigningKey(bytes: File.read(lab.folder.appending(path: "secret.key").path, limit: 64))
    let grant = SignedPath(
      path: path, expiry: SteadyClock.now().advanced(bySeconds: lifetime), device: "000FE2\nMSR36-20\n\(Self.serial)",
      address: IPv4Address(192, 0, 2, 100))
    return "http://192.0.2.1:7547\(path)?t=\(grant.token(signedWith: key))"
  }

  /// The session of the router, for the URLs of what it is asked for.
  private func transfers(in lab: Lab) async throws -> TransferByHand {
    try await TransferByHand(HandSession(lab: lab), serial: Self.serial, login: "seat:row7")
  }

  private func curl(_ words: String..., in lab: Lab, within seconds: Double = 30) async throws -> Program.Result {
    try await Program(["curl", "-q", "-sS", "--max-time", "60"] + words, in: lab.client()).result(within: seconds)
  }

  private func contents(in lab: Lab) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: lab.folder.appending(path: "files").path).sorted()
  }

  @Test func `an operator's file is kept over a kill, and is what it was until it is removed`() async throws {
    try await appliance { lab, first in
      let (path, digest) = try await random(3_000_001, as: "msr.ipe", in: lab)
      let added = try await first.usher("files", "add", path)
      #expect(added.output == "msr.ipe is kept: 3000001 bytes, SHA-256 \(digest).\n", "\(added.errors)")
      #expect(try await first.usher("files", "add", path).errors.contains("There is a file msr.ipe already."))
      #expect(
        try await first.usher("files", "add", path, "--name", "a b").errors.contains("A file's name has 1 to 255"))
      #expect(
        try await first.usher("files", "add", path, "--kind", "log", "--name", "msr.ipe", "--replace").status == 0)
      try await first.kill()

      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let files = try await daemon.json("files")
      #expect(
        files.count == 1 && files.first?["digest"] as? String == digest && files.first?["kind"] as? String == "log")
      let copy = lab.folder.appending(path: "copy").path
      #expect(try await daemon.usher("files", "get", "msr.ipe", "-o", copy).status == 0)
      #expect(try await self.digest(of: copy) == digest)
      #expect(try await daemon.usher("files", "remove", "msr.ipe").status == 0)
      #expect(try await daemon.usher("files", "remove", "msr.ipe").errors.contains("There is no file msr.ipe."))
      #expect(try contents(in: lab) == [])
      try await daemon.stop()
    }
  }

  @Test func `a router fetches firmware, whole, by parts and from where it stopped`() async throws {
    try await appliance { lab, daemon in
      let (path, digest) = try await random(5_000_000, as: "msr.ipe", in: lab)
      #expect(try await daemon.usher("files", "add", path).status == 0)
      var transfers = try await transfers(in: lab)
      let url = try await transfers.url("download", "msr.ipe", of: daemon)
      #expect(url.hasPrefix("http://192.0.2.1:7547/files/\(digest.prefix(16))/msr.ipe?t="))
      let got = lab.folder.appending(path: "got").path

      let head = try await curl("-I", url, in: lab).output
      #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.contains("Content-Length: 5000000\r\n"))
      #expect(head.contains("ETag: \"\(digest)\"\r\n") && head.contains("Last-Modified: "))
      #expect(head.contains("Accept-Ranges: bytes\r\n"))
      #expect(try await curl("-o", got, url, in: lab).status == 0)
      #expect(try await self.digest(of: got) == digest)

      try await run("truncate", "-s", "1234567", got)
      let resumed = try await curl("-C", "-", "-o", got, "-w", "%{http_code} %{size_download}", url, in: lab)
      #expect(resumed.output == "206 3765433")
      #expect(try await self.digest(of: got) == digest)

      let part = try await curl("-r", "10-19", "-i", "-o", got, url, in: lab)
      #expect(part.status == 0)
      #expect(
        String(decoding: try Data(contentsOf: URL(filePath: got)).prefix(400), as: UTF8.self)
          .contains("Content-Range: bytes 10-19/5000000\r\n"))
      for (field, status) in [
        ("Range: bytes=5000000-", "416"), ("If-None-Match: \"\(digest)\"", "304"), ("If-Match: \"x\"", "412"),
        ("If-Range: \"x\"", "200"),
      ] {
        let result = try await curl("-o", "/dev/null", "-w", "%{http_code}", "-H", field, url, in: lab)
        #expect(result.output == status, "\(field)")
      }
      let forged = try await curl("-w", "%{http_code}", "-o", "/dev/null", url + "x", in: lab)
      #expect(forged.output == "403")
      try await daemon.stop()
    }
  }

  @Test func `a configuration that is made for a router is given by parts too`() async throws {
    try await appliance { lab, daemon in
      let router = HandSession(lab: lab)
      let inform = try await router.post(
        router.inform(id: "1", serial: Self.serial, events: [(code: "0 BOOTSTRAP", key: "")]), login: "seat:row7")
      try #require(inform.status == 200)
      var answer = try await router.post("")
      while answer.method == "SetParameterValues" {
        answer = try await router.post(router.setParameterValuesResponse(to: answer))
      }
      let url = try #require(try answer.element("URL"))
      let size = try #require(try answer.element("FileSize"))
      let whole = try await curl(url, in: lab).output
      #expect(whole.contains("sysname branch-0") && "\(whole.utf8.count)" == size)
      let head = try await curl("-I", url, in: lab).output
      #expect(head.contains("Content-Length: \(size)\r\n") && head.contains("ETag: "))
      let (first, rest) = (try await curl("-r", "0-9", url, in: lab), try await curl("-r", "10-", url, in: lab))
      #expect(first.output.utf8.count == 10 && first.output + rest.output == whole)
      try await daemon.stop()
    }
  }

  @Test func `a router uploads 200 MB, and the appliance grows by less than 20`() async throws {
    try await appliance { lab, daemon in
      var transfers = try await transfers(in: lab)
      let (small, _) = try await random(5_000_000, as: "small", in: lab)
      #expect(try await curl("-T", small, try await transfers.url("upload", "log", of: daemon), in: lab).status == 0)
      let before = try memory(of: daemon, "VmRSS")

      let (large, digest) = try await random(200_000_000, as: "large", in: lab)
      let target = try await transfers.url("upload", "config", of: daemon)
      let began = ContinuousClock.now
      let put = try await curl(
        "-T", large, "-u", "seat:row7", "-H", "Content-Type: application/octet-stream", "-w", "%{http_code}", target,
        in: lab, within: 60)
      let time = ContinuousClock.now - began
      #expect(put.output == "201", "\(put.errors)")
      let growth = try memory(of: daemon, "VmHWM") - before
      print("200 MB were uploaded in \(time); the peak was \(growth) KiB above the \(before) KiB before")
      #expect(growth < 20 << 10)

      let name = "000FE2-MSR36-20-\(Self.serial)-configuration-task-2-1.cfg"
      let file = try #require(try await daemon.json("files").first { $0["name"] as? String == name })
      #expect(file["digest"] as? String == digest && file["device"] as? String == "000FE2-MSR36%2D20-\(Self.serial)")
      #expect(try await daemon.journey(of: Self.serial)?.count("fileUploaded") == 2)

      // As libcurl does that has credentials for a digest: nothing at first, in expectation of a challenge.
      let another = try await transfers.url("upload", "config", of: daemon)
      let digested = try await curl("--digest", "-u", "seat:row7", "-T", small, "-w", "%{http_code}", another, in: lab)
      #expect(digested.output == "201")
      #expect(try await daemon.counter("acs.uploads.empty") == 1)
      #expect(try contents(in: lab).contains(digest))

      // From a router that POSTs in chunks.
      let third = try await transfers.url("upload", "config", of: daemon)
      let post = try await curl(
        "-X", "POST", "-T", small, "-H", "Transfer-Encoding: chunked", "-w", "%{http_code}", third, in: lab)
      #expect(post.output == "201")
      #expect(try await daemon.json("files").count == 4)
      #expect(try contents(in: lab).count == 2)
      try await daemon.stop()
    }
  }

  private func memory(of daemon: Daemon, _ field: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(daemon.program.pid)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(field) })
    return try #require(line.split(separator: " ").compactMap { Int($0) }.first ?? Int(line.filter(\.isNumber)))
  }

  @Test func `what may not be uploaded is refused with a reason, before it is sent where the router waits`()
    async throws
  {
    try await appliance { lab, daemon in
      let (path, _) = try await random(2_000_000, as: "file", in: lab)
      var transfers = try await transfers(in: lab)
      let good = try await transfers.url("upload", "log", of: daemon)
      let huge = lab.folder.appending(path: "huge").path
      try await run("truncate", "-s", "350M", huge)
      let cases: [(words: [String], status: String)] = [
        (["-T", path, good + "x"], "403"), (["-T", path, try url("/uploads/log/k", lifetime: -5, in: lab)], "403"),
        (["-T", path, "-H", "Content-Range: bytes 0-9/20", good], "400"), (["-F", "file=@\(path)", good], "415"),
        (["-T", huge, good], "413"), (["-X", "PUT", good], "411"), ([good], "405"),
        (["-T", path, try url("/uploads/nothing/k", in: lab)], "404"),
      ]
      for (words, status) in cases {
        let result = try await Program(
          ["curl", "-q", "-sS", "-o", "/dev/null", "--expect100-timeout", "30", "-w", "%{http_code} %{size_upload}"]
            + words, in: lab.client()
        ).result()
        #expect(result.output == "\(status) 0", "\(words) \(result.errors)")
      }
      try await run("truncate", "-s", "250M", huge)
      #expect(try await daemon.usher("files", "add", huge).status == 0)
      let full = try await curl("-T", huge, "-o", "/dev/null", "-w", "%{http_code}", good, in: lab)
      #expect(full.output == "507")
      #expect(try await daemon.counter("files.refused.storeFull") == 1)
      #expect(try await daemon.counter("acs.files.signature.forged") == 1)
      #expect(try await daemon.counter("acs.uploads.multipart") == 1)
      #expect(try contents(in: lab).count == 1)
      try await daemon.stop()
    }
  }

  @Test func `on a disk that is nearly full nothing is taken, and nothing is left`() async throws {
    try await Lab.with { lab in
      let disk = try await Volume.memory("disk", megabytes: 90, in: lab)
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: Self.configuration, state: disk.folder)
      let (path, _) = try await random(45_000_000, as: "file", in: lab)
      for words in [[], ["-H", "Transfer-Encoding: chunked"]] {
        let put = try await Program(
          ["curl", "-q", "-sS", "--unix-socket", daemon.control, "-T", path, "-w", "%{http_code}"] + words
            + ["http://usher/files/a"]
        ).result()
        #expect(put.output.hasSuffix("507") && put.output.contains("disk has no room for it"), "\(put.output)")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: disk.folder.path + "/files") == [])
      #expect(try await daemon.counter("files.refused.diskFull") == 2)
      try await daemon.stop()
      try await disk.unmount()
    }
  }

  @Test(arguments: [EIO, ENOSPC])
  func `where the nth write fails, the file is on record and whole, or not there at all`(error: Int32) async throws {
    try await Lab.with { lab in
      let state = lab.folder.appending(path: "state")
      let disk = try await FaultyDisk(for: state, in: lab)
      let daemon = try await Daemon(in: lab, state: state, environment: disk.environment)
      let (path, digest) = try await random(200_000, as: "file", in: lab)
      func put(_ name: String) async throws -> String {
        try await run(
          "curl", "-q", "-sS", "-o", "/dev/null", "--unix-socket", daemon.control, "-T", path, "-w", "%{http_code}",
          "http://usher/files/\(name)"
        ).output
      }
      func kept() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: state.path + "/files")
      }
      var statuses: [String] = []
      for nth in 1...100 {
        try disk.fail(nth: nth, with: error)
        let status = try await put("a")
        let isFired = try disk.failed > 0
        try disk.heal()
        statuses.append(status)
        let names = try await daemon.json("files").compactMap { $0["name"] as? String }
        #expect(names == (status == "201" ? ["a"] : []), "write \(nth)")
        #expect(try kept() == (status == "201" ? [digest] : []), "write \(nth)")
        if status == "201" {
          let removal = try await daemon.usher("files", "remove", "a")
          #expect(removal.status == 0, "\(removal.errors)\(removal.output)")
        }
        guard isFired else { break }
      }
      #expect(statuses.count > 4 && statuses.last == "201")
      #expect(Set(statuses) == (error == ENOSPC ? ["507", "503", "201"] : ["503", "201"]))
      print("of \(statuses.count) uploads, each with another write failing, the answers were \(statuses)")
      #expect(try await put("b") == "201")
      try await daemon.stop()
    }
  }

  @Test func `kill -9 in the middle of an upload leaves no half file`() async throws {
    try await appliance { lab, first in
      let (path, digest) = try await random(50_000_000, as: "file", in: lab)
      var transfers = try await transfers(in: lab)
      let target = try await transfers.url("upload", "config", of: first)
      let upload = try Program(["curl", "-q", "-sS", "--limit-rate", "10M", "-T", path, target], in: lab.client())
      #expect(try await eventually(within: 30) { try self.contents(in: lab).contains { $0.hasSuffix(".part") } })
      try await Task.sleep(for: .milliseconds(500))
      try await first.kill()
      #expect(try await upload.result().status != 0)
      #expect(try contents(in: lab).count == 1)

      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      #expect(try contents(in: lab) == [])
      #expect(try await daemon.json("files").isEmpty)
      #expect(try await daemon.counter("files.leftovers") == 1)
      #expect(try await curl("-T", path, target, in: lab).status == 0)
      #expect(try contents(in: lab) == [digest])
      try await daemon.stop()
    }
  }

  @Test func `an Inform that a router has compressed is read, and a bomb is not`() async throws {
    try await appliance { lab, daemon in
      let router = HandSession(lab: lab)
      let inform = router.inform(id: "1", serial: Self.serial, events: [(code: "0 BOOTSTRAP", key: "")])
      let plain = try lab.write(inform, to: "inform.xml")
      try await run("sh", "-c", "gzip -k \(plain); head -c 100M /dev/zero | gzip > \(plain).bomb")
      func post(_ file: String) async throws -> String {
        try await curl(
          "--digest", "-u", "seat:row7", "-H", "Content-Type: text/xml", "-H", "Content-Encoding: gzip", "--compressed",
          "-i", "--data-binary", "@\(plain).\(file)", HandSession.url, in: lab
        ).output
      }
      let answer = try await post("gz")
      #expect(answer.contains("HTTP/1.1 200 OK\r\n") && answer.contains("InformResponse"))
      #expect(answer.contains("Content-Encoding: gzip\r\n"))
      #expect(try await daemon.json("devices").count == 1)
      let before = try memory(of: daemon, "VmRSS")
      let bomb = try await curl(
        "-o", "/dev/null", "-w", "%{http_code}", "-H", "Content-Encoding: gzip", "--data-binary", "@\(plain).bomb",
        HandSession.url, in: lab)
      #expect(bomb.output == "413")
      #expect(try await daemon.counter("http.refused.oversize") == 1)
      #expect(try memory(of: daemon, "VmHWM") - before < 40 << 10)
      try await daemon.stop()
    }
  }
}
