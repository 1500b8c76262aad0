package import Logging
package import Net
import Provisioning

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

  /// The content of a file for the router at this address; nil where there is no such file, or its template asks for
  /// what is not known of this router.
  ///
  /// Comware asks for the name that DHCP gave it, else for `HOSTNAME.cfg` and then `device.cfg`: all are the same file.
  package func content(named name: String, for address: IPv4Address) -> [UInt8]? {
    let site = site.value
    let router = journey.router(at: address)
    let row = router?.hardware.flatMap { site.inventory.row(hardware: $0) }
    let hostname = row?.variables["hostname"] ?? router?.hostname
    let names = site.bootFileNames.union(["device.cfg"]).union(hostname.map { ["\($0).cfg"] } ?? [])
    guard names.contains(name) else { return nil }

    var variables = Variables([
      "address": address.description, "acs_url": site.url.text, "mac": router?.hardware?.description ?? "",
      "hostname": hostname ?? "", "site": row?.site ?? "",
    ])
    variables.set(row?.variables ?? [:])
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
}
