import DHCP
import Net
import Testing

struct MessageTests {
  private let discover = Client(1, identifier: [1, 2, 0, 0, 0, 0, 1]).requesting(1, 3, 6, 43).discover()

  @Test func `D04 a message ends with END and zeros, in 300 bytes at least, and nothing after END is read`() throws {
    var bytes = discover.encode(limit: 548).bytes
    #expect(bytes.count == 300)
    let end = try #require(bytes.lastIndex(of: 255))
    #expect(bytes[end...].dropFirst().allSatisfy { $0 == 0 })
    bytes.replaceSubrange(end + 1..<end + 4, with: [12, 1, 65])
    #expect(try Message(decoding: bytes) == discover)
  }

  @Test func `the fixed fields stand where RFC 2131 puts them`() throws {
    let message = Message(
      op: .reply, htype: 1, hops: 2, xid: 0x0304_0506, secs: 0x0708, flags: 0x8000,
      ciaddr: IPv4Address(10, 0, 0, 1), yiaddr: IPv4Address(10, 0, 0, 2), siaddr: IPv4Address(10, 0, 0, 3),
      giaddr: IPv4Address(10, 0, 0, 4), chaddr: [1, 2, 3, 4, 5, 6], sname: [7], file: [8, 9])
    let bytes = message.encode(limit: 548).bytes
    #expect(
      Hexadecimal.encode(bytes[..<44])
        == "02010602" + "03040506" + "07088000" + "0a000001" + "0a000002" + "0a000003" + "0a000004"
        + "010203040506" + "00000000000000000000")
    #expect(bytes[44..<46] == [7, 0])
    #expect(bytes[108..<111] == [8, 9, 0])
    #expect(bytes[236..<241] == [99, 130, 83, 99, 255])
    #expect(try Message(decoding: bytes) == message)
  }

  @Test func `D07 options beyond the limit go to file and sname, and the last ones are dropped last of all`() throws {
    var message = discover
    for code in UInt8(200)...207 {
      message.options.set(OptionCode(rawValue: code), bytes: [UInt8](repeating: code, count: 60))
    }
    let whole = message.encode(limit: 1472)
    #expect(whole.dropped.isEmpty)

    let encoded = message.encode(limit: 548)
    #expect(encoded.bytes.count <= 548)
    #expect(encoded.dropped == [OptionCode(rawValue: 207)])
    let read = try Message(decoding: encoded.bytes)
    for code in message.options.codes where code.rawValue != 207 {
      #expect(read.options[code] == message.options[code])
    }
    #expect(!read.options.contains(.overload))
    let file = encoded.bytes[108..<236]
    #expect(file.first == 204 && file.contains(255))
  }

  @Test func `D07 a file that option 67 repeats gives its place to options, another keeps it`() throws {
    var message = discover
    message.file = Array("device.cfg".utf8)
    for code in UInt8(200)...204 {
      message.options.set(OptionCode(rawValue: code), bytes: [UInt8](repeating: code, count: 60))
    }
    #expect(try Message(decoding: message.encode(limit: 548).bytes).file == message.file)
    message.options.set(.bootFileName, "device.cfg")
    let read = try Message(decoding: message.encode(limit: 548).bytes)
    #expect(try read.options.value(.bootFileName) == "device.cfg")
    #expect(read.options.contains(OptionCode(rawValue: 204)))
  }

  @Test func `D08 D09 instances of an option are joined, in the order of options, file, sname`() throws {
    var bytes = discover.encode(limit: 548).bytes
    bytes.replaceSubrange(240..., with: [53, 1, 1, 52, 1, 3, 43, 1, 1, 12, 1, 65, 43, 1, 2, 255])
    bytes.replaceSubrange(108..<112, with: [43, 1, 3, 255])
    bytes.replaceSubrange(44..<48, with: [43, 1, 4, 255])
    let message = try Message(decoding: bytes)
    #expect(message.options[.vendorSpecific] == [1, 2, 3, 4])
    #expect(message.options.codes == [.messageType, .vendorSpecific, .hostName])
    #expect(message.file.isEmpty && message.sname.isEmpty)
  }

  @Test func `D10 a value over 255 bytes is split into pieces that follow each other`() throws {
    var message = discover
    let value = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
    message.options.set(.vendorSpecific, bytes: value)
    let bytes = message.encode(limit: 1472).bytes
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: [43, 255, 0, 1, 2]) })
    #expect(bytes[(start + 257)...].starts(with: [43, 45, 255, 0, 1]))
    #expect(try Message(decoding: bytes) == message)
  }

  @Test func `D11 D15 what is no DHCP message is refused by its kind`() {
    let bytes = discover.encode(limit: 548).bytes
    #expect(refusal(Array(bytes[..<239])) == .tooShort(count: 239))
    #expect(refusal(bytes + [UInt8](repeating: 0, count: 1201)) == .tooLong(count: 1501))
    #expect(refusal([3] + bytes[1...]) == .unknownOperation(3))
    #expect(refusal(bytes[..<2] + [17] + bytes[3...]) == .hardwareAddressLength(17))
    #expect(refusal(bytes[..<236] + [0] + bytes[237...]) == .noCookie)
  }

  @Test func `D14 an option that runs past its area is dropped and told, and what came before it is read`() throws {
    var bytes = discover.encode(limit: 548).bytes
    for rest in [[12, 9, 65], [12]] as [[UInt8]] {
      let message = try Message(decoding: bytes[..<240] + [53, 1, 1] + rest)
      #expect(message.options.codes == [.messageType])
      #expect(message.defects == [OptionDefect(.hostName, .truncated)])
    }
    bytes.replaceSubrange(240..., with: [52, 1, 2, 255])
    bytes.replaceSubrange(44..<46, with: [12, 63])
    #expect(try Message(decoding: bytes).defects == [OptionDefect(.hostName, .truncated)])
  }

  @Test func `an option 52 of no meaning is dropped and told, and the fields are text`() throws {
    var bytes = discover.encode(limit: 548).bytes
    bytes.replaceSubrange(240..., with: [52, 1, 4, 255])
    bytes.replaceSubrange(108..<111, with: Array("abc".utf8))
    let message = try Message(decoding: bytes)
    #expect(message.defects == [OptionDefect(.overload, .malformed)])
    #expect(message.options.isEmpty && message.file == Array("abc".utf8))
  }

  @Test func `every cut of a message is read or refused, never a trap`() {
    let bytes = discover.encode(limit: 548).bytes
    for count in 0...bytes.count {
      let cut = try? Message(decoding: Array(bytes[..<count]))
      if count < Message.fixedSize { #expect(cut == nil) }
      if count == bytes.count { #expect(cut == discover) }
    }
  }

  @Test func `reading, writing and reading again agree on every mutation that can be read`() throws {
    var random = SplitMix64(state: 2)
    var seed = discover
    seed.options.set(.relayInformation, bytes: [1, 2, 3, 4, 5, 4, 192, 0, 2, 1])
    seed.options.set(.overload, bytes: [3])
    seed.file = [12, 2, 65, 66]
    seed.sname = [60, 1, 67]
    let bytes = seed.encode(limit: 548).bytes
    var readable = 0
    for _ in 0..<8000 {
      var mutated = bytes
      for _ in 0...Int(random.next() % 6) {
        // Mostly where the options are.
        let place = random.next() % 2 == 0 ? 240 + random.next() % 60 : random.next() % 300
        mutated[Int(place)] = UInt8(truncatingIfNeeded: random.next())
      }
      guard var message = try? Message(decoding: mutated) else { continue }
      readable += 1
      // What could not be read is not written.
      message.defects = []
      let again = try Message(decoding: message.encode(limit: 1500).bytes)
      if again != message { Issue.record("\(Hexadecimal.encode(mutated)) reads back otherwise") }
    }
    #expect(readable > 1000)
  }

  private func refusal(_ bytes: some Sequence<UInt8>) -> MessageError? {
    do throws(MessageError) {
      _ = try Message(decoding: Array(bytes))
      return nil
    } catch {
      return error
    }
  }
}
