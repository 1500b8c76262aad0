/// What a request line asks for (RFC 9112 §3.2): the path with its percent signs resolved, and the query's pairs.
package struct RequestTarget: Hashable, Sendable {
  package struct QueryItem: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// As it came: origin form (`/acs?x=1`), or absolute (`http://host/acs`) as some clients send.
  package let text: String
  /// Percent-decoded, always with a leading slash; `*` where the target is `*`. Bytes that are not UTF-8 become U+FFFD.
  package let path: String
  /// Percent-decoded, `+` as a space, in order; a name without `=` has an empty value. At most 256 pairs are kept.
  package let query: [QueryItem]

  package static let maximumQueryItems = 256

  package init(_ text: String) {
    self.text = text
    if Self.isPlainPath(text) {
      path = text
      query = []
      return
    }
    var rest = Self.withoutOrigin(Substring(text))
    rest = rest.prefix { $0 != "#" }
    let path = rest.utf8.prefix { $0 != UInt8(ascii: "?") }
    let query = rest.utf8.dropFirst(path.count + 1)
    let decoded = percentDecoded(path)
    self.path = decoded.hasPrefix("/") || decoded == "*" ? decoded : "/" + decoded
    self.query = query.split(separator: UInt8(ascii: "&"), maxSplits: Self.maximumQueryItems)
      .prefix(Self.maximumQueryItems).map { pair in
        let name = pair.prefix { $0 != UInt8(ascii: "=") }
        return QueryItem(
          percentDecoded(name, plusIsSpace: true), percentDecoded(pair.dropFirst(name.count + 1), plusIsSpace: true))
      }
  }

  /// Nearly every target is a path that means what it says.
  private static func isPlainPath(_ text: String) -> Bool {
    text.utf8.first == UInt8(ascii: "/")
      && text.utf8.allSatisfy { $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
  }

  /// The first value of that name.
  package func value(of name: String) -> String? {
    query.first { $0.name == name }?.value
  }

  /// Host and port, where the target is absolute.
  package var authority: String? {
    guard text.utf8.first != UInt8(ascii: "/"), let rest = Self.afterScheme(Substring(text)) else { return nil }
    return String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" })
  }

  /// The part from the path on: what two spellings of the same target, absolute and not, have in common.
  static func withoutOrigin(_ target: Substring) -> Substring {
    guard let afterScheme = afterScheme(target) else { return target }
    guard let path = afterScheme.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return "/" }
    return afterScheme[path...]
  }

  private static func afterScheme(_ target: Substring) -> Substring? {
    ["http://", "https://"].first { target.prefix($0.count).isSameIgnoringCase(as: $0) }
      .map { target.dropFirst($0.count) }
  }
}

/// The text with every `%41` resolved; a percent sign without two digits stands for itself.
private func percentDecoded(_ text: some Sequence<UInt8>, plusIsSpace: Bool = false) -> String {
  let text = Array(text)
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.count)
  var index = 0
  while index < text.count {
    if text[index] == UInt8(ascii: "%"), index + 2 < text.count, let high = text[index + 1].hexadecimalValue,
      let low = text[index + 2].hexadecimalValue
    {
      bytes.append(high << 4 | low)
      index += 3
    } else {
      bytes.append(plusIsSpace && text[index] == UInt8(ascii: "+") ? 0x20 : text[index])
      index += 1
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
