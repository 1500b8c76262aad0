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

extension DeviceID {
  /// The device that is described so, see ``description``; nil where the text describes none.
  package init?(_ description: String) {
    let parts = description.split(separator: "-", omittingEmptySubsequences: false).map { Self.unescape($0) }
    guard (2...3).contains(parts.count), let oui = parts[0], let second = parts[1], let last = parts[parts.count - 1]
    else { return nil }
    self.init(oui: oui, productClass: parts.count == 3 ? second : "", serialNumber: last)
  }

  private static func unescape(_ part: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = part.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(Substring(rest.prefix(2)), radix: 16) else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension DeviceID: CustomStringConvertible {
  /// `OUI-ProductClass-SerialNumber`, the class left out where it is empty, each other character than a letter, a
  /// digit or `_` as `%XX`, so that the parts can be told apart again.
  package var description: String {
    var text: [UInt8] = []
    text.reserveCapacity(oui.utf8.count + productClass.utf8.count + serialNumber.utf8.count + 16)
    Self.append(oui, to: &text)
    if !productClass.isEmpty {
      text.append(UInt8(ascii: "-"))
      Self.append(productClass, to: &text)
    }
    text.append(UInt8(ascii: "-"))
    Self.append(serialNumber, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  private static func append(_ part: String, to text: inout [UInt8]) {
    for byte in part.utf8 {
      if isPlain(byte) {
        text.append(byte)
      } else {
        text += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
  }

  private static let digits = Array("0123456789ABCDEF".utf8)

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
