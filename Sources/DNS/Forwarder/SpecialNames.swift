import Net

/// Names that never leave for an upstream server: they mean the same everywhere, or nothing anywhere (RFC 6761, RFC 6303,
/// RFC 7686, RFC 8375, RFC 9476). `example` is not one of them for a server that forwards (RFC 6761 section 6.5, item 4).
package enum SpecialNames {
  /// Seconds.
  private static let timeToLive: UInt32 = 86_400
  private static let negativeTimeToLive: UInt32 = 10_800

  private static let loopback = names(["localhost"])
  /// Nothing is below them.
  private static let empty = names(
    ["invalid", "test", "onion", "local", "home.arpa", "internal", "alt"]
      + [
        "0.in-addr.arpa", "127.in-addr.arpa", "254.169.in-addr.arpa", "2.0.192.in-addr.arpa",
        "100.51.198.in-addr.arpa", "113.0.203.in-addr.arpa", "255.255.255.255.in-addr.arpa", "10.in-addr.arpa",
        "168.192.in-addr.arpa",
      ]
      + (16...31).map { "\($0).172.in-addr.arpa" }
      + (64...127).map { "\($0).100.in-addr.arpa" }
      + [
        "d.f.ip6.arpa", "8.e.f.ip6.arpa", "9.e.f.ip6.arpa", "a.e.f.ip6.arpa", "b.e.f.ip6.arpa",
        "8.b.d.0.1.0.0.2.ip6.arpa",
        // ::, and ::1 with it but for its own name.
        (0..<31).map { _ in "0" }.joined(separator: ".") + ".ip6.arpa",
      ])
  private static let loopbackAddresses = names([
    "1.0.0.127.in-addr.arpa", "1." + (0..<31).map { _ in "0" }.joined(separator: ".") + ".ip6.arpa",
  ])

  private static func names(_ texts: [String]) -> Set<Name> { Set(texts.compactMap { try? Name($0) }) }

  /// The answer to a question for a special name; nil for all other names.
  package static func answer(_ name: Name, _ type: RecordType) -> ForwardedAnswer? {
    var zone: Name? = name
    while let present = zone {
      if loopback.contains(present) { return localhost(name, type, zone: present) }
      if loopbackAddresses.contains(present), present == name {
        let target = loopback.first ?? .root
        return type == .ptr || type == .any
          ? ForwardedAnswer(
            code: .noError, answers: [ResourceRecord(name, timeToLive: timeToLive, .ptr(target))])
          : negative(.noError, zone: present)
      }
      if empty.contains(present) { return negative(present == name ? .noError : .nameError, zone: present) }
      zone = present.parent
    }
    return nil
  }

  private static func localhost(_ name: Name, _ type: RecordType, zone: Name) -> ForwardedAnswer {
    let data: RecordData
    switch type {
    case .a, .any: data = .a(.loopback)
    case .aaaa: data = .aaaa(IPv6Address(high: 0, low: 1))
    default: return negative(.noError, zone: zone)
    }
    return ForwardedAnswer(code: .noError, answers: [ResourceRecord(name, timeToLive: timeToLive, data)])
  }

  private static func negative(_ code: ResponseCode, zone: Name) -> ForwardedAnswer {
    let contact = (try? Name("nobody.invalid")) ?? .root
    let soa = StartOfAuthority(
      primary: zone, contact: contact, serial: SerialNumber(rawValue: 1), minimum: negativeTimeToLive)
    return ForwardedAnswer(
      code: code, authorities: [ResourceRecord(zone, timeToLive: negativeTimeToLive, .soa(soa))])
  }
}
