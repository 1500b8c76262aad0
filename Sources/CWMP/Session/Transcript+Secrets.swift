extension Transcript {
  /// The messages of a session without its secrets: the values of parameters that are secret by their names, the contents
  /// of Password elements, passwords and signatures in URLs, and what the texts of faults repeat of the secrets of any of
  /// the messages. Where those are too many to be looked for, the texts of faults are left out. It works on bytes, so that
  /// what a careless CPE sends is kept as it was, and takes as long as the messages, whatever is in them.
  ///
  /// - Parameter isSecret: whether a parameter of that name is to be blanked.
  package static func blanked(_ messages: [[UInt8]], isSecret: (String) -> Bool) -> [[UInt8]] {
    var secrets = SessionSecrets()
    var hasFaults = false
    let found = messages.map { message in
      let found = places(in: message, isSecret: isSecret)
      for place in found {
        switch place.kind {
        case .secret: secrets.insert(message[place.text])
        case .fault: hasFaults = true
        case .url: break
        }
      }
      return found
    }
    let search = hasFaults ? secrets.search : nil
    return zip(messages, found).map { message, places -> [UInt8] in
      var result: [UInt8] = []
      result.reserveCapacity(message.count)
      // All before it is in the result.
      var copied = 0
      for place in places {
        let text = message[place.text]
        result.append(contentsOf: message[copied..<text.startIndex])
        switch place.kind {
        case .secret: result.append(contentsOf: blank)
        case .url: result.append(contentsOf: URLSecrets.blanked(text))
        case .fault: result.append(contentsOf: search?.blanked(text, by: blank) ?? leftOut)
        }
        copied = text.endIndex
      }
      result.append(contentsOf: message[copied...])
      return result
    }
  }

  private static let blank = Array("***".utf8)
  private static let leftOut = Array("*** (left out: the session has more secrets than are looked for)".utf8)

  /// A text that is not kept as it is.
  private struct Place {
    enum Kind { case secret, url, fault }

    let kind: Kind
    let text: Range<Int>
  }

  /// In order.
  private static func places(in message: [UInt8], isSecret: (String) -> Bool) -> [Place] {
    var places: [Place] = []
    var place = 0
    var isNextValueSecret = false
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
        if !text.isEmpty { places.append(Place(kind: .secret, text: text)) }
      case .url: places.append(Place(kind: .url, text: text))
      case .fault: places.append(Place(kind: .fault, text: text))
      }
    }
    return places
  }

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

/// The secrets that the messages of a session show.
private struct SessionSecrets {
  /// Secrets that are looked for: many times those of any session that goes well.
  private static let limit = 256

  private var values: Set<[UInt8]> = []
  private var bytes = 0
  /// Whether there are more than are looked for.
  private var isOverfull = false

  mutating func insert(_ secret: ArraySlice<UInt8>) {
    guard !isOverfull, secret.count <= SecretSearch.byteLimit else {
      isOverfull = true
      return
    }
    guard values.insert(Array(secret)).inserted else { return }
    bytes += secret.count
    isOverfull = values.count > Self.limit || bytes > SecretSearch.byteLimit
  }

  /// Nil where there are too many.
  var search: SecretSearch? { isOverfull ? nil : SecretSearch(values) }
}
