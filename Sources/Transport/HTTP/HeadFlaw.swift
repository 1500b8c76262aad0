import NIOCore
import NIOHTTP1

/// Says what of a head the parser did not take. It looks at the head anew: the parser does not tell the place.
enum HeadFlaw {
  static let ofChunks = "the chunks of its body are not as HTTP/1.1 has them"
  static let unknown = "this is not a request of HTTP/1.1"

  /// `prefix` is the beginning of the line that the bytes go on with; `isInFields` whether that is a header field.
  static func described(
    _ bytes: ByteBufferView, behind prefix: [UInt8], isInFields: Bool, _ error: HTTPParserError
  ) -> String {
    var lines = (prefix + bytes).split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      line.last == 0x0D ? line.dropLast() : line
    }
    if !isInFields {
      guard let request = lines.first else { return unknown }
      lines.removeFirst()
      guard isRequestLine(request) else { return unknown }
    }
    // What follows the empty line is no field.
    let fields = lines.prefix { !$0.isEmpty }
    for (number, line) in fields.enumerated() {
      if let flaw = flaw(of: line, isFirst: number == 0 && !isInFields) { return flaw }
    }
    switch error {
    case .headerOverflow:
      let longest = fields.max { $0.count < $1.count } ?? []
      return "its header fields are too long or too many: the longest is \(name(of: longest))"
    case .invalidContentLength, .unexpectedContentLength:
      return "the header fields Content-Length and Transfer-Encoding contradict each other, or are no numbers"
    default: return unknown
    }
  }

  private static func isRequestLine(_ line: ArraySlice<UInt8>) -> Bool {
    let parts = line.split(separator: 0x20)
    return parts.count == 3 && parts[0].allSatisfy(isToken) && parts[2].starts(with: "HTTP/".utf8)
  }

  private static func flaw(of line: ArraySlice<UInt8>, isFirst: Bool) -> String? {
    if let first = line.first, first == 0x20 || first == 0x09 {
      return isFirst
        ? "a blank stands before the first header field"
        : "a header field that says the length of the body, or none, is folded over lines"
    }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
      return "the header line that begins with \(quoted(line)) has no colon"
    }
    let name = line[..<colon]
    guard !name.isEmpty else { return "a header field has no name" }
    guard name.allSatisfy(isToken) else {
      return "the name of the header field \(quoted(name)) has a character that no name may have"
    }
    let value = line[(colon + 1)...]
    if let control = value.first(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
      return "the value of the header field \(quoted(name)) has the control character 0x\(hexadecimal(control))"
    }
    if name.elementsEqual("content-length".utf8, by: { $0 | 0x20 == $1 }), !isNumber(value) {
      return "the value of the header field \(quoted(name)) is no number"
    }
    return nil
  }

  private static func isNumber(_ value: ArraySlice<UInt8>) -> Bool {
    let digits = value.filter { $0 != 0x20 && $0 != 0x09 }
    return !digits.isEmpty && digits.count < 19 && digits.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func name(of line: ArraySlice<UInt8>) -> String {
    quoted(line.prefix { $0 != UInt8(ascii: ":") })
  }

  /// Its first 64 characters, and no control characters.
  private static func quoted(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(
      decoding: bytes.prefix(64).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    return "\"\(text)\"" + (bytes.count > 64 ? "…" : "")
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }

  /// RFC 9110 section 5.6.2.
  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
