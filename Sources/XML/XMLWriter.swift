/// Writes a document as UTF-8. What it is given as text is text: it is escaped, and characters that XML 1.0 does not
/// have are left out. Names are ours and are written as they are.
package struct XMLWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(reserving capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  /// `<?xml version="1.0" encoding="UTF-8"?>`; only at the very start.
  package mutating func declaration() {
    bytes.append(contentsOf: #"<?xml version="1.0" encoding="UTF-8"?>"#.utf8)
  }

  /// An element with whatever `content` writes.
  package mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], content: (inout XMLWriter) -> Void
  ) {
    start(name, attributes)
    bytes.append(UInt8(ascii: ">"))
    content(&self)
    end(name)
  }

  /// An element that holds only text; without text it is written as an empty element.
  package mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String = ""
  ) {
    start(name, attributes)
    guard !text.isEmpty else {
      bytes.append(contentsOf: "/>".utf8)
      return
    }
    bytes.append(UInt8(ascii: ">"))
    escape(text, inAttribute: false)
    end(name)
  }

  /// Whether XML 1.0 section 2.2 has this character.
  package static func isLegal(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }

  private mutating func start(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    bytes.append(UInt8(ascii: "<"))
    bytes.append(contentsOf: name.utf8)
    for (name, value) in attributes {
      bytes.append(UInt8(ascii: " "))
      bytes.append(contentsOf: name.utf8)
      bytes.append(contentsOf: "=\"".utf8)
      escape(value, inAttribute: true)
      bytes.append(UInt8(ascii: "\""))
    }
  }

  private mutating func end(_ name: String) {
    bytes.append(contentsOf: "</".utf8)
    bytes.append(contentsOf: name.utf8)
    bytes.append(UInt8(ascii: ">"))
  }

  /// Carriage returns, and in attributes line feeds and tabs too, are written as references: a reader would make other
  /// white space of them (XML 1.0 sections 2.11 and 3.3.3).
  private mutating func escape(_ text: String, inAttribute: Bool) {
    var text = text
    text.withUTF8 { utf8 in
      var written = 0
      for place in 0..<utf8.count {
        var skipped = 1
        let replacement: StaticString
        switch unsafe utf8[place] {
        case UInt8(ascii: "&"): replacement = "&amp;"
        case UInt8(ascii: "<"): replacement = "&lt;"
        case UInt8(ascii: ">"): replacement = "&gt;"
        case UInt8(ascii: "\""):
          guard inAttribute else { continue }
          replacement = "&quot;"
        case 0x0D: replacement = "&#13;"
        case 0x0A:
          guard inAttribute else { continue }
          replacement = "&#10;"
        case 0x09:
          guard inAttribute else { continue }
          replacement = "&#9;"
        case 0..<0x20: replacement = ""
        case 0xEF:
          // U+FFFE and U+FFFF, the only ones above the control characters that are left out.
          guard unsafe utf8[place + 1] == 0xBF, unsafe utf8[place + 2] >= 0xBE else { continue }
          skipped = 3
          replacement = ""
        default: continue
        }
        unsafe bytes.append(contentsOf: utf8[written..<place])
        unsafe bytes.append(
          contentsOf: UnsafeBufferPointer(start: replacement.utf8Start, count: replacement.utf8CodeUnitCount))
        written = place + skipped
      }
      unsafe bytes.append(contentsOf: utf8[written...])
    }
  }
}
