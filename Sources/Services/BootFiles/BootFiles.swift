import Journey
package import Logging
package import Net
import Provisioning
package import Transport

/// The boot files that routers fetch, over TFTP or HTTP: made for each router from the template when it asks.
package struct BootFiles: Sendable {
  private let site: Current<SiteConfiguration>
  private let journey: JourneyRecorder
  private let counters: Counters
  private let logger: Logger

  package init(site: Current<SiteConfiguration>, journey: JourneyRecorder, counters: Counters, logger: Logger) {
    self.site = site
    self.journey = journey
    self.counters = counters
    self.logger = logger
  }

  /// The folder of files that others laid down, where there is one.
  package var folder: ServedFolder? { site.value.folder }

  /// Whether the router at this address takes a file of this name for its configuration: the name that DHCP gave it,
  /// else `HOSTNAME.cfg`, and then `device.cfg`. All are the same file.
  package func isBootFile(_ name: String, for address: IPv4Address) -> Bool {
    let site = site.value
    return Self.isBootFile(name, for: Asker(address, site, journey), site)
  }

  private static func isBootFile(_ name: String, for asker: Asker, _ site: SiteConfiguration) -> Bool {
    name == "device.cfg" || site.bootFileNames.contains(name)
      || asker.hostname.map { BootFileName.isConfiguration(name, ofHost: $0) } ?? false
  }

  /// The content of a file for the router at this address; nil where there is no such file, or its template asks for
  /// what is not known of this router.
  package func content(named name: String, for address: IPv4Address) -> [UInt8]? {
    let site = site.value
    let asker = Asker(address, site, journey)
    guard Self.isBootFile(name, for: asker, site) else { return nil }
    var variables = Variables([
      "address": address.description, "acs_url": site.url.text, "mac": asker.router?.hardware?.description ?? "",
      "hostname": asker.hostname ?? "", "site": asker.row?.site ?? "",
    ])
    variables.set(asker.row?.variables ?? [:])
    do throws(TemplateError) {
      return Array(try site.bootFile.render(variables).utf8)
    } catch {
      counters.increment("bootFile.unrendered")
      logger.error(
        "the boot file cannot be made", metadata: [.name: "\(name)", .address: "\(address)", .reason: "\(error)"])
      journey.sighting(at: address, .bootFileFailed(name: name, reason: "\(error)"))
      return nil
    }
  }

  /// What `network.cfg` says to the router at this address: its own name, and no other's. Nil where it has none.
  package func hostNames(for address: IPv4Address) -> [UInt8]? {
    Asker(address, site.value, journey).hostname.flatMap { BootFileName.hostNames([(name: $0, address: address)]) }
  }
}

/// The router that asks, as far as it is known.
private struct Asker {
  let router: Router?
  let row: Inventory.Row?
  /// Of the inventory, else of its reservation or what it calls itself.
  let hostname: String?

  init(_ address: IPv4Address, _ site: SiteConfiguration, _ journey: JourneyRecorder) {
    router = journey.router(at: address)
    row = router?.hardware.flatMap { site.inventory.row(hardware: $0) }
    hostname = row?.variables["hostname"] ?? router?.hostname
  }
}
