extension Transcript {
  /// The message without its secrets: the values of parameters that are secret by their names, the contents of Password
  /// elements, and the signatures in URLs. It works on bytes, so that what a careless CPE sends is kept as it was.
  ///
  /// - Parameter isSecret: whether a parameter of that name is to be blanked.
  package static func blanked(_ message: [UInt8], isSecret: (String) -> Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(message.count)
    var place = 0
    var isNextValueSecret = false
    while place < message.count {
      guard message[place] == UInt8(ascii: "<") else {
        result.append(message[place])
        place += 1
        continue
      }
      let end = message[place...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? message.count
      let tag = message[place..<end]
      result.append(contentsOf: tag)
      place = end
      let text = message[place...].prefix { $0 != UInt8(ascii: "<") }
      switch localName(of: tag) {
      case "Name": isNextValueSecret = isSecret(String(decoding: text, as: UTF8.self))
      case "Value" where isNextValueSecret, "Password":
        isNextValueSecret = false
        if !text.isEmpty { result.append(contentsOf: "***".utf8) }
        place += text.count
      case "URL", "TransferURL", "SuccessURL", "FailureURL":
        result.append(contentsOf: withoutSignature(text))
        place += text.count
      default: break
      }
    }
    return result
  }

  /// Of a start tag that is not empty; nil for all else.
  private static func localName(of tag: ArraySlice<UInt8>) -> String? {
    guard tag.count > 2, tag.last == UInt8(ascii: ">"), tag.dropLast().last != UInt8(ascii: "/") else { return nil }
    let name = tag.dropFirst().prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: ">") && $0 > 0x20 }
    let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
    return String(decoding: local, as: UTF8.self)
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
