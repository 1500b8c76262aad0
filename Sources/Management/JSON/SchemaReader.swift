/// A decoder that has nothing to decode: it gives a type samples of all that the type asks for, and keeps what that was.
struct SchemaReader: Decoder {
  /// What was asked for.
  final class Findings {
    var properties: [JSONSchema.Property] = []
    var other: JSONSchema?
    /// The keys that may be null.
    var optional: Set<String> = []

    func add(_ key: String, _ schema: JSONSchema) {
      properties.append(JSONSchema.Property(key: key, schema: optional.contains(key) ? .optional(schema) : schema))
    }
  }

  /// A type that a sample cannot be made of.
  struct Unknown: Error {}

  let findings = Findings()
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  static func schema<Value: Decodable>(of type: Value.Type) -> JSONSchema {
    if let type = type as? any Sampled.Type { return type.schema }
    let reader = SchemaReader()
    _ = try? Value(from: reader)
    return reader.findings.other ?? (reader.findings.properties.isEmpty ? .any : .object(reader.findings.properties))
  }

  static func sample<Value: Decodable>(of type: Value.Type) throws -> Value {
    if let type = type as? any Sampled.Type, let sample = type.sample as? Value { return sample }
    if let type = type as? any CaseIterable.Type, let sample = first(of: type) as? Value { return sample }
    return try Value(from: SchemaReader())
  }

  private static func first<Word: CaseIterable>(of type: Word.Type) -> Word? {
    type.allCases.first
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(KeyedReader<Key>(findings: findings))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Unknown() }

  func singleValueContainer() -> any SingleValueDecodingContainer { SingleReader(findings: findings) }
}

private struct KeyedReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let findings: SchemaReader.Findings
  let codingPath: [any CodingKey] = []
  let allKeys: [Key] = []

  func contains(_ key: Key) -> Bool { true }

  /// Asked only of what may be null.
  func decodeNil(forKey key: Key) -> Bool {
    findings.optional.insert(key.stringValue)
    return false
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    findings.add(key.stringValue, SchemaReader.schema(of: type))
    return try SchemaReader.sample(of: type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    throw SchemaReader.Unknown()
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw SchemaReader.Unknown() }
  func superDecoder() throws -> any Decoder { throw SchemaReader.Unknown() }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw SchemaReader.Unknown() }
}

private struct SingleReader: SingleValueDecodingContainer {
  let findings: SchemaReader.Findings
  let codingPath: [any CodingKey] = []

  func decodeNil() -> Bool { false }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    findings.other = SchemaReader.schema(of: type)
    return try SchemaReader.sample(of: type)
  }
}
