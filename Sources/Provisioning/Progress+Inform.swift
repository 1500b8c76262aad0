package import CWMP
package import Net

extension Progress {
  /// An Inform came: the record of a device that is new, or what became of the `known` one.
  ///
  /// `0 BOOTSTRAP` means a factory reset: parameters, configuration, transfer, reboot and verification are forgotten,
  /// and new credentials are due, unless it logged in with its own: those hold until it has logged in with the new ones.
  /// Whoever comes without them has to be judged before, see `Claim` in Services. An exception: where the same Inform answers a reboot or
  /// a download that was asked of it, the configuration that it took stays, because it was that which changed the ACS's
  /// URL or lost it; downloading it once more would never end.
  ///
  /// - Parameter sharesCredentials: whether the device is of a model that is let be with the shared credentials.
  package init(_ known: Device?, informed contact: Contact, sharesCredentials: Bool = false, at now: Timestamp) {
    let manufacturer = contact.manufacturer.cut(to: 64).trimmed
    self.init(
      of: known
        ?? Device(
          id: contact.id, manufacturer: manufacturer, dataModel: contact.dataModel ?? .internetGatewayDevice,
          firstInform: now))
    device.manufacturer = manufacturer
    device.lastInform = now
    if let root = contact.dataModel { device.dataModel = root }
    if let version = contact["DeviceInfo.SoftwareVersion"] {
      if version != device.softwareVersion {
        device.habits = Habits()
        // What other software read back is to be read back again.
        if device.softwareVersion != nil { device.verified = nil }
      }
      device.softwareVersion = version
    }
    device.habits.learn(from: contact.parameters)
    if let version = contact["DeviceInfo.HardwareVersion"] { device.hardwareVersion = version }
    if let code = contact["DeviceInfo.ProvisioningCode"] { device.provisioningCode = code }
    if let url = contact["ManagementServer.ConnectionRequestURL"] { device.connectionRequestURL = url }
    if let place = contact["ManagementServer.UDPConnectionRequestAddress"] {
      device.udpConnectionRequestAddress = place
    }
    if let text = contact["ManagementServer.NATDetected"] { device.isNATDetected = text == "1" || text == "true" }
    outcomes.append(
      .informed(
        events: contact.events.map(\.code),
        softwareVersion: device.softwareVersion))

    let isBootstrap = contact.has("0")
    let isBoot = contact.has("1") || isBootstrap
    if isBoot, known != nil { noteSeries(contact, at: now) }
    if isBoot { device.lastBoot = now }
    if sharesCredentials { device.relapse = nil }
    let isReset = isBootstrap || answersOwnRequest(contact)
    if isBootstrap, known != nil { forget(contact) }
    noteLogin(contact.login, isReset: isReset, isBootstrap: isBootstrap, sharesCredentials, at: now)
    noteReboot(contact, isBoot: isBoot, isKnown: known != nil, at: now)
    noteChanges(contact, at: now)
  }

  private mutating func forget(_ contact: Contact) {
    device.parameters = []
    device.setback = nil
    device.verified = nil
    device.stunRefusal = nil
    device.drifts = []
    if answersOwnRequest(contact) { return }
    outcomes.append(.factoryReset)
    device.configuration = nil
    device.doubtfulFile = nil
    device.transfer = nil
    device.reboot = nil
    switch (device.credentials, contact.login) {
    case (.confirmed, .own): outcomes.append(.secured)
    // What it was not known to have taken it is offered again.
    case (.proposed, _), (.confirmed, .bootstrap), (.confirmed, .next), (.bootstrap, _): break
    case (.confirmed, .certificate), (.confirmed, .link), (.confirmed, .none): renew()
    }
  }

  /// Whether the device says why it has lost its own credentials: a factory reset, or the configuration or the reboot
  /// that it was asked for.
  package static func isReset(_ contact: Contact, of device: Device) -> Bool {
    contact.has("0") || Progress(of: device).answersOwnRequest(contact)
  }

  private func answersOwnRequest(_ contact: Contact) -> Bool {
    if let reboot = device.reboot, reboot.state != .done,
      contact.has("1") || contact.has("M", commandKey: reboot.commandKey)
    {
      return true
    }
    return device.transfer != nil && contact.has("7")
  }

  private mutating func noteReboot(_ contact: Contact, isBoot: Bool, isKnown: Bool, at now: Timestamp) {
    if let reboot = device.reboot, reboot.state != .done, isBoot || contact.has("M", commandKey: reboot.commandKey) {
      device.reboot = Reboot(commandKey: reboot.commandKey, moment: now, state: .done, attempt: reboot.attempt)
      outcomes.append(.rebooted)
    } else if isBoot, isKnown {
      outcomes.append(.rebooted)
    }
  }

  /// A value that the device had confirmed and now reports otherwise is no longer confirmed.
  private mutating func noteChanges(_ contact: Contact, at now: Timestamp) {
    for parameter in contact.parameters {
      let length = parameter.path.utf8.count
      // Both are few, and nearly all have another length.
      let known = device.parameters.firstIndex { $0.path.utf8.count == length && $0.path == parameter.path }
      guard let place = known, parameter.value != device.parameters[place].value,
        !Goal.Parameter.isSecret(parameter.path)
      else { continue }
      if device.verified != nil, !ParameterFact.areAlike(parameter.value, device.parameters[place].value) {
        drifted(path: parameter.path, wanted: device.parameters[place].value, found: parameter.value)
      }
      device.parameters[place] = ParameterFact(
        path: parameter.path, value: String(parameter.value.prefix(Goal.valueLimit)), moment: now)
    }
  }
}
