/// Option 77, user class (RFC 3004): one or more values, each behind its length. Many clients send bare text instead;
/// that is read as one value and written back in the RFC's form.
package struct UserClasses: Hashable, Sendable {
  package let values: [[UInt8]]

  /// Nil without a value, or where one is not of 1 to 255 bytes.
  package init?(_ values: [[UInt8]]) {
    guard !values.isEmpty, values.allSatisfy({ (1...255).contains($0.count) }) else { return nil }
    self.values = values
  }
}

extension UserClasses: OptionValue {
  package init?(option bytes: ArraySlice<UInt8>) {
    guard !bytes.isEmpty else { return nil }
    values = Self.split(bytes) ?? [Array(bytes)]
  }

  package func write(into bytes: inout [UInt8]) {
    for value in values {
      let part = value.prefix(255)
      bytes.append(UInt8(part.count))
      bytes.append(contentsOf: part)
    }
  }

  private static func split(_ bytes: ArraySlice<UInt8>) -> [[UInt8]]? {
    var values: [[UInt8]] = []
    var rest = bytes
    while let length = rest.popFirst() {
      guard length > 0, rest.count >= Int(length) else { return nil }
      values.append(Array(rest.prefix(Int(length))))
      rest = rest.dropFirst(Int(length))
    }
    return values
  }
}
