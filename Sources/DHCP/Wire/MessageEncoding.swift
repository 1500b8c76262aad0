import Net

/// The bytes of a message, and what did not fit in them.
package struct EncodedMessage: Hashable, Sendable {
  package let bytes: [UInt8]
  /// Options left out because the limit allows no more, in order.
  package let dropped: [OptionCode]
}

extension Message {
  /// The message in at most `limit` bytes (UDP payload; at least ``minimumSize``), padded to ``minimumSize``. Options stand
  /// in their order, which is their rank: where they do not fit, `file` and `sname` take options too (option 52), as far
  /// as these hold nothing that the options do not say as well; then the last ones are dropped. Option 82 stays out of
  /// `file` and `sname` (RFC 3046 section 2.2). Values over 255 bytes are split (RFC 3396 section 6).
  package func encode(limit: Int) -> EncodedMessage {
    let limit = max(limit, Self.minimumSize)
    var writer = ByteWriter(reserving: limit)
    let size = options.encodedSize
    if Self.fixedSize + size + 1 <= limit {
      writeFixedFields(into: &writer, sname: nil, file: nil)
      options.forEach { code, value in writer.write(code, value) }
      writer.finish()
      return EncodedMessage(bytes: writer.bytes, dropped: [])
    }
    return encodeOverloaded(limit: limit)
  }

  /// The area of each option is the first of options, `file`, `sname` in which it still fits.
  private func encodeOverloaded(limit: Int) -> EncodedMessage {
    var dropped: [OptionCode] = []
    // Room is kept for option 52 and END, and for option 82, which may stand nowhere else.
    var room = limit - Self.fixedSize - 4
    var relay = options[.relayInformation]
    if let value = relay {
      let size = OptionList.encodedSize(of: value.count)
      if size <= room {
        room -= size
      } else {
        relay = nil
        dropped.append(.relayInformation)
      }
    }
    var main = Area(room: room)
    var fileArea = Area(room: isRepeated(file, in: .bootFileName) ? 127 : 0)
    var snameArea = Area(room: isRepeated(sname, in: .tftpServerName) ? 63 : 0)
    options.forEach { code, value in
      guard code != .relayInformation else { return }
      if !main.take(code, value), !fileArea.take(code, value), !snameArea.take(code, value) { dropped.append(code) }
    }

    var writer = ByteWriter(reserving: limit)
    let overload: UInt8 = (fileArea.isUsed ? 1 : 0) | (snameArea.isUsed ? 2 : 0)
    writeFixedFields(
      into: &writer, sname: snameArea.isUsed ? snameArea.writer.bytes + [255] : nil,
      file: fileArea.isUsed ? fileArea.writer.bytes + [255] : nil)
    writer.write(main.writer.bytes)
    if overload != 0 { writer.write(.overload, [overload]) }
    if let relay { writer.write(.relayInformation, relay) }
    writer.finish()
    return EncodedMessage(bytes: writer.bytes, dropped: dropped)
  }

  /// Whether a field may give its place to options.
  private func isRepeated(_ field: [UInt8], in code: OptionCode) -> Bool {
    field.isEmpty || options[code]?.elementsEqual(field) == true
  }

  private func writeFixedFields(into writer: inout ByteWriter, sname: [UInt8]?, file: [UInt8]?) {
    let chaddr = self.chaddr.prefix(16)
    writer.write(op.rawValue)
    writer.write(htype)
    writer.write(UInt8(chaddr.count))
    writer.write(hops)
    writer.write(xid)
    writer.write(secs)
    writer.write(flags)
    writer.write(ciaddr)
    writer.write(yiaddr)
    writer.write(siaddr)
    writer.write(giaddr)
    writer.write(field: chaddr, width: 16)
    writer.write(field: (sname ?? self.sname)[...], width: Offset.sname.count)
    writer.write(field: (file ?? self.file)[...], width: Offset.file.count)
    writer.write(Self.cookie)
  }
}

/// Options for one of the three places where they may stand.
private struct Area {
  var writer = ByteWriter()
  let room: Int

  init(room: Int) {
    self.room = room
  }

  var isUsed: Bool { writer.count > 0 }

  mutating func take(_ code: OptionCode, _ value: ArraySlice<UInt8>) -> Bool {
    guard writer.count + OptionList.encodedSize(of: value.count) <= room else { return false }
    writer.write(code, value)
    return true
  }
}

extension OptionList {
  /// With the headers, one for each 255 bytes of a value.
  fileprivate static func encodedSize(of count: Int) -> Int {
    count + 2 * max(1, (count + 254) / 255)
  }

  fileprivate var encodedSize: Int {
    var size = 0
    forEach { _, value in size += Self.encodedSize(of: value.count) }
    return size
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ code: OptionCode, _ value: ArraySlice<UInt8>) {
    var rest = value
    repeat {
      let part = rest.prefix(255)
      write(code.rawValue)
      write(UInt8(part.count))
      write(part)
      rest = rest.dropFirst(part.count)
    } while !rest.isEmpty
  }

  fileprivate mutating func write(field: ArraySlice<UInt8>, width: Int) {
    write(field.prefix(width))
    write(zeros: width - field.count)
  }

  fileprivate mutating func finish() {
    write(OptionCode.end.rawValue)
    write(zeros: Message.minimumSize - count)
  }
}
