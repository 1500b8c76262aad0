import HTTP
import Net
import Transport

// What Comware does where it has no startup configuration: it repeats until a configuration was fetched and executed.
extension PowerCycle {
  mutating func configureAutomatically() async throws {
    var attempt = 1
    while true {
      console.print("Automatic configuration attempt: \(attempt).")
      console.print("Interface used: \(configuration.interface).")
      console.print("Enable DHCP client on \(configuration.interface).")
      console.print("Set DHCP client identifier: \(Hexadecimal.encode(clientIdentifier)).")
      try await startClient(previous: nil)
      while lease == nil { try await handle(mailbox.take(until: nil)) }
      if configuration.cwmp == .onOption43, state.discovered.url != nil {
        console.print("CWMP is enabled by DHCP.")
        state.isCWMPEnabled = true
        return
      }
      do {
        try await fetchConfiguration()
        console.print("Automatic configuration successfully completed.")
        return
      } catch {
        try Task.checkCancellation()
        console.print("Automatic configuration failed: \(error).")
      }
      await goDown()
      try await Task.sleep(for: .milliseconds(configuration.timing.automaticConfigurationWait))
      attempt += 1
    }
  }

  private mutating func fetchConfiguration() async throws {
    guard let lease else { return }
    let source = AutomaticConfiguration(lease)
    console.print(source.obtained)
    let tftp = TFTPClient(source: lease.address, interface: interface)
    let bytes: [UInt8]
    switch source.server {
    case .tftp(let server):
      bytes = try await tftp.fetch(source.fileName, from: server)
    case .tftpNamed(let name):
      let server = try await resolver(lease).address(of: name)
      console.print("Resolved the TFTP server name to \(server).")
      bytes = try await tftp.fetch(source.fileName, from: server)
    case .tftpBroadcast:
      bytes = try await tftp.fetch(source.fileName, from: .broadcast)
    case .http:
      bytes = try await fetchByHTTP(source.fileName, resolver(lease))
    }
    console.print("Successfully downloaded file \(source.fileName).")
    console.print("Executing the configuration file. Please wait...")
    let text = String(decoding: bytes, as: UTF8.self)
    let file = ComwareConfiguration(text)
    state.execute(file, cwmpByDefault: false)
    if file.saves { state.store(startupConfiguration: text, isExecuted: true) }
    try store.save(state.flash)
  }

  private func fetchByHTTP(_ url: String, _ resolver: Resolver) async throws -> [UInt8] {
    var request = CurlRequest(url: url)
    request.resolved = try await resolver.resolved(url)
    request.maximumBody = TFTPClient.limit
    let response = try await CurlClient(CurlClient.Options(interface: "\(resolver.source)")).send(request)
    guard response.status == .ok else { throw SessionDriver.Failure.status(response.status) }
    return response.body
  }
}
