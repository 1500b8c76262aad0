/// The head of a response, of whatever there is: its lines may end in a line feed alone, a field may go on in the next
/// line with or without a blank before, and the end may be missing.
package struct ResponseHead: Hashable, Sendable {
  package let status: Int
  package let headers: Headers

  /// Nil where it does not begin as a response of HTTP/1 does.
  package init?(reading bytes: [UInt8]) {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      line.last == 0x0D ? line.dropLast() : line
    }[...]
    guard let first = lines.popFirst(), first.starts(with: "HTTP/1.".utf8),
      let code = first.split(separator: 0x20).dropFirst().first.flatMap({ Int(String(decoding: $0, as: UTF8.self)) })
    else { return nil }
    var headers = Headers()
    for line in lines.prefix(while: { !$0.isEmpty }) {
      let text = String(decoding: line, as: UTF8.self)
      let name = line.prefix(while: \.isTokenCharacter)
      if name.isEmpty || line.dropFirst(name.count).first != UInt8(ascii: ":") {
        headers.appendToLast(" " + text.trimmed)
      } else {
        headers.append(
          String(decoding: name, as: UTF8.self), String(text.utf8.dropFirst(name.count + 1))?.trimmed ?? "")
      }
    }
    status = code
    self.headers = headers
  }
}
