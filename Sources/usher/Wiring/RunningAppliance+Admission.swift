import CWMP
import Journey
import Management
import Net
import Provisioning
import Services
import Store

// A person's decisions on a router that is held.
extension RunningAppliance {
  func admit(_ router: Int64, from address: IPv4Address?) async throws(ErrorReport) {
    let id = RouterID(rawValue: router)
    guard let name = journey.router(id)?.device, let device = DeviceID(name).flatMap({ devices.device($0) }) else {
      throw ErrorReport(error: "notInformed", text: "That router has not informed yet; there is nothing to admit.")
    }
    var progress = Progress(of: device)
    let fact: Fact
    if let address {
      try checkClaim(of: device, from: address)
      progress.approve(claimFrom: address, at: now)
      fact = .claimApproved(address: address)
    } else {
      progress.decide(.admitted(by: Admission.person))
      progress.retryCredentials()
      fact = .admitted(by: Admission.person)
    }
    do throws(StoreError) {
      try await journey.commit([.device(progress.device), .event(Event(router: id, moment: now, fact: fact))])
    } catch {
      throw ErrorReport(error: "store", text: "\(error)")
    }
    acs.decided(device.id, claimFrom: address)
  }

  /// Throws where there is no such claim to decide about.
  private func checkClaim(of device: Device, from address: IPv4Address) throws(ErrorReport) {
    let claimants = acs.claimants(of: device.id, at: now)
    guard !claimants.contains(address) else { return }
    let others =
      claimants.isEmpty
      ? "nobody claims to be it" : "who claims to be it is at " + claimants.map(\.description).joined(separator: ", ")
    throw ErrorReport(
      error: "noClaim", text: "No claim to be \(device.id.name) from \(address) is held: \(others).")
  }
}
