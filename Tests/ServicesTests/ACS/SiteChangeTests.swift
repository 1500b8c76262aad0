import CWMP
import Net
import Provisioning
import Store
import Testing
import Transport

@testable import Services

struct SiteChangeTests {
  private func site(_ acs: ACSFixture, template: String) throws -> SiteConfiguration {
    var site = acs.site.value
    site.profiles[0].configuration?.template = try Template(template)
    return site
  }

  private func outlook(_ change: SiteChange, _ devices: DeviceDirectory, until: Timestamp) async -> Outlook {
    await change.outlook(over: devices, until: until, now: SteadyClock.now) { _ in (nil, nil) }
  }

  @Test func `an edited template is told with the routers that would download it, and the same one is no change`()
    async throws
  {
    let acs = try ACSFixture()
    var router = RouterByHand(acs)
    _ = try await router.session()
    let later = SteadyClock.now().advanced(bySeconds: 60)
    let next = try site(acs, template: "sysname other\n")
    let change = await outlook(SiteChange(from: acs.site.value, to: next), acs.devices, until: later)
    #expect(change.parts["lab"]?.disturbed == 1 && change.needsConfirmation)
    let same = try site(acs, template: ACSFixture.configuration)
    #expect(await outlook(SiteChange(from: acs.site.value, to: same), acs.devices, until: later) == Outlook())
  }

  @Test func `ten thousand routers are looked at within the time, or the rest is told as unseen`() async throws {
    let acs = try ACSFixture()
    var router = RouterByHand(acs)
    _ = try await router.session()
    let known = try #require(router.device)
    let devices = DeviceDirectory()
    devices.apply(
      (0..<10_000).map { number in
        var device = Device(
          id: DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "\(number)"), manufacturer: "H3C",
          dataModel: .internetGatewayDevice, firstInform: known.firstInform)
        device.admission = known.admission
        device.credentials = known.credentials
        device.parameters = known.parameters
        device.configuration = known.configuration
        device.verified = known.verified
        return .device(device)
      })
    let change = SiteChange(from: acs.site.value, to: try site(acs, template: "sysname {{ serial }}\n"))
    let start = SteadyClock.now()
    let whole = await outlook(change, devices, until: start.advanced(bySeconds: 120))
    #expect(whole.unseen == 0 && whole.parts["lab"]?.disturbed == 10_000)
    let none = await outlook(change, devices, until: start)
    #expect(none.unseen == 10_000 && none.needsConfirmation)
  }
}
