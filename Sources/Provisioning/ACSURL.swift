package import Net

/// The URL of an ACS as routers can be given it: `http` or `https`, a host, perhaps a port and a path, no user part,
/// 8 to 255 printable ASCII characters without spaces (the range of Comware's `cwmp acs url`; TR-069 allows 256).
package struct ACSURL: Hashable, Sendable {
  package enum Scheme: String, Hashable, Sendable {
    case http, https

    package var port: Int { self == .http ? 80 : 443 }
  }

  package let text: String
  package let scheme: Scheme
  /// A name or an IPv4 address.
  package let host: String
  package let port: Int
  /// Begins with a slash.
  package let path: String

  /// The address, where the host is one: then no name needs to be resolved.
  package var address: IPv4Address? { IPv4Address(host) }

  package init(_ text: String) throws(ACSURLError) {
    guard (8...255).contains(text.utf8.count) else { throw .length(text.utf8.count) }
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .characters }
    let scheme: Scheme
    if text.lowercased().hasPrefix("http://") {
      scheme = .http
    } else if text.lowercased().hasPrefix("https://") {
      scheme = .https
    } else {
      throw .scheme
    }
    let rest = text.dropFirst(scheme.rawValue.count + 3)
    let authority = rest.prefix { !"/?#".contains($0) }
    guard !authority.contains("@") else { throw .userInformation }
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, Self.isHost(parts[0]) else { throw .host(String(authority)) }
    var port = scheme.port
    if parts.count == 2 {
      guard let number = Int(parts[1]), (1...65_535).contains(number), parts[1].utf8.allSatisfy({ $0 != 0x2B }) else {
        throw .port(String(parts[1]))
      }
      port = number
    }
    self.text = text
    self.scheme = scheme
    self.host = String(parts[0])
    self.port = port
    let path = String(rest.dropFirst(authority.count))
    self.path = path.hasPrefix("/") ? path : "/" + path
  }

  package init(scheme: Scheme = .http, host: String, port: Int, path: String) throws(ACSURLError) {
    let place = port == scheme.port ? host : "\(host):\(port)"
    try self.init("\(scheme.rawValue)://\(place)\(path)")
  }

  /// An IPv4 address, or labels of letters, digits, dashes and underscores, at most 253 characters.
  private static func isHost(_ text: Substring) -> Bool {
    if IPv4Address(String(text)) != nil { return true }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    // A last label of digits alone would be half an address.
    guard (1...253).contains(text.utf8.count), let last = labels.last, !last.allSatisfy(\.isNumber) else {
      return false
    }
    return labels.allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    }
  }
}

extension ACSURL: CustomStringConvertible {
  package var description: String { text }
}

/// Why a text is no URL for an ACS.
package enum ACSURLError: Error, Hashable, Sendable, CustomStringConvertible {
  case length(Int)
  case characters
  case scheme
  case userInformation
  case host(String)
  case port(String)

  package var description: String {
    switch self {
    case .length(let count): "an ACS URL has 8 to 255 characters, not \(count)"
    case .characters: "an ACS URL has printable ASCII characters and no spaces"
    case .scheme: "an ACS URL begins with http:// or https://"
    case .userInformation: "an ACS URL has no user name in it; routers are given that beside it"
    case .host(let text): "\(text.quoted) is no host name or IPv4 address"
    case .port(let text): "\(text.quoted) is no port from 1 to 65535"
    }
  }
}
