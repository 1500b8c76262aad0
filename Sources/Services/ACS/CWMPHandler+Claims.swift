import CWMP
import Journey
import Net
import Provisioning
import Transport

// Claims to be a router that has credentials of its own, made without those; see ``Claim``.
extension CWMPHandler {
  /// What becomes of the claim that an Inform is; nil where it is none. One that is held has been noted, and nothing of
  /// the router that it is for has changed.
  func judgeClaim(
    _ inform: Inform, _ login: Contact.Login, from address: IPv4Address?, in site: SiteConfiguration, at now: Timestamp
  ) -> Claim.Decision? {
    guard login == .bootstrap || login == .none && site.authenticates, let device = devices.device(inform.device),
      case .confirmed = device.credentials
    else { return nil }
    let model = site.models.isEmpty ? Model.standard : site.models.model(of: device)
    // Its model is let be so, as it is on record and whatever the Inform says.
    guard login == .bootstrap ? !model.sharesCredentials : model.authenticates else { return nil }
    let router = journey.router(device: "\(device.id)")
    let contact = Contact(
      id: device.id, manufacturer: "",
      events: inform.events.map { Contact.Occurrence($0.code.rawValue, commandKey: $0.commandKey) }, parameters: [],
      login: login)
    let claim = Claim(
      device: device, address: address, isReset: Progress.isReset(contact, of: device), hardware: router?.hardware,
      formerAddress: router?.address)
    let decision = claim.decision(at: now) {
      guard let firstContact, let address, let hardware = router?.hardware else { return Claim.Place() }
      return firstContact.place(of: address, expecting: hardware, at: now)
    }
    if case .held(let doubt) = decision { noteHeld(device.id, router, from: address, "\(doubt)", at: now) }
    return decision
  }

  /// The fact of a claim that is taken, where new credentials are due because of it.
  func claimTaken(
    _ claim: Claim.Decision?, _ login: Contact.Login, _ known: Device?, _ device: Device, from address: IPv4Address?
  ) -> [Fact] {
    guard device.renewal == .due, known?.renewal != .due else { return [] }
    let evidence: Claim.Evidence
    switch claim {
    case .taken(let known): evidence = known
    case nil where login == .certificate: evidence = .certificate
    case .held, nil: return []
    }
    counters.increment("acs.claims.taken")
    return [.claimTaken(address: address, evidence: "\(evidence)")]
  }

  /// With what a claim that is held is told to whoever makes it: no more than that.
  static let heldClaim = "this router has credentials of its own, and a login without them is held for a person"

  private func noteHeld(
    _ device: DeviceID, _ router: Router?, from address: IPv4Address?, _ reason: String, at now: Timestamp
  ) {
    counters.increment("acs.claims.held")
    guard let address else { return }
    let claimant = journey.router(at: address)
    if held.note(HeldWatch.Case(device: device, party: .claimant(address)), reason, at: now), let router {
      journey.sighting(
        of: router.id,
        .claimHeld(address: address, hardware: claimant?.hardware.map { "\($0)" }, reason: reason))
    }
    // On the journey of the one who was sent away, where it is another.
    if claimant?.id != router?.id { noteTurnedAway(Self.heldClaim, address) }
  }

  /// The port that the device is at, as its relay says, where it has just booted: it does not move while it runs.
  func relayPort(of device: Device, _ router: RouterID, at address: IPv4Address?, now: Timestamp) -> [UInt8]? {
    guard device.lastBoot == now || device.firstInform == now, let firstContact, let address,
      let lease = firstContact.activeLease(of: address, at: now),
      lease.hardware != nil, lease.hardware == journey.router(router)?.hardware
    else { return device.relayPort }
    let port = lease.relayPort
    return port.isEmpty ? nil : port
  }

  // MARK: - Rows of the inventory

  /// Decides whether the device is admitted, and notes where it is known for itself. Returns what is told of that besides.
  func admit(
    _ progress: inout Progress, by row: Inventory.Row?, _ profile: Profile?, _ router: RouterID,
    from address: IPv4Address?, at now: Timestamp
  ) -> [Fact] {
    let id = progress.device.id
    let holder = holder(of: row, beside: id)
    progress.decide(Admission.decision(for: progress.device, row: row, holder: holder, profile: profile))
    progress.noteRelayPort(relayPort(of: progress.device, router, at: address, now: now))
    guard let holder, progress.device.admission.isQuarantine else { return [] }
    return noteHeldTwin(id, of: holder, at: now).map { [$0] } ?? []
  }

  /// The device that has the row, where that is another.
  func holder(of row: Inventory.Row?, beside device: DeviceID) -> DeviceID? {
    row.flatMap { devices.holder(of: $0, serialNumber: device.serialNumber) }.flatMap { $0 == device ? nil : $0 }
  }

  /// A device that is not admitted because another has its row of the inventory: both are named on both journeys. Returns
  /// what is to be told of the one that is held.
  func noteHeldTwin(_ device: DeviceID, of holder: DeviceID, at now: Timestamp) -> Fact? {
    counters.increment("acs.twins.held")
    guard held.note(HeldWatch.Case(device: holder, party: .twin(device)), "", at: now) else { return nil }
    if let known = journey.router(device: "\(holder)") {
      journey.sighting(of: known.id, .twinSeen(serial: holder.serialNumber, twin: "\(device)"))
    }
    return .twinHeld(serial: device.serialNumber, holder: "\(holder)")
  }
}
