import ConfigurationFile
import DHCP
import Net

/// Makes what DHCP says of a boot file of what the configuration says.
struct BootFileMaker {
  /// Of the appliance, as clients of the subnet reach it.
  private let appliance: IPv4Address
  /// Where its HTTP server is reached from there.
  private let host: IPv4Address
  private let port: Int
  private let bootServer: IPv4Address?

  init(_ settings: SubnetSettings, _ all: Settings, appliance: IPv4Address) {
    self.appliance = appliance
    host = settings.acsAddress ?? appliance
    port = all.acs.port
    bootServer = settings.bootServer
  }

  /// `server` is the TFTP server that is set for it. A URL says by itself where its file is.
  func callAsFunction(_ name: String, server: IPv4Address?, isForBootLoaders: Bool = false) -> BootFile {
    switch BootFileReference(name) {
    case .ownByHTTP(let own):
      BootFile(
        name: "http://\(host):\(port)/boot/\(own)", servers: server.map { [$0] } ?? [],
        isForBootLoaders: isForBootLoaders)
    case .url: BootFile(name: name, servers: server.map { [$0] } ?? [], isForBootLoaders: isForBootLoaders)
    case .path: BootFile(name: name, servers: [server ?? appliance], isForBootLoaders: isForBootLoaders)
    }
  }

  func callAsFunction(ofReservation name: String?) -> Reservation.Boot {
    switch name {
    case nil: .asOthers
    case "none"?: .none
    case let name?: .own(self(name, server: bootServer, isForBootLoaders: true))
    }
  }
}

extension Settings {
  /// The names of the boot files that any router is offered and that this appliance makes when it is asked: by TFTP as they
  /// are said, by HTTP what stands behind `/boot/`.
  func bootFileNames(of subnets: [SubnetSettings]) -> Set<String> {
    let classes = dhcp.classes.map(\.values) + subnets.flatMap { $0.classes.map(\.values) }
    let reservations = subnets.flatMap(\.reservations)
    let all =
      subnets.compactMap(\.offeredBootFile) + classes.compactMap(\.bootFile) + reservations.compactMap(\.bootFile)
    return Set(all.filter { $0 != "none" }.compactMap(Self.ownName))
  }

  private static func ownName(_ text: String) -> String? {
    switch BootFileReference(text) {
    case .ownByHTTP(let name): return name
    // TFTP takes a name for a path from the root.
    case .path: return String(text.drop { $0 == "/" })
    case .url(let host):
      let start = "://\(host)/boot/"
      return text.firstRange(of: start).map { String(text[$0.upperBound...]) }
    }
  }

  /// The first labels of the names that the zone of the leases has by the configuration.
  var namesInZone: [String] {
    let zone = ".\(dns.zone.lowercased())"
    let acsNames = ([acs.name] + dns.acsNames).map { $0.lowercased() }
    let own = acsNames.filter { $0.hasSuffix(zone) }.map { String($0.dropLast(zone.count)) }
    return (own + dns.records.map(\.name) + ["ns"]).filter { !$0.contains(".") && $0 != "@" && $0 != "*" }
  }
}
