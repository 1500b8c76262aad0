/// The form that text takes in netascii mode (RFC 764): a line ends with CR LF, and a CR alone is CR NUL.
package enum Netascii {
  /// From lines that end with LF, or with CR LF already.
  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(bytes.count + bytes.count / 16)
    for index in bytes.indices {
      switch bytes[index] {
      case 0x0A where index == 0 || bytes[index - 1] != 0x0D: encoded += [0x0D, 0x0A]
      case 0x0D where index + 1 == bytes.count || bytes[index + 1] != 0x0A: encoded += [0x0D, 0x00]
      default: encoded.append(bytes[index])
      }
    }
    return encoded
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
