import CWMP
import HTTP
import Net
import Transport

// What the router does for its ACS.
extension PowerCycle {
  mutating func serve() async throws -> End {
    if !state.isCWMPEnabled { console.print("CWMP is not enabled.") }
    while true {
      try Task.checkCancellation()
      if let happenings = mailbox.takeAll() { try await handle(happenings) }
      guard let lease else {
        try await handle(mailbox.take(until: nil))
        continue
      }
      listen(on: lease.address)
      try await keepBinding(lease)
      switch state.duty(now: SteadyClock.now()) {
      case .session:
        if let end = try await holdSession(lease) { return end }
      case .transfer(let transfer):
        await make(transfer, lease)
      case .wait(let moment):
        try await handle(mailbox.take(until: [moment, stunRetry].compactMap(\.self).min()))
      }
      try store.save(state.flash)
    }
  }

  private mutating func holdSession(_ lease: AddressLease) async throws -> End? {
    guard let url = state.acs.url else { return nil }
    updateListener(isBusy: true)
    defer { updateListener(isBusy: false) }
    var session = CPESession(router: state, url: url, now: SteadyClock.now())
    console.print("CWMP: Inform to \(url) (\(session.events.map(\.code.rawValue).joined(separator: ", "))).")
    let store = store
    let driver = SessionDriver(
      resolver: resolver(lease), tls: configuration.tls, closeWait: configuration.timing.closeWait,
      delay: configuration.delay,
      lastMessage: dropsSessionAfter, console: { [console] in console.print($0) }, save: { try store.save($0) })
    dropsSessionAfter = nil
    let result: Result<Void, any Error>
    do {
      if configuration.faults.contains(.noDNSQuery), HostPort(url: url).flatMap({ IPv4Address($0.host) }) == nil {
        throw Lookup.Failure.noAnswer
      }
      try await driver.run(&session, url: url, credentials: credentials)
      result = .success(())
    } catch {
      result = .failure(error)
    }
    state = session.router
    switch result {
    case .success:
      state.sessionSucceeded(now: SteadyClock.now())
      console.print("CWMP: the session is over.")
    case .failure(let error):
      try Task.checkCancellation()
      let wait = state.sessionFailed(
        configuration.timing.sessionRetry, now: SteadyClock.now(), random: Randomness.uint32())
      console.print("CWMP: the session failed: \(error). Next try in \((wait + 999) / 1000) s.")
    }
    return end(of: session)
  }

  private mutating func end(of session: CPESession) -> End? {
    var end: End?
    for command in session.commands {
      switch command {
      case .reboot(let key):
        state.flash.events.add(.rebootMethod, commandKey: key)
        end = end ?? .reboot
      case .factoryReset:
        end = .factoryReset
      }
    }
    return end
  }

  private var credentials: CurlRequest.Credentials? {
    guard let username = state.acs.username, !username.isEmpty else { return nil }
    let password = state.acs.password ?? ""
    let isWrong = configuration.faults.contains(.wrongPassword)
    return CurlRequest.Credentials(username: username, password: isWrong ? password + "x" : password)
  }

  private mutating func make(_ transfer: PendingTransfer, _ lease: AddressLease) async {
    let started = SteadyClock.now()
    console.print("CWMP: \(transfer.kind.isUpload ? "uploading to" : "downloading") \(transfer.url).")
    let driver = TransferDriver(
      resolver: resolver(lease), tls: configuration.tls, closeWait: configuration.timing.closeWait)
    let fault: TransferFault?
    switch transfer.kind {
    case .uploadConfiguration:
      fault = await driver.upload(transfer, content: Array((state.flash.startupConfiguration ?? "").utf8))
    case .uploadLog:
      fault = await driver.upload(transfer, content: console.log)
    case .firmware, .configuration:
      fault = await download(transfer, driver)
    }
    guard !Task.isCancelled else { return }
    if let fault {
      console.print("CWMP: the transfer failed: \(fault.code) \(fault.text).")
    } else {
      console.print("CWMP: the transfer is complete.")
    }
    state.finish(transfer, fault: fault, started: started, now: SteadyClock.now())
  }

  private mutating func download(_ transfer: PendingTransfer, _ driver: TransferDriver) async -> TransferFault? {
    if configuration.faults.contains(.noDownload) { return TransferFault(code: 9010, text: "Download failure") }
    switch await driver.download(transfer) {
    case .failed(let fault):
      return fault
    case .done(let bytes) where transfer.kind == .firmware:
      let name = transfer.targetFileName.isEmpty ? transfer.url : transfer.targetFileName
      state.flash.nextSoftwareVersion = FirmwareImage.version(of: bytes, fileName: name)
      return nil
    case .done(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        return TransferFault(code: 9018, text: "the configuration file is not text")
      }
      state.store(startupConfiguration: text)
      return nil
    }
  }
}
