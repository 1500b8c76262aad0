/// What clients send as text, made fit for names and records.
enum Hostname {
  /// The first label, of letters, digits and inner hyphens only, at most 63 of them (RFC 1123 section 2.1): what is
  /// neither becomes a hyphen. Nil where nothing is left. Ends at a NUL.
  static func sanitized(_ bytes: ArraySlice<UInt8>) -> String? {
    var label: [UInt8] = []
    for byte in bytes {
      if byte == 0 || byte == UInt8(ascii: ".") || label.count == 63 { break }
      let isAllowed = byte.isLetterOrDigit
      // No hyphen in front, and one for a run of what is not allowed.
      if isAllowed || byte == UInt8(ascii: "-") && !label.isEmpty {
        label.append(byte)
      } else if let last = label.last, last != UInt8(ascii: "-") {
        label.append(UInt8(ascii: "-"))
      }
    }
    while label.last == UInt8(ascii: "-") { label.removeLast() }
    return label.isEmpty ? nil : String(decoding: label, as: UTF8.self)
  }

  /// The printable ASCII of what a client sent, nil where there is none. Ends at a NUL: what begins with one is no text.
  static func printable(_ bytes: ArraySlice<UInt8>) -> String? {
    let text = bytes.prefix { $0 != 0 }.filter { (0x20...0x7E).contains($0) }
    return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
  }
}

extension Message {
  /// Option 12 as one label, nil where it is none.
  package var label: String? { options[.hostName].flatMap(Hostname.sanitized) }

  /// Option 60, printable bytes only.
  package var printableVendorClass: String? { options[.vendorClass].flatMap(Hostname.printable) }
}

extension UInt8 {
  var isLetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }

  /// The lower-case letter of an upper-case one, any other byte as it is.
  var lowercased: UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
  }
}
