/// The form that text takes in netascii mode (RFC 764): a line ends with CR LF, and a CR alone is CR NUL.
package enum Netascii {
  /// From lines that end with LF, or with CR LF already.
  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var encoder = Encoder()
    return encoder.encode(bytes) + encoder.rest
  }

  /// Encodes piece by piece.
  struct Encoder: Sendable {
    /// Whether the last byte was a CR, of which the next one says what it is.
    private var isAfterReturn = false

    /// What follows the last piece.
    var rest: [UInt8] { isAfterReturn ? [0x0D, 0x00] : [] }

    mutating func encode(_ bytes: [UInt8]) -> [UInt8] {
      var encoded: [UInt8] = []
      encoded.reserveCapacity(bytes.count + bytes.count / 16 + 2)
      for byte in bytes {
        if isAfterReturn, byte != 0x0A { encoded += [0x0D, 0x00] }
        isAfterReturn = byte == 0x0D
        switch byte {
        case 0x0A: encoded += [0x0D, 0x0A]
        case 0x0D: break
        default: encoded.append(byte)
        }
      }
      return encoded
    }
  }

  /// To lines that end with LF.
  package static func decode(_ bytes: [UInt8]) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
      let followsReturn = index > 0 && bytes[index - 1] == 0x0D
      switch byte {
      case 0x0A where followsReturn: decoded[decoded.count - 1] = 0x0A
      case 0x00 where followsReturn: break
      default: decoded.append(byte)
      }
    }
    return decoded
  }
}
