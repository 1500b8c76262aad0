/// One `code length value` inside an option (43, 125). Its length counts the value alone.
package struct SubOption: Hashable, Sendable {
  package let code: UInt8
  /// At most 255 bytes.
  package let value: [UInt8]

  package init(code: UInt8, value: [UInt8]) {
    self.code = code
    self.value = value
  }

  /// Where and by how much sub-options do not come out even: offsets count from the start of the option's value.
  package struct Truncation: Error, Hashable, Sendable {
    package let code: UInt8
    package let offset: Int
    package let needed: Int
  }

  /// Every byte belongs to a sub-option, or it is an error. PAD and END have no meaning here.
  package static func list(decoding bytes: ArraySlice<UInt8>) throws(Truncation) -> [SubOption] {
    var list: [SubOption] = []
    var rest = bytes
    while let code = rest.first {
      let offset = rest.startIndex - bytes.startIndex
      guard rest.count >= 2 else { throw Truncation(code: code, offset: offset, needed: 1) }
      let length = Int(rest[rest.startIndex + 1])
      guard rest.count >= 2 + length else {
        throw Truncation(code: code, offset: offset, needed: 2 + length - rest.count)
      }
      list.append(SubOption(code: code, value: Array(rest.dropFirst(2).prefix(length))))
      rest = rest.dropFirst(2 + length)
    }
    return list
  }

  package static func encode(_ list: [SubOption]) -> [UInt8] {
    list.flatMap { [$0.code, UInt8($0.value.prefix(255).count)] + $0.value.prefix(255) }
  }
}
