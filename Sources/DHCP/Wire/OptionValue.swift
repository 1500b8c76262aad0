import Net

/// A value that an option can carry.
package protocol OptionValue {
  /// Nil for bytes that are no such value: the wrong length, most often.
  init?(option bytes: ArraySlice<UInt8>)
  func write(into bytes: inout [UInt8])
}

/// An option and the type of its value, such as ``OptionKey/requestedAddress``.
package struct OptionKey<Value: OptionValue>: Sendable {
  package let code: OptionCode

  init(_ code: OptionCode) {
    self.code = code
  }
}

/// An option is there, but its value is not what the option's RFC says.
package struct MalformedOption: Error, Hashable, Sendable, CustomStringConvertible {
  package let code: OptionCode
  package let value: [UInt8]

  package init(code: OptionCode, value: [UInt8]) {
    self.code = code
    self.value = value
  }

  package var description: String {
    "\(code) is malformed: \(value.count) bytes \(Hexadecimal.encode(value.prefix(32)))"
  }
}

extension OptionList {
  /// Nil where the option is absent.
  package func value<Value>(_ key: OptionKey<Value>) throws(MalformedOption) -> Value? {
    guard let bytes = self[key.code] else { return nil }
    guard let value = Value(option: bytes) else { throw MalformedOption(code: key.code, value: Array(bytes)) }
    return value
  }

  /// Nil also where the value is malformed, which is noted.
  func value<Value>(_ key: OptionKey<Value>, _ defects: inout [OptionDefect]) -> Value? {
    guard let bytes = self[key.code] else { return nil }
    let value = Value(option: bytes)
    if value == nil { defects.append(OptionDefect(key.code, .malformed)) }
    return value
  }

  /// Sets an option, in place where it is there already, else at the end.
  package mutating func set<Value>(_ key: OptionKey<Value>, _ value: Value) {
    var bytes: [UInt8] = []
    value.write(into: &bytes)
    set(key.code, bytes: bytes)
  }
}

extension UInt16: OptionValue {
  package init?(option bytes: ArraySlice<UInt8>) {
    guard bytes.count == 2 else { return nil }
    self = bytes.reduce(0) { $0 << 8 | UInt16($1) }
  }

  package func write(into bytes: inout [UInt8]) {
    bytes.append(UInt8(self >> 8))
    bytes.append(UInt8(self & 0xFF))
  }
}

extension UInt32: OptionValue {
  package init?(option bytes: ArraySlice<UInt8>) {
    guard bytes.count == 4 else { return nil }
    self = bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }

  package func write(into bytes: inout [UInt8]) {
    UInt16(self >> 16).write(into: &bytes)
    UInt16(self & 0xFFFF).write(into: &bytes)
  }
}

extension MessageType: OptionValue {
  package init?(option bytes: ArraySlice<UInt8>) {
    guard bytes.count == 1, let only = bytes.first else { return nil }
    self.init(rawValue: only)
  }

  package func write(into bytes: inout [UInt8]) {
    bytes.append(rawValue)
  }
}

/// One or more of the same, one after the other: addresses, option codes.
extension Array: OptionValue where Element: OptionListElement {
  package init?(option bytes: ArraySlice<UInt8>) {
    guard !bytes.isEmpty, bytes.count.isMultiple(of: Element.optionSize) else { return nil }
    self = []
    reserveCapacity(bytes.count / Element.optionSize)
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: Element.optionSize) {
      guard let element = Element(option: bytes[start..<start + Element.optionSize]) else { return nil }
      append(element)
    }
  }

  package func write(into bytes: inout [UInt8]) {
    for element in self { element.write(into: &bytes) }
  }
}

/// A value of a fixed size, of which an option can hold several.
package protocol OptionListElement: OptionValue {
  static var optionSize: Int { get }
}

extension OptionCode: OptionListElement {
  package static var optionSize: Int { 1 }

  package init?(option bytes: ArraySlice<UInt8>) {
    guard bytes.count == 1, let only = bytes.first else { return nil }
    self.init(rawValue: only)
  }

  package func write(into bytes: inout [UInt8]) {
    bytes.append(rawValue)
  }
}

extension UInt8: OptionListElement {
  package static var optionSize: Int { 1 }

  package init?(option bytes: ArraySlice<UInt8>) {
    guard bytes.count == 1, let only = bytes.first else { return nil }
    self = only
  }

  package func write(into bytes: inout [UInt8]) {
    bytes.append(self)
  }
}

/// Text of at least one character, UTF-8. A NUL that ends it is taken off, as RFC 2132 section 2 wants of a receiver;
/// bytes that are no UTF-8 become U+FFFD. None is written with a NUL.
extension String: OptionValue {
  package init?(option bytes: ArraySlice<UInt8>) {
    var text = bytes
    while text.last == 0 { text.removeLast() }
    guard !text.isEmpty else { return nil }
    self.init(decoding: text, as: UTF8.self)
  }

  package func write(into bytes: inout [UInt8]) {
    bytes.append(contentsOf: utf8)
  }
}
