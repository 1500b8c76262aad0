package import Net

/// What a client shows of itself, apart from who it is: what advice goes by.
package struct ClientTraits: Hashable, Sendable {
  package var hardware: MACAddress?
  /// Option 60 as sent.
  package var vendorClass: ArraySlice<UInt8>?
  /// Option 124; nil where it is absent or malformed.
  package var vendorIdentifyingClasses: VendorIdentifyingClasses?

  package init(
    hardware: MACAddress?, vendorClass: ArraySlice<UInt8>? = nil,
    vendorIdentifyingClasses: VendorIdentifyingClasses? = nil
  ) {
    self.hardware = hardware
    self.vendorClass = vendorClass
    self.vendorIdentifyingClasses = vendorIdentifyingClasses
  }

  package init(_ message: Message) {
    self.init(
      hardware: message.hardware, vendorClass: message.options[.vendorClass],
      vendorIdentifyingClasses: try? message.options.value(.vendorIdentifyingClass))
  }
}

/// A condition on a client.
package enum ClientMatch: Hashable, Sendable {
  /// Option 60, upper and lower case alike: holds the text somewhere, or fits the whole pattern where that has `*` (any
  /// text) or `?` (any one character).
  case vendorClass(String)
  /// The first three bytes of the hardware address as six hexadecimal digits.
  case oui(String)
  /// Option 124 has an entry of this enterprise.
  case enterprise(UInt32)
  case everyone

  package func matches(_ client: ClientTraits) -> Bool {
    switch self {
    case .vendorClass(let pattern): client.vendorClass.map { Pattern(pattern).matches($0) } ?? false
    case .oui(let oui): client.hardware?.oui == oui.uppercased()
    case .enterprise(let number): client.vendorIdentifyingClasses?.entries.contains { $0.enterprise == number } ?? false
    case .everyone: true
    }
  }
}

/// A text with wildcards.
private struct Pattern {
  private let elements: [UInt8]

  init(_ text: String) {
    let bytes = text.utf8.map(\.lowercased)
    let any = UInt8(ascii: "*")
    elements = bytes.contains { $0 == any || $0 == UInt8(ascii: "?") } ? bytes : [any] + bytes + [any]
  }

  /// In time of at most the product of the lengths: a failed match goes back to the last `*` only.
  func matches(_ value: ArraySlice<UInt8>) -> Bool {
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
