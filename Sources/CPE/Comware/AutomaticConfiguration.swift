package import Net

/// What Comware's automatic configuration fetches, as its DHCP lease says (HP MSR Comware 7 Fundamentals, "Automatic
/// configuration"). Of its ways to a file name, `network.cfg` and the name that the router's address has in DNS are left
/// out: without a name from DHCP it is `device.cfg`.
package struct AutomaticConfiguration: Hashable, Sendable {
  package enum Server: Hashable, Sendable {
    case tftp(IPv4Address)
    /// By a name that DNS has to resolve.
    case tftpNamed(String)
    /// No server was named: the request is broadcast, and the first answer counts.
    case tftpBroadcast
    case http
  }

  /// As DHCP gave it, a URL where the server is `.http`.
  package let fileName: String
  package let server: Server

  /// Option 150 goes before 66, which may hold an address too; option 67 before the field `file`.
  package init(_ lease: AddressLease) {
    fileName = lease.bootFileName ?? "device.cfg"
    let scheme = fileName.lowercased()
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
    switch server {
    case .tftp(let address): "Obtained configuration file name \(fileName) and TFTP server name \(address)."
    case .tftpNamed(let name): "Obtained configuration file name \(fileName) and TFTP server name \(name)."
    case .tftpBroadcast: "Obtained configuration file name \(fileName) and no TFTP server name."
    case .http: "Obtained configuration file name \(fileName)."
    }
  }
}
