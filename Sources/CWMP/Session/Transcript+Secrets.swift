extension Transcript {
  /// The message without its secrets: the values of parameters that are secret by their names, the contents of Password
  /// elements, and the signatures in URLs. It works on bytes, so that what a careless CPE sends is kept as it was.
  ///
  /// - Parameter isSecret: whether a parameter of that name is to be blanked.
  package static func blanked(_ message: [UInt8], isSecret: (String) -> Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(message.count)
    // All before it is in the result.
    var copied = 0
    var place = 0
    var isNextValueSecret = false
    func replace(_ text: Range<Int>, by replacement: [UInt8]) {
      result.append(contentsOf: message[copied..<text.lowerBound])
      result.append(contentsOf: replacement)
      copied = text.upperBound
    }
    while let start = message[place...].firstIndex(of: UInt8(ascii: "<")) {
      let end = message[start...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? message.count
      place = end
      guard let element = Element(startTag: message[start..<end]) else { continue }
      let text = end..<(message[end...].firstIndex(of: UInt8(ascii: "<")) ?? message.count)
      place = text.upperBound
      switch element {
      case .name: isNextValueSecret = isSecret(String(decoding: message[text], as: UTF8.self))
      case .value where !isNextValueSecret: break
      case .value, .password:
        isNextValueSecret = false
        if !text.isEmpty { replace(text, by: Array("***".utf8)) }
      case .url: replace(text, by: withoutSignature(message[text]))
      }
    }
    result.append(contentsOf: message[copied...])
    return result
  }

  /// The elements whose contents are looked at.
  private enum Element {
    case name, value, password, url

    private static let elements: [(name: [UInt8], element: Element)] = [
      (Array("Name".utf8), .name), (Array("Value".utf8), .value), (Array("Password".utf8), .password),
      (Array("URL".utf8), .url), (Array("TransferURL".utf8), .url), (Array("SuccessURL".utf8), .url),
      (Array("FailureURL".utf8), .url),
    ]

    /// Nil for other tags, and for those of empty elements.
    init?(startTag tag: ArraySlice<UInt8>) {
      guard tag.count > 4, tag.last == UInt8(ascii: ">"), tag[tag.endIndex - 2] != UInt8(ascii: "/") else { return nil }
      let name = tag.dropFirst().prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") }
      let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
      guard let last = local.last, last == UInt8(ascii: "e") || last == UInt8(ascii: "d") || last == UInt8(ascii: "L"),
        let found = Self.elements.first(where: { $0.name.elementsEqual(local) })
      else { return nil }
      self = found.element
    }
  }

  /// What follows `?t=`, our signature, is blanked.
  private static func withoutSignature(_ url: ArraySlice<UInt8>) -> [UInt8] {
    let mark = Array("?t=".utf8)
    guard url.count > mark.count else { return Array(url) }
    for start in url.startIndex...(url.endIndex - mark.count) where url[start..<start + mark.count].elementsEqual(mark)
    {
      return Array(url[..<(start + mark.count)]) + Array("***".utf8)
    }
    return Array(url)
  }
}
