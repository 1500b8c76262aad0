package import Net

/// The DNS server.
package struct DNSSettings: Section {
  package var isEnabled = true
  /// The zone that the server answers for, without a dot at its end.
  package var zone = "usher.internal"
  /// Seconds.
  package var ttl = 300
  package var workers: Int?
  package var rateLimit = DNSRateSettings()
  package var transferTo: [IPv4Address] = []
  package var forwarders: [IPv4Address] = []
  package var records: [DNSRecordSettings] = []
  package var origin = Origin()

  package init() {}

  static let schema: [Row<DNSSettings>] = [
    Row("enabled", \.isEnabled, .flag, "Whether DNS is served."),
    Row("zone", \.zone, .domainName, "The zone that is served: names of leases, of the ACS, and the records below."),
    Row("ttl", \.ttl, .duration(0...604_800), "How long resolvers may keep an answer."),
    Row(
      "workers", \.workers, .integer(1...64), absent: "one for each core, 4 at most",
      "How many threads answer at each address."),
    Row("rate-limit", \.rateLimit, .section, "What is kept back where somebody is flooded with answers over UDP."),
    Row(
      "transfer-to", \.transferTo, .list(of: .ipv4, "addresses", atMost: 64),
      "Who may fetch whole zones over TCP (AXFR)."),
    Row(
      "forwarders", \.forwarders, .list(of: .ipv4, "addresses", atMost: 8),
      "The servers that are asked for names outside our zones, for the subnets with `forwarding`."),
    Row(
      "records", \.records, .list(of: .section, "records", atMost: 10_000), "More records of the zone."),
  ]

  /// A name with a CNAME has no other record (RFC 1034 section 3.6.2), and no record stands twice.
  func check(into findings: inout Findings) {
    var earlier: [String: [DNSRecordSettings]] = [:]
    for record in records where ["name", "type", "value"].allSatisfy(record.origin.isRight) {
      let name = record.name.lowercased()
      let others = earlier[name, default: []]
      if let other = others.first(where: { $0.type == record.type && $0.value == record.value }) {
        findings.add(
          record.origin.problem(
            at: "name", "\(record.origin.path) says the same as \(other.origin.path)", expected: "each record once"))
      } else if let other = others.first(where: { $0.type == .cname || record.type == .cname }) {
        findings.add(
          record.origin.problem(
            at: "type",
            "\(record.origin.path) has type \(record.type.rawValue), and \(other.origin.path) of the same name has "
              + "type \(other.type.rawValue)",
            expected: "a CNAME record alone at its name"))
      } else if others.count < 100 {
        earlier[name] = others + [record]
      }
    }
  }
}

/// Response-rate limiting.
package struct DNSRateSettings: Section {
  package var responses = 2000
  package var slip = 2
  package var origin = Origin()

  package init() {}

  static let schema: [Row<DNSRateSettings>] = [
    Row(
      "responses", \.responses, .integer(0...1_000_000),
      "How many answers of one kind one /24 gets each second from each worker; 0 for no limit."),
    Row(
      "slip", \.slip, .integer(0...100),
      "Each so many-th answer beyond that is cut, so that a real client comes back over TCP; 0 drops all of them."),
  ]
}

/// One record of the zone.
package struct DNSRecordSettings: Section {
  package enum RecordType: String, CaseIterable, Sendable {
    case a = "A"
    case aaaa = "AAAA"
    case cname = "CNAME"
    case txt = "TXT"
  }

  /// What a record holds.
  package enum Content: Hashable, Sendable {
    case a(IPv4Address)
    case aaaa(IPv6Address)
    case cname(String)
    case txt(String)
  }

  /// Relative to the zone, `@` for the zone itself.
  package var name = ""
  package var type = RecordType.a
  /// As written; ``content`` is its meaning.
  package var value = ""
  package var origin = Origin()

  package init() {}

  /// Nil only for a value that does not fit the type, which no file that was read has.
  package var content: Content? {
    switch type {
    case .a: IPv4Address(value).map(Content.a)
    case .aaaa: IPv6Address(value).map(Content.aaaa)
    case .cname: isDomainName(value) && IPv4Address(value) == nil ? .cname(value) : nil
    case .txt: .txt(value)
    }
  }

  static let schema: [Row<DNSRecordSettings>] = [
    Row("name", \.name, .recordName, required: true, "The name, without the zone; `@` is the zone itself."),
    Row("type", \.type, .choice(), required: true, "The type of the record."),
    Row(
      "value", \.value, .text(1...255), required: true,
      "An IPv4 address for A, an IPv6 address for AAAA, a full name for CNAME, text for TXT."),
  ]

  func check(into findings: inout Findings) {
    guard origin.isRight("type"), origin.isRight("value"), content == nil else { return }
    let expected =
      switch type {
      case .a: "an IPv4 address for a record of type A"
      case .aaaa: "an IPv6 address for a record of type AAAA"
      case .cname: "a full name for a record of type CNAME"
      case .txt: "text for a record of type TXT"
      }
    findings.add(origin.problem(at: "value", "\(origin.path).value is \(quoted(value))", expected: expected))
  }
}
