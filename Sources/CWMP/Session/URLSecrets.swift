/// What in URLs gives access: the password of a user part (`http://user:password@host`), and our signature behind `?t=`.
package enum URLSecrets {
  private static let blank = Array("***".utf8)
  private static let signature = Array("?t=".utf8)
  private static let schemeEnd = Array("://".utf8)

  /// The URL with `***` in their places.
  package static func blanked(_ url: some BidirectionalCollection<UInt8>) -> [UInt8] {
    var result = Array(url)
    if let end = index(after: signature, in: result) { result.replaceSubrange(end..., with: blank) }
    guard let start = index(after: schemeEnd, in: result) else { return result }
    let authority = result[start...].prefix { !"/?#".utf8.contains($0) }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")),
      let colon = authority[..<at].firstIndex(of: UInt8(ascii: ":"))
    else { return result }
    result.replaceSubrange((colon + 1)..<at, with: blank)
    return result
  }

  package static func blanked(_ url: String) -> String {
    String(decoding: blanked(url.utf8), as: UTF8.self)
  }

  private static func index(after mark: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= mark.count else { return nil }
    return (mark.count...bytes.count).first { bytes[($0 - mark.count)..<$0].elementsEqual(mark) }
  }
}
