import Foundation
import Testing

/// A host on the routers' network that has read the URLs of a router's files.
@Suite(.serialized)
struct HostileFileTests {
  private static let serial = ProvisioningTests.serial
  private static let configuration = ProvisioningTests.configuration.replacing(
    "acs:\n", with: "acs:\n  username: seat\n  password: row7\n")

  private func session(
    _ body: (Lab, Daemon, HandSession, inout TransferByHand) async throws -> Void
  ) async throws {
    try await Lab.with(clients: 2) { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      try await HandSession.boot(in: lab)
      try await lab.seatStranger()
      _ = try lab.write("firmware", to: "msr.ipe")
      #expect(try await daemon.usher("files", "add", lab.folder.appending(path: "msr.ipe").path).status == 0)
      let router = HandSession(lab: lab)
      var transfer = try await TransferByHand(router, serial: Self.serial, login: "seat:row7")
      try await body(lab, daemon, router, &transfer)
      try await daemon.stop()
    }
  }

  @Test func `a file's URL is its router's, where that is, until its transfer is complete`() async throws {
    try await session { lab, daemon, router, transfer in
      let url = try await transfer.url("download", "msr.ipe", of: daemon)
      let key = try #require(try transfer.commandKey)
      let stolen = try await lab.stranger(url)
      #expect(stolen.status == 403)
      #expect(stolen.text == "its URL was used from 192.0.2.60, and is for 192.0.2.100\n", "\(stolen.text)")
      #expect(try await router.get(url).body == "firmware")
      try await transfer.end()
      #expect(try await router.get(url).body == "firmware")
      try await transfer.complete(key)
      let late = try await router.get(url)
      #expect(late.status == 403 && late.body == "its URL was used, and its transfer is over or was of another file\n")
      #expect(try await daemon.counter("acs.files.otherAddress") == 1)
      #expect(try await daemon.counter("acs.files.transferOver") == 1)
      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(journey.count("misuseRefused") == 2)
      #expect(!journey.events.contains { $0.text.contains("?t=") })
    }
  }

  @Test func `a file is fetched so often in one transfer, and no oftener`() async throws {
    try await session { lab, daemon, router, transfer in
      let url = try await transfer.url("download", "msr.ipe", of: daemon)
      for _ in 0..<16 { #expect(try await router.get(url).status == 200) }
      let refused = try await router.get(url)
      #expect(refused.status == 403 && refused.body == "its URL was used more than 16 times in one transfer\n")
      // What is left of one that was cut still comes.
      let rest = try await run("curl", "-q", "-sS", "-r", "4-", url, in: lab.client())
      #expect(rest.output == "ware")
      #expect(try await daemon.counter("acs.files.tooOften") == 1)
    }
  }

  @Test func `an upload's URL takes one upload, of its router, and none in its place`() async throws {
    try await session { lab, daemon, router, transfer in
      let url = try await transfer.url("upload", "config", of: daemon)
      let good = try lab.write("good", to: "good")
      let evil = try lab.write("evil", to: "evil")
      #expect(try await lab.stranger("-T", evil, url).status == 403)
      let client = lab.client()
      func put(_ words: String...) async throws -> String {
        try await Program(["curl", "-q", "-sS", "-o", "/dev/null", "-w", "%{http_code}"] + words, in: client).result()
          .output
      }
      // One that is cut leaves nothing, and the next is the first.
      _ = try await put("-m", "1", "-H", "Content-Length: 4000", "-T", good, url)
      #expect(try await eventually(within: 10) { try await daemon.counter("acs.uploads.failed") == 1 })
      #expect(try await put("-T", good, url) == "201")
      #expect(try await put("-T", evil, url) == "409")
      #expect(try await lab.stranger("-T", evil, url).status == 403)
      let name = "000FE2-MSR36-20-\(Self.serial)-configuration-task-1-1.cfg"
      let copy = lab.folder.appending(path: "copy").path
      #expect(try await daemon.usher("files", "get", name, "-o", copy).status == 0)
      #expect(try String(contentsOfFile: copy, encoding: .utf8) == "good")
      #expect(try await daemon.counter("acs.files.again") == 1)
      #expect(try await daemon.counter("acs.files.otherAddress") == 2)
      #expect(try await daemon.journey(of: Self.serial)?.count("misuseRefused") == 2)
    }
  }
}
