package import Net

/// A zone of others, such as a company's own, and the servers that know it.
package struct DNSForwardSettings: Section {
  package var zone = ""
  package var servers: [IPv4Address] = []
  package var origin = Origin()

  package init() {}

  static let schema: [Row<DNSForwardSettings>] = [
    Row(
      "zone", \.zone, .forwardedZone, required: true,
      "The zone: its own name and all below it, such as corp.internal or 10.in-addr.arpa."),
    Row(
      "servers", \.servers,
      Form.list(of: .ipv4, "addresses", atMost: 8).matching("a list of 1 to 8 addresses of servers", isUsable),
      required: true, "The servers that are asked for names in it, instead of `dns.forwarders`."),
  ]

  /// Servers that can be asked, each once.
  private static func isUsable(_ servers: [IPv4Address]) -> Bool {
    !servers.isEmpty && Set(servers).count == servers.count
      && servers.allSatisfy { $0 != .unspecified && $0.rawValue >> 28 < 0xE }
  }

  /// Each zone stands once, and none is one that this server answers for itself, whose questions go nowhere.
  static func check(_ forwards: [DNSForwardSettings], served: [String], into findings: inout Findings) {
    var earlier: [String: String] = [:]
    for forward in forwards where forward.origin.isRight("zone") {
      if let path = earlier.updateValue(forward.origin.path, forKey: forward.zone.lowercased()) {
        findings.add(
          forward.origin.problem(
            at: "zone", "\(forward.origin.path).zone is \(quoted(forward.zone)), as is \(path).zone",
            expected: "each zone once, with all its servers"))
      }
      if let own = served.first(where: { isDomainName(forward.zone, within: $0) }) {
        findings.add(
          forward.origin.problem(
            at: "zone",
            "\(forward.origin.path).zone \(quoted(forward.zone)) is in \(quoted(own)), which is served here",
            expected: "a zone that this server does not answer for"))
      }
    }
  }
}

extension Form<String> {
  /// A zone, whose labels may begin with an underscore (RFC 8552), as those of Active Directory do.
  static var forwardedZone: Form {
    .text(
      "a domain name, such as corp.internal or 10.in-addr.arpa",
      suggest: { text in
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        return name != text && isZone(name) ? name : nil
      }, isZone)
  }

  private static func isZone(_ text: String) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return IPv4Address(text) == nil
      && isDomainName(labels.map { String($0.first == "_" ? $0.dropFirst() : $0) }.joined(separator: "."))
  }
}
