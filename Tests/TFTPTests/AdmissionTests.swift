import TFTP
import Testing

struct AdmissionTests {
  @Test(arguments: [("device.cfg", "device.cfg"), ("/device.cfg", "device.cfg"), ("//a/b", "a/b"), ("a..b", "a..b")])
  func `a file name is relative to the top`(text: String, path: String) throws {
    #expect(try FileName(text).path == path)
  }

  @Test(arguments: [
    ("", FileNameError.empty), ("/", .empty), ("..", .part("..")), ("../etc/passwd", .part("..")),
    ("/../x", .part("..")),
    ("a/../../x", .part("..")), ("./a", .part(".")), ("a//b", .part("")), ("a/", .part("")), (#"..\x"#, .backslash),
    ("a\nb", .controlCharacter(10)), ("a\0b", .controlCharacter(0)),
    (String(repeating: "a", count: 256), .tooLong(256)),
    ("a/..\u{301}/\u{85}", .controlCharacter(0x85)),
  ])
  func `a file name that leads elsewhere is refused with its reason`(text: String, reason: FileNameError) {
    #expect(throws: reason) { try FileName(text) }
  }

  private func admission(_ packet: Packet) -> Admission {
    Admission(packet) { name throws(Admission.Refusal) in
      switch name.path {
      case "device.cfg": return .bytes([1, 2, 3])
      case "folder": throw .unreadable(reason: "folder is not a regular file")
      default: return nil
      }
    }
  }

  private func refusal(_ packet: Packet) -> (Admission.Refusal, ErrorCode)? {
    guard case .refused(let refusal, .error(let code, let message)) = admission(packet) else { return nil }
    #expect(message == refusal.description)
    return (refusal, code)
  }

  @Test func `a file that is there is served`() throws {
    guard case .accepted(let transfer, let name) = admission(.readRequest(Request(fileName: "/device.cfg"))) else {
      Issue.record("not accepted")
      return
    }
    #expect(name.path == "device.cfg")
    #expect(transfer.size == 3)
  }

  @Test func `a write, a missing file, a bad name and mail are refused with an ERROR that says why`() throws {
    let write = try #require(refusal(.writeRequest(Request(fileName: "device.cfg"))))
    #expect(write == (.readOnly, .accessViolation))
    let missing = try #require(refusal(.readRequest(Request(fileName: "other.cfg"))))
    #expect(missing == (.noSuchFile(try FileName("other.cfg")), .fileNotFound))
    let folder = try #require(refusal(.readRequest(Request(fileName: "folder"))))
    #expect(folder == (.unreadable(reason: "folder is not a regular file"), .accessViolation))
    let outside = try #require(refusal(.readRequest(Request(fileName: "../x"))))
    #expect(outside == (.fileName(.part("..")), .accessViolation))
    let mail = try #require(refusal(.readRequest(Request(fileName: "device.cfg", mode: .mail))))
    #expect(mail == (.mode, .illegalOperation))
  }

  @Test(arguments: [Packet.data(block: 1, []), .acknowledgment(block: 0), .optionAcknowledgment([])])
  func `a packet of a transfer that is not is told so`(packet: Packet) throws {
    let answer = try #require(refusal(packet))
    #expect(answer == (.noTransfer, .unknownTransfer))
  }

  @Test func `an ERROR is not answered`() {
    let packet = Packet.error(.notDefined, message: "")
    guard case .ignored(packet) = admission(packet) else {
      Issue.record("answered")
      return
    }
  }
}
