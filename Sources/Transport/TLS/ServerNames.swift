package import Net
import SwiftASN1
import X509

/// What clients may call a server: the subject alternative names of its certificate (RFC 5280 section 4.2.1.6).
package struct ServerNames: Hashable, Sendable {
  /// So many names of each kind: a certificate must fit into the messages of small devices.
  package static let limit = 64

  /// In lower case, `*.` before a name for all directly below it. The first is the subject's common name.
  package let hosts: [String]
  package let addresses: [IPv4Address]

  /// In this order, each once; what is beyond the limit is left out.
  package init(hosts: [String], addresses: [IPv4Address]) {
    var known: Set<String> = []
    self.hosts = Array(hosts.map { $0.lowercased() }.filter { known.insert($0).inserted }.prefix(Self.limit))
    var seen: Set<IPv4Address> = [.unspecified]
    self.addresses = Array(addresses.filter { seen.insert($0).inserted }.prefix(Self.limit))
  }

  var alternatives: SubjectAlternativeNames {
    SubjectAlternativeNames(
      hosts.map { GeneralName.dnsName($0) }
        + addresses.map { GeneralName.ipAddress(ASN1OctetString(contentBytes: $0.octets[...])) })
  }

  /// At most 64 characters (RFC 5280 appendix A.1, `ub-common-name`).
  var commonName: String {
    hosts.first { $0.utf8.count <= 64 } ?? addresses.first.map { "\($0)" } ?? "usher"
  }
}
