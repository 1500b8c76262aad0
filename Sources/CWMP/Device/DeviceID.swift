/// What names a CPE for its ACS (TR-069 section 3.4.4 and the DeviceIdStruct of its Inform).
package struct DeviceID: Hashable, Sendable, Codable {
  /// Six hexadecimal digits, upper case whatever the CPE sent.
  package let oui: String
  /// May be empty.
  package let productClass: String
  package let serialNumber: String

  package init(oui: String, productClass: String, serialNumber: String) {
    self.oui = oui.uppercased()
    self.productClass = productClass
    self.serialNumber = serialNumber
  }
}

extension DeviceID: CustomStringConvertible {
  /// `OUI-ProductClass-SerialNumber`, the class left out where it is empty, each other character than a letter, a
  /// digit or `_` as `%XX`, so that the parts can be told apart again.
  package var description: String {
    let parts = productClass.isEmpty ? [oui, serialNumber] : [oui, productClass, serialNumber]
    return parts.map(Self.escape).joined(separator: "-")
  }

  private static func escape(_ part: String) -> String {
    if part.utf8.allSatisfy(isPlain) { return part }
    let digits = Array("0123456789ABCDEF")
    return part.utf8.reduce(into: "") { text, byte in
      if isPlain(byte) {
        text.append(Character(Unicode.Scalar(byte)))
      } else {
        text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
