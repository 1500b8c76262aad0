/// The TYPE of a record or question (RFC 1035 section 3.2.2; RFC 6895).
package struct RecordType: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  package static let a = RecordType(rawValue: 1)
  package static let ns = RecordType(rawValue: 2)
  package static let cname = RecordType(rawValue: 5)
  package static let soa = RecordType(rawValue: 6)
  package static let ptr = RecordType(rawValue: 12)
  package static let hinfo = RecordType(rawValue: 13)
  package static let mx = RecordType(rawValue: 15)
  package static let txt = RecordType(rawValue: 16)
  package static let aaaa = RecordType(rawValue: 28)
  package static let srv = RecordType(rawValue: 33)
  package static let dname = RecordType(rawValue: 39)
  /// EDNS (RFC 6891): a pseudo-record, never in a zone.
  package static let opt = RecordType(rawValue: 41)
  package static let ds = RecordType(rawValue: 43)
  package static let dnskey = RecordType(rawValue: 48)
  package static let tkey = RecordType(rawValue: 249)
  package static let tsig = RecordType(rawValue: 250)
  package static let ixfr = RecordType(rawValue: 251)
  package static let axfr = RecordType(rawValue: 252)
  package static let mailb = RecordType(rawValue: 253)
  package static let maila = RecordType(rawValue: 254)
  package static let any = RecordType(rawValue: 255)
  package static let caa = RecordType(rawValue: 257)

  private static let names: [(type: RecordType, name: String)] = [
    (.a, "A"), (.ns, "NS"), (.cname, "CNAME"), (.soa, "SOA"), (.ptr, "PTR"), (.hinfo, "HINFO"), (.mx, "MX"),
    (.txt, "TXT"), (.aaaa, "AAAA"), (.srv, "SRV"), (.dname, "DNAME"), (.opt, "OPT"), (.ds, "DS"),
    (.dnskey, "DNSKEY"), (.tkey, "TKEY"), (.tsig, "TSIG"), (.ixfr, "IXFR"), (.axfr, "AXFR"), (.mailb, "MAILB"),
    (.maila, "MAILA"), (.any, "ANY"), (.caa, "CAA"),
  ]

  /// The mnemonics of the types that may stand in a zone.
  package static var dataNames: [String] {
    names.filter { $0.type.isData && $0.type != .dname }.map(\.name)
  }

  /// Whether records of this type may stand in a zone: not type 0, OPT, and the types 128 to 255, which are for
  /// questions and for single messages (RFC 6895 section 3.1).
  package var isData: Bool {
    rawValue != 0 && self != .opt && !(128...255).contains(rawValue)
  }
}

extension RecordType: LosslessStringConvertible {
  /// The mnemonic in either case, or `TYPE` and the number (RFC 3597 section 5).
  package init?(_ description: String) {
    let upper = description.uppercased()
    if let known = Self.names.first(where: { $0.name == upper }) {
      self = known.type
    } else if upper.hasPrefix("TYPE"), !upper.contains("+"), let number = UInt16(upper.dropFirst(4)) {
      rawValue = number
    } else {
      return nil
    }
  }

  package var description: String {
    Self.names.first { $0.type == self }?.name ?? "TYPE\(rawValue)"
  }
}

/// The CLASS of a record or question (RFC 1035 section 3.2.4).
package struct RecordClass: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  package static let internet = RecordClass(rawValue: 1)
  package static let chaos = RecordClass(rawValue: 3)
  package static let any = RecordClass(rawValue: 255)
}
