package import Foundation

/// What programs are told: JSON in which every key of a report is always there, null where there is nothing to say, in
/// the order of the alphabet.
package enum WholeJSON {
  package enum Layout: Sendable {
    /// For a line of a stream, or a body.
    case line
    /// For a person's eye too.
    case pretty
  }

  package static func encode(_ value: some Encodable, _ layout: Layout = .line) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      switch layout {
      case .line: [.sortedKeys, .withoutEscapingSlashes]
      case .pretty: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      }
    return try encoder.encode(Whole(value))
  }

  package static func text(_ value: some Encodable, _ layout: Layout = .line) throws -> String {
    String(decoding: try encode(value, layout), as: UTF8.self)
  }
}

/// A value that is encoded with its absent keys as null.
private struct Whole<Value: Encodable>: Encodable {
  let value: Value

  init(_ value: Value) {
    self.value = value
  }

  func encode(to encoder: any Encoder) throws {
    try value.encode(to: WholeEncoder(encoder: encoder))
  }
}

/// Passes all on to another encoder, but that an absent value becomes null.
private struct WholeEncoder: Encoder {
  let encoder: any Encoder

  var codingPath: [any CodingKey] { encoder.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { encoder.userInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(WholeKeyedContainer(container: encoder.container(keyedBy: type)))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    WholeUnkeyedContainer(container: encoder.unkeyedContainer())
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { encoder.singleValueContainer() }
}

private struct WholeKeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  var container: KeyedEncodingContainer<Key>

  var codingPath: [any CodingKey] { container.codingPath }

  mutating func encodeNil(forKey key: Key) throws { try container.encodeNil(forKey: key) }

  mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try container.encode(Whole(value), forKey: key)
  }

  mutating func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
    try encode(orNull: value, key)
  }

  // The protocol has defaults for these, which leave out what is absent.
  mutating func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try encode(orNull: value, key) }
  mutating func encodeIfPresent(_ value: String?, forKey key: Key) throws { try encode(orNull: value, key) }
  mutating func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try encode(orNull: value, key) }
  mutating func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try encode(orNull: value, key) }
  mutating func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try encode(orNull: value, key) }
  mutating func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try encode(orNull: value, key) }
  mutating func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try encode(orNull: value, key) }
  mutating func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try encode(orNull: value, key) }
  mutating func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try encode(orNull: value, key) }

  private mutating func encode(orNull value: (some Encodable)?, _ key: Key) throws {
    if let value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    KeyedEncodingContainer(
      WholeKeyedContainer<Nested>(container: container.nestedContainer(keyedBy: type, forKey: key)))
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    WholeUnkeyedContainer(container: container.nestedUnkeyedContainer(forKey: key))
  }

  mutating func superEncoder() -> any Encoder { WholeEncoder(encoder: container.superEncoder()) }

  mutating func superEncoder(forKey key: Key) -> any Encoder {
    WholeEncoder(encoder: container.superEncoder(forKey: key))
  }
}

private struct WholeUnkeyedContainer: UnkeyedEncodingContainer {
  var container: any UnkeyedEncodingContainer

  var codingPath: [any CodingKey] { container.codingPath }
  var count: Int { container.count }

  mutating func encodeNil() throws { try container.encodeNil() }

  mutating func encode<Value: Encodable>(_ value: Value) throws { try container.encode(Whole(value)) }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    KeyedEncodingContainer(WholeKeyedContainer<Nested>(container: container.nestedContainer(keyedBy: type)))
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    WholeUnkeyedContainer(container: container.nestedUnkeyedContainer())
  }

  mutating func superEncoder() -> any Encoder { WholeEncoder(encoder: container.superEncoder()) }
}
