extension String {
  /// Without the white space of XML 1.0 section 2.3 (space, tab, line feed, carriage return) at either end.
  package var trimmed: String {
    let bytes = utf8.span
    var (start, end) = (0, bytes.count)
    while start < end, bytes[start].isWhiteSpace { start += 1 }
    while start < end, bytes[end - 1].isWhiteSpace { end -= 1 }
    guard start > 0 || end < bytes.count else { return self }
    return String(utf8.dropFirst(start).prefix(end - start)) ?? ""
  }
}

extension UInt8 {
  fileprivate var isWhiteSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
