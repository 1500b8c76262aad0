package import Net

/// The URL that a CPE tells for connection requests: `http`, a host, perhaps a port, a path (TR-069 section 3.2.2.1).
///
/// It is read strictly, since it says what the ACS connects to: what two readers could read differently is refused.
package struct ConnectionRequestURL: Hashable, Sendable {
  package let text: String
  /// A name or an IPv4 address.
  package let host: String
  package let port: UInt16

  /// The address, where the host is one.
  package var address: IPv4Address? { IPv4Address(host) }

  /// Path and query as they stand in a request line, and in its digest.
  package var target: String {
    let rest = text.dropFirst("http://".count).drop { !"/?#".contains($0) }.prefix { $0 != "#" }
    return rest.hasPrefix("/") ? String(rest) : "/" + rest
  }

  /// The longest that the data model allows.
  package static let maximumLength = 256

  package init(_ text: String) throws(ConnectionRequestURLError) {
    guard text.utf8.count <= Self.maximumLength else { throw .length(text.utf8.count) }
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else { throw .characters }
    let lowercased = text.lowercased()
    guard !lowercased.hasPrefix("https://") else { throw .tls }
    guard lowercased.hasPrefix("http://") else { throw .scheme }
    let rest = text.dropFirst("http://".count)
    let authority = rest.prefix { !"/?#".contains($0) }
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let host = parts.first, Self.isHost(host) else { throw .host(String(authority)) }
    var port: UInt16 = 80
    if parts.count == 2 {
      guard let number = UInt16(parts[1]), number > 0, parts[1].allSatisfy(\.isNumber) else {
        throw .port(String(parts[1]))
      }
      port = number
    }
    self.text = text
    self.host = String(host)
    self.port = port
  }

  /// An address, or a name whose last label is not one of digits alone, which some read as an address.
  private static func isHost(_ text: Substring) -> Bool {
    if IPv4Address(String(text)) != nil { return true }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...253).contains(text.utf8.count), let last = labels.last, last.contains(where: \.isLetter),
      !last.lowercased().hasPrefix("0x")
    else { return false }
    return labels.allSatisfy { label in
      (1...63).contains(label.utf8.count)
        && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    }
  }

  /// The address to connect to. A router must not make the ACS call whom it likes: an address in the URL is the router's
  /// own or in one of the `allowed` networks, and a name in it is not looked up but taken for the router's own address.
  package func place(own: IPv4Address?, allowed: [Subnet]) throws(ConnectionRequestProblem) -> IPv4Address {
    guard let address else {
      guard let own else { throw .foreignHost(host, own: nil) }
      return own
    }
    guard address == own || allowed.contains(where: { $0.contains(address) }) else {
      throw .foreignHost(host, own: own)
    }
    return address
  }
}

/// Why a text is no URL that a connection request can be sent to.
package enum ConnectionRequestURLError: Error, Hashable, Sendable, CustomStringConvertible {
  case length(Int)
  case characters
  /// Connection requests have no TLS (TR-069 section 3.2.2.2).
  case tls
  case scheme
  case host(String)
  case port(String)

  package var description: String {
    switch self {
    case .length(let count): "it has \(count) characters, and may have \(ConnectionRequestURL.maximumLength)"
    case .characters: "it has other than printable ASCII characters"
    case .tls: "it begins with https://, and connection requests have no TLS"
    case .scheme: "it does not begin with http://"
    case .host(let text): "\(text.debugDescription) is no host name or IPv4 address"
    case .port(let text): "\(text.debugDescription) is no port from 1 to 65535"
    }
  }
}
