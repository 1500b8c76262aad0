package import Net

/// What DHCP and DNS tell routers of the ACS, so that their first session finds it.
package struct Advice: Hashable, Sendable {
  package let url: ACSURL
  /// The credentials that open the first session; nil where none are handed out.
  package let username: String?
  package let password: String?
  /// What the name in the URL resolves to.
  package let address: IPv4Address

  /// The bytes that `URL username password` may have: the value of one sub-option of option 43.
  package static let sizeLimit = 253

  package init(url: ACSURL, username: String?, password: String?, address: IPv4Address) throws(AdviceError) {
    for word in [username, password].compactMap({ $0 }) {
      guard !word.isEmpty, word.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .characters }
    }
    guard password == nil || username != nil else { throw .passwordAlone }
    let words = [url.text, username, password].compactMap { $0 }
    let size = words.reduce(words.count - 1) { $0 + $1.utf8.count }
    guard size <= Self.sizeLimit else { throw .tooLong(size, limit: Self.sizeLimit) }
    self.url = url
    self.username = username
    self.password = password
    self.address = address
  }

  /// The name that DNS must answer for, where the URL has one.
  package var name: String? { url.address == nil ? url.host : nil }
}

/// Why routers cannot be told so.
package enum AdviceError: Error, Hashable, Sendable, CustomStringConvertible {
  case characters
  case passwordAlone
  case tooLong(Int, limit: Int)

  package var description: String {
    switch self {
    case .characters: "the user name and the password for the ACS have printable ASCII characters and no spaces"
    case .passwordAlone: "a password for the ACS needs a user name beside it"
    case .tooLong(let size, let limit):
      "the ACS URL, user name and password have \(size) bytes with the spaces between them; option 43 carries \(limit)"
    }
  }
}
