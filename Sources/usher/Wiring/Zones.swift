import ConfigurationFile
import DNS
import Net

/// The zones that a configuration wants served, on an appliance with these addresses.
enum Zones {
  /// Throws `ZoneError` or `NameError`, of which a checked configuration gives no cause but records that clash.
  static func build(
    _ settings: Settings, subnets: [SubnetSettings], appliance: ApplianceAddresses, serial: UInt32
  ) throws -> ZoneSet {
    let acsAddress = appliance.address(for: .unspecified)
    var builder = ZoneBuilder(serial: SerialNumber(rawValue: serial), appliance: appliance)
    let apex = try Name(settings.dns.zone)
    let acsName = try Name(settings.acs.name)
    let nameServer = acsName.isWithin(apex) ? acsName : try Name("ns".utf8, under: apex)
    let timeToLive = UInt32(clamping: settings.dns.ttl)
    try builder.addZone(apex, nameServer: nameServer, timeToLive: timeToLive)
    if nameServer == acsName {
      try builder.addAppliance(acsName, timeToLive: timeToLive)
    } else {
      try builder.add(ResourceRecord(nameServer, timeToLive: timeToLive, .a(acsAddress)))
    }
    for subnet in subnets {
      try builder.addReverseZones(of: subnet.subnet, nameServer: nameServer, timeToLive: timeToLive)
    }
    if subnets.contains(where: { $0.subnet.contains(acsAddress) }) {
      try builder.add(ResourceRecord(Name(reverse: acsAddress), timeToLive: timeToLive, .ptr(nameServer)))
    }
    for record in settings.dns.records {
      let name = record.name == "@" ? apex : try Name("\(record.name).\(settings.dns.zone)")
      guard let content = record.content else { continue }
      try builder.add(ResourceRecord(name, timeToLive: timeToLive, try data(of: content)))
    }
    return try builder.build()
  }

  private static func data(of content: DNSRecordSettings.Content) throws(NameError) -> RecordData {
    switch content {
    case .a(let address): .a(address)
    case .aaaa(let address): .aaaa(address)
    case .cname(let name): .cname(try Name(name))
    case .txt(let text): .txt(strings(of: text))
    }
  }

  /// A text as the strings of at most 255 bytes that a TXT record has (RFC 1035 section 3.3.14).
  private static func strings(of text: String) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty else { return [[]] }
    return stride(from: 0, to: bytes.count, by: 255).map { Array(bytes[$0..<min($0 + 255, bytes.count)]) }
  }
}
