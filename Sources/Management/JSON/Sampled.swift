/// What reports are made of in the end.
protocol Sampled {
  static var schema: JSONSchema { get }
  static var sample: Self { get }
}

extension String: Sampled {
  static var schema: JSONSchema { .string }
  static var sample: String { "" }
}

extension Bool: Sampled {
  static var schema: JSONSchema { .boolean }
  static var sample: Bool { false }
}

extension Double: Sampled {
  static var schema: JSONSchema { .number }
  static var sample: Double { 0 }
}

extension Sampled where Self: FixedWidthInteger {
  static var schema: JSONSchema { .integer }
  static var sample: Self { 0 }
}

extension Int: Sampled {}
extension Int64: Sampled {}
extension UInt8: Sampled {}
extension UInt16: Sampled {}
extension UInt32: Sampled {}
extension UInt64: Sampled {}

extension Array: Sampled where Element: Decodable {
  static var schema: JSONSchema { .array(SchemaReader.schema(of: Element.self)) }
  static var sample: [Element] { [] }
}

extension Dictionary: Sampled where Key == String, Value: Decodable {
  static var schema: JSONSchema { .map(SchemaReader.schema(of: Value.self)) }
  static var sample: [String: Value] { [:] }
}

extension Optional: Sampled where Wrapped: Decodable {
  static var schema: JSONSchema { .optional(SchemaReader.schema(of: Wrapped.self)) }
  static var sample: Wrapped? { nil }
}
