package import Net

/// What Comware's automatic configuration fetches, as its DHCP lease says (HP MSR Comware 7 Fundamentals, "Automatic
/// configuration"). Where DHCP gives no file name, the router looks for its host name in `network.cfg` and fetches
/// `HOSTNAME.cfg`, else `device.cfg`. Of its ways to a host name, the one by DNS is left out.
package struct AutomaticConfiguration: Hashable, Sendable {
  package enum Server: Hashable, Sendable {
    case tftp(IPv4Address)
    /// By a name that DNS has to resolve.
    case tftpNamed(String)
    /// No server was named: the request is broadcast, and the first answer counts.
    case tftpBroadcast
    case http
  }

  /// The file that tells host names.
  package static let hostNames = "network.cfg"
  /// Everyone's configuration.
  package static let common = "device.cfg"

  /// As DHCP gave it, a URL where the server is `.http`; nil where it gave none.
  package let fileName: String?
  package let server: Server

  /// Option 150 goes before 66, which may hold an address too; option 67 before the field `file`.
  package init(_ lease: AddressLease) {
    fileName = lease.bootFileName
    let scheme = fileName?.lowercased() ?? ""
    server =
      if scheme.hasPrefix("http://") || scheme.hasPrefix("https://") {
        .http
      } else if let address = lease.tftpServers.first {
        .tftp(address)
      } else if let name = lease.tftpServerName {
        IPv4Address(name).map { .tftp($0) } ?? .tftpNamed(name)
      } else {
        .tftpBroadcast
      }
  }

  /// The manual's console line.
  package var obtained: String {
    let file = fileName.map { "configuration file name \($0)" } ?? "no configuration file name"
    return switch server {
    case .tftp(let address): "Obtained \(file) and TFTP server name \(address)."
    case .tftpNamed(let name): "Obtained \(file) and TFTP server name \(name)."
    case .tftpBroadcast: "Obtained \(file) and no TFTP server name."
    case .http: "Obtained \(file)."
    }
  }

  /// The host name of the router at `address`, as `network.cfg` says it in lines `ip host NAME ADDRESS`.
  package static func hostName(of address: IPv4Address, in text: String) -> String? {
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ")
      if words.count == 4, words[0] == "ip", words[1] == "host", IPv4Address(String(words[3])) == address {
        return String(words[2])
      }
    }
    return nil
  }
}
