import Foundation

/// Holds JSON against a JSON Schema, as far as our schemas go.
struct SchemaCheck {
  private let schema: Any

  init(_ schema: String) throws {
    self.schema = try JSONSerialization.jsonObject(with: Data(schema.utf8))
  }

  func faults(in json: some StringProtocol) throws -> [String] {
    Self.faults(
      try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed), schema as? [String: Any], "$"
    )
  }

  private static func faults(_ value: Any, _ schema: [String: Any]?, _ path: String) -> [String] {
    guard let schema else { return ["\(path) has no schema"] }
    if let any = schema["anyOf"] as? [[String: Any]] {
      return any.contains { faults(value, $0, path).isEmpty } ? [] : ["\(path) fits none"]
    }
    let types = (schema["type"] as? [String]) ?? (schema["type"] as? String).map { [$0] } ?? []
    guard types.isEmpty || types.contains(where: { isOf($0, value) }) else {
      return ["\(path) is no \(types.joined(separator: " or "))"]
    }
    if let list = value as? [Any] {
      return list.enumerated().flatMap {
        faults($0.element, schema["items"] as? [String: Any], "\(path)[\($0.offset)]")
      }
    }
    guard let object = value as? [String: Any] else { return [] }
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }
    return missing.map { "\(path).\($0) is missing" }
      + object.sorted { $0.key < $1.key }.flatMap { key, value in
        if let property = properties[key] { return faults(value, property, "\(path).\(key)") }
        if let others = schema["additionalProperties"] as? [String: Any] {
          return faults(value, others, "\(path).\(key)")
        }
        return ["\(path).\(key) is not in the schema"]
      }
  }

  private static func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "null": value is NSNull
    case "string": value is String
    case "array": value is [Any]
    case "object": value is [String: Any]
    case "boolean": (value as? NSNumber).map(isBoolean) ?? false
    case "integer": (value as? NSNumber).map { !isBoolean($0) && $0.doubleValue == $0.doubleValue.rounded() } ?? false
    case "number": (value as? NSNumber).map { !isBoolean($0) } ?? false
    default: false
    }
  }

  private static func isBoolean(_ number: NSNumber) -> Bool {
    String(cString: number.objCType) == "c"
  }
}
