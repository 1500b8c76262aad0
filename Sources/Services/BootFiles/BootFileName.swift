package import Net

/// How Comware finds its configuration where DHCP names no file (HP MSR Comware 7 Fundamentals, "Automatic
/// configuration"): `network.cfg` or DNS says what its host name is, `HOSTNAME.cfg` is its own file, and `device.cfg`
/// is everyone's.
package enum BootFileName {
  /// The file that tells host names.
  package static let hostNames = "network.cfg"
  /// What Comware takes for a host name, in characters.
  private static let hostNameLimit = 64

  /// Whether a name is that of the host's own file. Its name may come from DNS, which adds the zone and may change the
  /// case.
  package static func isConfiguration(_ name: String, ofHost host: String) -> Bool {
    let name = name.lowercased()
    let host = host.lowercased()
    guard !host.isEmpty, name.hasSuffix(".cfg"), !name.contains("/") else { return false }
    return name == "\(host).cfg" || name.hasPrefix("\(host).")
  }

  /// Lines of Comware's command `ip host`; nil where no name is fit to stand in one.
  package static func hostNames(_ hosts: [(name: String, address: IPv4Address)]) -> [UInt8]? {
    let lines = hosts.filter { isHostName($0.name) }.map { "ip host \($0.name) \($0.address)\n" }
    return lines.isEmpty ? nil : Array(lines.joined().utf8)
  }

  /// Letters, digits, hyphens, underscores and dots: an operator's or a client's word must not become another command.
  private static func isHostName(_ name: String) -> Bool {
    (1...hostNameLimit).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}
