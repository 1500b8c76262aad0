import Glibc

/// Follows the lines of a request's head over the pieces in which it comes, and finds where it ends and where a header
/// field goes on in the next line (RFC 2616 section 2.2; obs-fold of RFC 9112 section 5.2).
///
/// The fields that say how long the body is are not looked at: where they are folded, the parser refuses the request, as
/// nobody else on the way may have read them so.
struct HeadScanner {
  struct Finding: Hashable {
    /// Bytes that may go on to the parser. What is left of them, two at most, can only be judged with the next byte.
    var count = 0
    /// The head ends with them.
    var isEnd = false
    /// The places of the line feeds at which a field goes on: to be blanks, with the carriage return before each.
    var folds: [Int] = []
    /// The number of bytes that the first Content-Length in these bytes tells. The parser has the last word on it.
    var bodyLength: Int?
  }

  /// Bytes of a field's beginning that are kept from one piece to the next: more than the names that matter have.
  static let prefixLength = 64
  private static let lengthFields = ["content-length", "transfer-encoding"].map { Array($0.utf8) }
  private static let contentLength = Array("content-length:".utf8)

  /// Whether the request line has ended.
  private(set) var isInFields = false
  private var isLineEmpty = true
  /// The beginning of the line under way, where that came with an earlier piece.
  private(set) var prefix: [UInt8] = []

  mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Finding {
    var finding = Finding()
    var start = 0
    var place = 0
    while place < bytes.count, let end = Self.lineFeed(in: bytes, from: place) {
      let content = end > place && bytes[end - 1] == 0x0D ? end - 1 : end
      if content > place { isLineEmpty = false }
      if isLineEmpty {
        place = end + 1
        start = place
        // Empty lines before a request are passed over (RFC 9112 section 2.2).
        guard isInFields else { continue }
        finding.count = place
        finding.isEnd = true
        return finding
      }
      guard end + 1 < bytes.count || !isInFields else {
        keep(bytes, from: start, to: content)
        finding.count = content
        return finding
      }
      if isInFields, bytes[end + 1] == 0x20 || bytes[end + 1] == 0x09, !saysLength(bytes, from: start) {
        finding.folds.append(end)
      } else {
        if isInFields, prefix.isEmpty, finding.bodyLength == nil {
          finding.bodyLength = Self.contentLength(UnsafeRawBufferPointer(rebasing: bytes[start..<content]))
        }
        isInFields = true
        isLineEmpty = true
        prefix = []
        start = end + 1
      }
      place = end + 1
    }
    let isHeld = bytes.count > place && bytes[bytes.count - 1] == 0x0D
    let last = isHeld ? bytes.count - 1 : bytes.count
    if last > place { isLineEmpty = false }
    keep(bytes, from: start, to: last)
    finding.count = last
    return finding
  }

  private static func lineFeed(in bytes: UnsafeRawBufferPointer, from place: Int) -> Int? {
    guard let base = bytes.baseAddress, let found = memchr(base + place, 0x0A, bytes.count - place) else { return nil }
    return UnsafeRawPointer(found) - base
  }

  /// The number in a line that is a Content-Length, or nil.
  private static func contentLength(_ line: UnsafeRawBufferPointer) -> Int? {
    guard line.count > contentLength.count, line[0] | 0x20 == UInt8(ascii: "c") else { return nil }
    // The name is letters and a hyphen, and all of them have this bit in lower case.
    guard zip(line, contentLength).allSatisfy({ $0 | 0x20 == $1 }) else { return nil }
    var length = 0
    for byte in line[contentLength.count...] where byte != 0x20 && byte != 0x09 {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), length < 1 << 40 else { return nil }
      length = length * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return length
  }

  private mutating func keep(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) {
    guard prefix.count < Self.prefixLength, end > start else { return }
    prefix += bytes[start..<min(end, start + Self.prefixLength - prefix.count)]
  }

  private func saysLength(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Bool {
    let name = (prefix + bytes[start..<min(bytes.count, start + Self.prefixLength)]).map { byte in
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
    return Self.lengthFields.contains { name.starts(with: $0) }
  }
}
