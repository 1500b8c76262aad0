import ConfigurationFile
import DNS
import Net

/// The zones that a configuration wants served, on an appliance with these addresses.
enum Zones {
  /// Throws `ZoneError` or `NameError`, of which a checked configuration gives no cause but records that clash.
  static func build(
    _ settings: Settings, files: [MasterFile], subnets: [SubnetSettings], appliance: ApplianceAddresses, serial: UInt32
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
    for name in Set(try settings.dns.acsNames.map { try Name($0) }) where name != acsName {
      try builder.addAppliance(name, timeToLive: timeToLive)
    }
    try add(settings.dns.records, of: apex, timeToLive: timeToLive, to: &builder)
    for zone in settings.dns.zones where zone.file == nil {
      let name = try Name(zone.name)
      try builder.addZone(name, nameServer: nameServer, timeToLive: timeToLive)
      try add(zone.records, of: name, timeToLive: timeToLive, to: &builder)
    }
    for file in files { try builder.addZone(file) }
    for name in settings.dns.captive { try addCaptive(name, nameServer: nameServer, to: &builder) }
    return try builder.build()
  }

  private static func add(
    _ records: [DNSRecordSettings], of zone: Name, timeToLive: UInt32, to builder: inout ZoneBuilder
  ) throws {
    for record in records {
      guard let data = record.data else { continue }
      let name = record.name == "@" ? zone : try Name("\(record.name).\(zone)")
      try builder.add(
        ResourceRecord(name, timeToLive: record.ttl.map { UInt32(clamping: $0) } ?? timeToLive, data))
    }
  }

  /// A zone of just that name; of what is below it only, where `*.` stands before it.
  private static func addCaptive(_ name: String, nameServer: Name, to builder: inout ZoneBuilder) throws {
    let isWildcard = name.hasPrefix("*.")
    let zone = try Name(isWildcard ? String(name.dropFirst(2)) : name)
    try builder.addZone(zone, nameServer: nameServer, timeToLive: captiveTimeToLive)
    try builder.addAppliance(isWildcard ? try Name(name) : zone, timeToLive: captiveTimeToLive)
  }

  /// Seconds; short, as the name is somebody else's.
  private static let captiveTimeToLive: UInt32 = 60
}
