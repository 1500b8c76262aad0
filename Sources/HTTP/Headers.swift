/// The header fields of a message, in the order they stand in it; a name may stand more than once, and its case does
/// not matter (RFC 9110 §5).
package struct Headers: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package private(set) var fields: [Field]

  package init(_ fields: [Field] = []) {
    self.fields = fields
  }

  /// The first value of that name. Setting puts one field in the place of all of that name; nil takes them away.
  package subscript(name: String) -> String? {
    get { fields.first { $0.name.isSameIgnoringCase(as: name) }?.value }
    set {
      fields.removeAll { $0.name.isSameIgnoringCase(as: name) }
      if let newValue { fields.append(Field(name, newValue)) }
    }
  }

  /// Every value of that name, in order.
  package func values(of name: String) -> [String] {
    fields.filter { $0.name.isSameIgnoringCase(as: name) }.map(\.value)
  }

  package mutating func append(_ name: String, _ value: String) {
    fields.append(Field(name, value))
  }

  /// A line that goes on with the field before it (RFC 9112 section 5.2).
  package mutating func appendToLast(_ text: String) {
    guard let last = fields.popLast() else { return }
    fields.append(Field(last.name, last.value + text))
  }

  /// Whether a list-valued field, such as Connection, has that member. Parameters of members are not looked at.
  package func list(_ name: String, contains member: String) -> Bool {
    values(of: name).contains { value in
      value.utf8.split(separator: UInt8(ascii: ",")).contains {
        Substring($0).trimmed.isSameIgnoringCase(as: member)
      }
    }
  }
}

extension Headers: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field($0.0, $0.1) }
  }
}
