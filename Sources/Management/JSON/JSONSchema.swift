/// The shape of a report in JSON (JSON Schema, draft 2020-12). It is read off the report's own type, so that it cannot
/// say anything else than what is sent.
package indirect enum JSONSchema: Hashable, Sendable {
  case string, integer, number, boolean
  case array(JSONSchema)
  /// Every key is there, and no other.
  case object([Property])
  /// Any keys, with such values.
  case map(JSONSchema)
  /// That, or null.
  case optional(JSONSchema)
  /// Nothing is known of it.
  case any
  case null

  package struct Property: Hashable, Sendable {
    package let key: String
    package let schema: JSONSchema

    package init(key: String, schema: JSONSchema) {
      self.key = key
      self.schema = schema
    }
  }

  /// Of what `type` is encoded as.
  package init<Report: Decodable>(of type: Report.Type) {
    self = SchemaReader.schema(of: type)
  }
}

extension JSONSchema: Encodable {
  private enum CodingKeys: String, CodingKey {
    case type, items, properties, required, additionalProperties, anyOf
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
      self.stringValue = stringValue
    }

    init?(intValue: Int) {
      nil
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .any: break
    case .string, .integer, .number, .boolean, .null: try container.encode(word, forKey: .type)
    case .array(let element):
      try container.encode(word, forKey: .type)
      try container.encode(element, forKey: .items)
    case .map(let value):
      try container.encode(word, forKey: .type)
      try container.encode(value, forKey: .additionalProperties)
    case .object(let properties):
      try container.encode(word, forKey: .type)
      var named = container.nestedContainer(keyedBy: Name.self, forKey: .properties)
      for property in properties { try named.encode(property.schema, forKey: Name(stringValue: property.key)) }
      try container.encode(properties.map(\.key), forKey: .required)
      try container.encode(false, forKey: .additionalProperties)
    case .optional(let schema):
      switch schema {
      case .string, .integer, .number, .boolean: try container.encode([schema.word, "null"], forKey: .type)
      case .array, .object, .map, .optional, .any, .null: try container.encode([schema, .null], forKey: .anyOf)
      }
    }
  }

  private var word: String {
    switch self {
    case .string: "string"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .array: "array"
    case .object, .map: "object"
    case .optional, .any, .null: "null"
    }
  }
}
