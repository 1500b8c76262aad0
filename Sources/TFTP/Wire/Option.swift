import Net

/// An option of a request, or of its acknowledgment (RFC 2347). Names are compared without regard to case.
package struct Option: Hashable, Sendable {
  package let name: String
  package let value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  package init(_ name: String, _ value: Int) {
    self.init(name, String(value))
  }

  /// Bytes of data in a block, 8 to 65,464 (RFC 2348).
  package static let blockSize = "blksize"
  /// Bytes in all; 0 in a read request asks for it (RFC 2349).
  package static let transferSize = "tsize"
  /// Seconds to wait before sending again, 1 to 255 (RFC 2349).
  package static let timeout = "timeout"
  /// Blocks that are sent before an acknowledgment is waited for, 1 to 65,535 (RFC 7440).
  package static let windowSize = "windowsize"

  /// What a block has where nothing else was agreed (RFC 1350), in bytes.
  package static let defaultBlockSize = 512
  package static let blockSizes = 8...65_464
  package static let timeouts = 1...255
  package static let windowSizes = 1...65_535
}

extension [Option] {
  /// The value of the first option of this name, which is in lower case: a name may be there once (RFC 2347).
  package func value(of name: String) -> String? {
    first { $0.name.lowercased() == name }?.value
  }

  /// The value as a decimal number without sign, if it is one.
  package func number(_ name: String) -> Int? {
    guard let value = value(of: name), !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(value)
  }

  /// An option that the end cuts is left out, as one that is not known may be (RFC 2347): what its value was is not known.
  init(decoding reader: inout PacketReader) throws(PacketError) {
    self = []
    while !reader.isAtEnd {
      let name = try reader.readText().value
      guard !reader.isAtEnd else { return }
      let value = try reader.readText()
      guard value.isTerminated else { return }
      append(Option(name, value.value))
    }
  }

  func encode(into writer: inout ByteWriter) {
    for option in self {
      writer.write(text: option.name)
      writer.write(text: option.value)
    }
  }
}
