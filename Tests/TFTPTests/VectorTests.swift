import Foundation
import Net
import TFTP
import Testing

/// Packets of clients that keep to RFC 1350 in part, at the port for requests.
struct VectorTests {
  private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Vectors/tftp")

  /// What becomes of each.
  private static let outcomes: [String: Outcome] = [
    "acknowledgment": .error(.unknownTransfer), "error": .silence, "one-byte": .silence,
    "opcode-nine": .error(.illegalOperation), "opcode-zero": .error(.illegalOperation),
    "rrq-mail": .error(.illegalOperation),
    "rrq-empty-mode": .error(.illegalOperation), "rrq-gb18030-name": .error(.accessViolation),
    "rrq-latin-1-name": .error(.fileNotFound), "rrq-mode-without-nul": .file, "rrq-name-with-end-option": .file,
    "rrq-name-without-nul": .error(.illegalOperation), "rrq-option-cut": .file, "rrq-option-without-value": .file,
    "rrq-padded": .file, "rrq-size-probe": .file, "rrq-too-long": .error(.illegalOperation),
    "rrq-unknown-mode": .error(.illegalOperation), "wrq": .error(.accessViolation),
    "wrq-without-nul": .error(.illegalOperation),
  ]

  private enum Outcome: Hashable {
    case file
    case error(ErrorCode)
    case silence
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    let text = try String(contentsOf: Self.folder.appending(path: "\(name).hex"), encoding: .utf8)
    let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined().filter { !$0.isWhitespace }
    return try #require(Hexadecimal.decode(digits))
  }

  private func admission(_ bytes: [UInt8]) -> Admission? {
    let packet: Packet
    do throws(PacketError) {
      packet = try Packet(decoding: bytes.span.bytes)
    } catch {
      return Admission(unreadable: error)
    }
    return admission(packet)
  }

  private func admission(_ packet: Packet) -> Admission {
    Admission(packet) { name throws(Admission.Refusal) in
      name.path == "device.cfg" ? .bytes([1, 2, 3]) : nil
    }
  }

  /// The transfer that a packet begins.
  private func transfer(_ packet: Packet) throws -> Transfer {
    guard case .accepted(let transfer, _) = admission(packet) else { throw NotAccepted() }
    return transfer
  }

  private func transfer(_ name: String) throws -> Transfer {
    let bytes = try bytes(name)
    return try transfer(Packet(decoding: bytes.span.bytes))
  }

  private struct NotAccepted: Error {}

  @Test func `every packet in the folder is answered as it is to be, and none is left out`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(files) == Set(Self.outcomes.keys.map { "\($0).hex" }))
    for (name, outcome) in Self.outcomes {
      let bytes = try bytes(name)
      switch admission(bytes) {
      case .accepted(_, let file)?: #expect(outcome == .file && file.path == "device.cfg", "\(name)")
      case .refused(let refusal, .error(let code, let message))?:
        #expect(outcome == .error(code), "\(name): \(message)")
        #expect(!message.isEmpty && message == refusal.description && refusal.counter.hasPrefix("tftp."))
      case .refused?, .ignored?, nil: #expect(outcome == .silence, "\(name)")
      }
    }
  }

  @Test func `what an unreadable request asks for is told as far as it shows`() throws {
    func name(_ vector: String) throws -> String? {
      let packet = try bytes(vector)
      return Request.fileName(ofUnreadable: packet.span.bytes)
    }
    #expect(try name("rrq-unknown-mode") == "device.cfg")
    #expect(try name("wrq-without-nul") == "startup.cfg")
    #expect(try name("opcode-nine") == nil)
    #expect(try name("one-byte") == nil)
  }

  @Test func `a name in Latin-1 is the same as in UTF-8`() throws {
    let bytes = try bytes("rrq-latin-1-name")
    guard case .readRequest(let request) = try Packet(decoding: bytes.span.bytes) else {
      Issue.record("not a read request")
      return
    }
    #expect(request.fileName == "gerät.cfg")
  }

  @Test func `a cut option is left out, and those before it hold`() throws {
    let transfer = try transfer("rrq-option-cut")
    #expect(transfer.agreed == [Option("tsize", 3)] && transfer.blockSize == 512)
  }

  @Test(arguments: [ErrorCode.notDefined, .optionNegotiation])
  func `a client that asks for the size and goes is no failure, and the file is served then`(code: ErrorCode) throws {
    let now = Timestamp(secondsSince1970: 1_800_000_000)
    var probe = try transfer("rrq-size-probe")
    let acknowledgment = probe.start(now: now)
    #expect(acknowledgment == [.optionAcknowledgment([Option("blksize", 1468), Option("tsize", 3)])])
    let nothing = probe.receive(.error(code, message: "enough"), now: now)
    #expect(nothing.isEmpty && probe.outcome == .sizeAsked)
    var second = try transfer(
      .readRequest(Request(fileName: "device.cfg", options: [Option("blksize", 1468)])))
    _ = second.start(now: now)
    let data = second.receive(.acknowledgment(block: 0), now: now)
    #expect(data == [.data(block: 1, [1, 2, 3])])
    _ = second.receive(.acknowledgment(block: 1), now: now)
    #expect(second.outcome == .finished(bytes: 3))
  }

  @Test func `a client that has no room for the file has failed`() throws {
    let now = Timestamp(secondsSince1970: 1_800_000_000)
    var probe = try transfer("rrq-size-probe")
    _ = probe.start(now: now)
    _ = probe.receive(.error(.diskFull, message: "too large"), now: now)
    #expect(probe.outcome == .failed(.peer(.diskFull, "too large")))
  }
}
