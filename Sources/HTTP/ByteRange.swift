/// What a Range field asks of a file (RFC 9110 §14).
package enum ByteRange: Hashable, Sendable {
  /// No range, or one that a server may ignore: another unit, several ranges, a wrong spelling. Answer 200.
  case whole
  /// Offsets of bytes, not empty and within the file. Answer 206 with `contentRange`.
  case part(Range<Int>)
  /// Beyond the end of the file. Answer 416 with `contentRange`.
  case unsatisfiable

  /// `length` is the file's, in bytes.
  package init(_ fieldValue: String?, length: Int) {
    self = fieldValue.flatMap { Self.parse($0, length: max(0, length)) } ?? .whole
  }

  /// The value of the Content-Range field, where there is one.
  package func contentRange(length: Int) -> String? {
    switch self {
    case .whole: nil
    case .part(let range): "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)"
    case .unsatisfiable: "bytes */\(length)"
    }
  }

  private static func parse(_ value: String, length: Int) -> ByteRange? {
    let text = Substring(value).trimmed
    guard text.prefix(6).isSameIgnoringCase(as: "bytes=") else { return nil }
    let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false).map(\.trimmed)
    guard ends.count == 2, let first = number(ends[0]), let last = number(ends[1]) else { return nil }
    switch (first, last) {
    case (nil, nil):
      return nil
    case (nil, let suffix?):
      guard suffix > 0, length > 0 else { return .unsatisfiable }
      return .part(max(0, length - suffix)..<length)
    case (let first?, let last):
      guard last.map({ $0 >= first }) ?? true else { return nil }
      guard first < length else { return .unsatisfiable }
      return .part(first..<min(last ?? length - 1, length - 1) + 1)
    }
  }

  /// nil for what is no number, a nil within for an empty text. Numbers beyond Int count as its largest.
  private static func number(_ text: Substring) -> Int?? {
    if text.isEmpty { return .some(nil) }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return .some(Int(text) ?? .max)
  }
}
