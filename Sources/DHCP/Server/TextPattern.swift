/// A text to look for, upper and lower case alike: it stands somewhere in the value, or, where it has `*` (any text) or
/// `?` (any one character), it fits the whole of it.
package struct TextPattern: Hashable, Sendable, ExpressibleByStringLiteral {
  private let elements: [UInt8]

  package init(_ text: String) {
    let bytes = text.utf8.map(\.lowercased)
    let any = UInt8(ascii: "*")
    elements = bytes.contains { $0 == any || $0 == UInt8(ascii: "?") } ? bytes : [any] + bytes + [any]
  }

  package init(stringLiteral text: String) {
    self.init(text)
  }

  /// In time of at most the product of the lengths: a failed match goes back to the last `*` only.
  package func matches(_ value: ArraySlice<UInt8>) -> Bool {
    var position = value.startIndex
    var element = 0
    var retry: (element: Int, position: Int)?
    while position < value.endIndex {
      if element < elements.count, elements[element] == UInt8(ascii: "*") {
        retry = (element, position)
        element += 1
      } else if element < elements.count,
        elements[element] == UInt8(ascii: "?") || elements[element] == value[position].lowercased
      {
        element += 1
        position += 1
      } else if let last = retry {
        retry = (last.element, last.position + 1)
        element = last.element + 1
        position = last.position + 1
      } else {
        return false
      }
    }
    return elements[element...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

/// What a relay calls a port or itself: a text with wildcards, which must fit the whole of it, or all of its bytes.
package enum BytesPattern: Hashable, Sendable {
  case bytes([UInt8])
  case text(TextPattern)

  /// `text` without wildcards is the whole name of a port: `eth0/1` is not `eth0/10`.
  package init(_ text: String) {
    self = text.contains { $0 == "*" || $0 == "?" } ? .text(TextPattern(text)) : .bytes(Array(text.utf8))
  }

  package func matches(_ value: ArraySlice<UInt8>) -> Bool {
    switch self {
    case .bytes(let bytes): value.elementsEqual(bytes)
    case .text(let pattern): pattern.matches(value)
    }
  }
}
