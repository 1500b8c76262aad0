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
  /// Zones that other servers are asked for.
  package var forward: [DNSForwardSettings] = []
  /// More names that are answered with the appliance's address, in the zone.
  package var acsNames: [String] = []
  /// Names outside the zones that are answered with the appliance's address, `*.` before one for all below it.
  package var captive: [String] = []
  package var records: [DNSRecordSettings] = []
  package var zones: [DNSZoneSettings] = []
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
      "forward", \.forward, .list(of: .section, "zones", atMost: 64),
      "Zones that servers of their own are asked for, for the same subnets: a company's names, and names that are "
        + "otherwise answered here, such as those in internal, local or 10.in-addr.arpa. The longest zone counts."),
    Row(
      "acs-names", \.acsNames, .list(of: .domainName, "names", atMost: 64),
      "More names of the ACS, in the zone: they are answered as `acs.name` is."),
    Row(
      "captive", \.captive, .list(of: .captiveName, "names", atMost: 1000),
      "Names of others that are answered with this server's address, such as a factory's ACS; `*.` takes all below."),
    Row(
      "records", \.records, .list(of: .section, "records", atMost: 10_000), "More records of the zone."),
    Row("zones", \.zones, .list(of: .section, "zones", atMost: 256), "More zones that are served."),
  ]

  func check(into findings: inout Findings) {
    DNSRecordSettings.check(records, into: &findings)
    checkNames(&findings)
  }

  /// The names of the ACS belong into the zone, captive ones and other zones out of it.
  private func checkNames(_ findings: inout Findings) {
    guard origin.isRight("zone") else { return }
    if origin.isRight("acs-names") {
      for name in acsNames where !isDomainName(name, within: zone) {
        findings.add(
          origin.problem(
            at: "acs-names", "dns.acs-names has \(quoted(name)), which is not in dns.zone \(quoted(zone))",
            expected: "names in that zone; see dns.captive for others"))
      }
    }
    var known = [zone]
    for other in zones where other.origin.isRight("name") {
      if let same = known.first(where: { $0.lowercased() == other.name.lowercased() }) {
        findings.add(
          other.origin.problem(
            at: "name", "\(other.origin.path).name is \(quoted(other.name)), which is served already",
            expected: "a zone other than \(same)"))
      }
      known.append(other.name)
    }
    let captives = captive.map { $0.hasPrefix("*.") ? String($0.dropFirst(2)) : $0 }
    DNSForwardSettings.check(forward, served: known + captives, into: &findings)
    guard origin.isRight("captive") else { return }
    var earlier: Set<String> = []
    for name in captive {
      let bare = name.hasPrefix("*.") ? String(name.dropFirst(2)) : name
      if let inside = known.first(where: { isDomainName(bare, within: $0) }) {
        findings.add(
          origin.problem(
            at: "captive", "dns.captive has \(quoted(name)), which is in the zone \(quoted(inside))",
            expected: "names outside our zones; see dns.acs-names for those in dns.zone"))
      } else if !earlier.insert(bare.lowercased()).inserted {
        findings.add(
          origin.problem(at: "captive", "dns.captive has \(quoted(bare)) twice", expected: "each name once"))
      }
    }
  }
}

/// Whether a name is `zone` or below it.
func isDomainName(_ name: String, within zone: String) -> Bool {
  let (name, zone) = (name.lowercased(), zone.lowercased())
  return name == zone || name.hasSuffix(".\(zone)")
}

/// Response-rate limiting.
package struct DNSRateSettings: Section {
  package var responses = 500
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
