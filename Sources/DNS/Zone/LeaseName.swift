package import Net

extension ZoneSet {
  /// The records of one lease: the A record of its host name in `domain`, and the PTR record of its address. The host
  /// name is the first label of what the client calls itself, where that is a host name (RFC 1123 section 2.1) and not
  /// one that the configuration has records of; else `ip-192-0-2-7`. `timeToLive` is in seconds. The same lease has the
  /// same records as long as the configuration is the same.
  package func leaseRecords(
    of address: IPv4Address, hostname: String?, in domain: Name, timeToLive: UInt32
  ) -> [ResourceRecord] {
    let reverse = Name(reverse: address)
    guard let name = hostname.flatMap({ leaseName($0, in: domain) }) ?? addressName(address, in: domain) else {
      return []
    }
    return [
      ResourceRecord(name, timeToLive: timeToLive, .a(address)),
      ResourceRecord(reverse, timeToLive: timeToLive, .ptr(name)),
    ]
  }

  private func leaseName(_ hostname: String, in domain: Name) -> Name? {
    let label = hostname.utf8.prefix { $0 != UInt8(ascii: ".") }.map(lowercased)
    func isLetterOrDigit(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    // `ip-…` is for those that have no name of their own.
    guard let first = label.first, let last = label.last, isLetterOrDigit(first), isLetterOrDigit(last),
      label.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }), !label.starts(with: "ip-".utf8),
      let name = try? Name(label, under: domain)
    else { return nil }
    if let node = table.find(name), node.isApex || (node.origin == .configuration && !node.records.isEmpty) {
      return nil
    }
    return name
  }

  private func addressName(_ address: IPv4Address, in domain: Name) -> Name? {
    try? Name("ip-\(address)".utf8.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "-") : $0 }, under: domain)
  }
}
