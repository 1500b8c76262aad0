extension Transcript {
  /// The message without its secrets: the values of parameters that are secret by their names, the contents of Password
  /// elements, passwords and signatures in URLs, and what a fault's text repeats of them. It works on bytes, so that what
  /// a careless CPE sends is kept as it was.
  ///
  /// - Parameters:
  ///   - secrets: those of the session's messages so far; this one's join them.
  ///   - isSecret: whether a parameter of that name is to be blanked.
  package static func blanked(
    _ message: [UInt8], after secrets: inout Set<[UInt8]>, isSecret: (String) -> Bool
  ) -> [UInt8] {
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
      var text = end..<(message[end...].firstIndex(of: UInt8(ascii: "<")) ?? message.count)
      if element.mayHoldSections { text = end..<closing(after: end, in: message) }
      place = text.upperBound
      switch element {
      case .name: isNextValueSecret = isSecret(String(decoding: message[text], as: UTF8.self))
      case .value where !isNextValueSecret: break
      case .value, .password:
        isNextValueSecret = false
        guard !text.isEmpty else { continue }
        if secrets.count < secretLimit { secrets.insert(Array(message[text])) }
        replace(text, by: blank)
      case .url: replace(text, by: URLSecrets.blanked(message[text]))
      case .fault: replace(text, by: message[text].replacing(secrets, by: blank))
      }
    }
    result.append(contentsOf: message[copied...])
    return result
  }

  private static let blank = Array("***".utf8)

  /// Secrets of one session that are looked for in the texts of faults.
  private static let secretLimit = 256

  /// Where the next closing tag begins: before it may be CDATA sections and comments.
  private static func closing(after start: Int, in message: [UInt8]) -> Int {
    var place = start
    while let tag = message[place...].firstIndex(of: UInt8(ascii: "<")) {
      if tag + 1 < message.count, message[tag + 1] == UInt8(ascii: "/") { return tag }
      place = tag + 1
    }
    return message.count
  }

  /// The elements whose contents are looked at.
  private enum Element {
    case name, value, password, url, fault

    /// Whether its content is taken to its closing tag, whatever is in it.
    var mayHoldSections: Bool { self == .value || self == .password }

    private static let elements: [(name: [UInt8], element: Element)] = [
      (Array("Name".utf8), .name), (Array("Value".utf8), .value), (Array("Password".utf8), .password),
      (Array("URL".utf8), .url), (Array("TransferURL".utf8), .url), (Array("SuccessURL".utf8), .url),
      (Array("FailureURL".utf8), .url), (Array("FaultString".utf8), .fault), (Array("faultstring".utf8), .fault),
    ]

    /// Nil for other tags, and for those of empty elements.
    init?(startTag tag: ArraySlice<UInt8>) {
      guard tag.count > 4, tag.last == UInt8(ascii: ">"), tag[tag.endIndex - 2] != UInt8(ascii: "/") else { return nil }
      let name = tag.dropFirst().prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") }
      let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
      guard let last = local.last, "edLg".utf8.contains(last),
        let found = Self.elements.first(where: { $0.name.elementsEqual(local) })
      else { return nil }
      self = found.element
    }
  }
}

extension ArraySlice<UInt8> {
  /// With `blank` in place of each of the secrets, the longest first.
  fileprivate func replacing(_ secrets: Set<[UInt8]>, by blank: [UInt8]) -> [UInt8] {
    var result = Array(self)
    for secret in secrets.sorted(by: { $0.count > $1.count }) where secret.count <= result.count {
      result = result.replacing(secret, with: blank)
    }
    return result
  }
}
