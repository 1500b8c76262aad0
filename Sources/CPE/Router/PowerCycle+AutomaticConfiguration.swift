import HTTP
import Net
import TFTP
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
    let bytes: [UInt8]
    switch source.server {
    case .tftp(let server):
      bytes = try await fetch(source.fileName, from: server, lease)
    case .tftpNamed(let name):
      let server = try await resolver(lease).address(of: name)
      console.print("Resolved the TFTP server name to \(server).")
      bytes = try await fetch(source.fileName, from: server, lease)
    case .tftpBroadcast:
      bytes = try await fetch(source.fileName, from: .broadcast, lease)
    case .http:
      let url = source.fileName ?? ""
      bytes = try await fetchByHTTP(url, resolver(lease))
      console.print("Successfully downloaded file \(url).")
    }
    console.print("Executing the configuration file. Please wait...")
    let text = String(decoding: bytes, as: UTF8.self)
    let file = ComwareConfiguration(text)
    state.execute(file, cwmpByDefault: false)
    if file.saves { state.store(startupConfiguration: text, isExecuted: true) }
    try store.save(state.flash)
  }

  /// The file that DHCP named; else, one after the other, those that the router may find by itself.
  private func fetch(_ fileName: String?, from server: IPv4Address, _ lease: AddressLease) async throws -> [UInt8] {
    let tftp = TFTPClient(source: lease.address, interface: interface)
    var names = [fileName ?? AutomaticConfiguration.common]
    if fileName == nil, let file = try await found(AutomaticConfiguration.hostNames, from: server, tftp),
      let host = AutomaticConfiguration.hostName(of: lease.address, in: String(decoding: file, as: UTF8.self))
    {
      names.insert("\(host).cfg", at: 0)
    }
    for name in names.dropLast() {
      if let bytes = try await found(name, from: server, tftp) { return bytes }
    }
    let last = names[names.count - 1]
    let bytes = try await tftp.fetch(last, from: server)
    console.print("Successfully downloaded file \(last).")
    return bytes
  }

  /// Nil where there is no such file, or nobody answers.
  private func found(_ name: String, from server: IPv4Address, _ tftp: TFTPClient) async throws -> [UInt8]? {
    do {
      let bytes = try await tftp.fetch(name, from: server)
      console.print("Successfully downloaded file \(name).")
      return bytes
    } catch let failure as TransferFailure {
      console.print("Failed to download file \(name): \(failure).")
      return nil
    }
  }

  private func fetchByHTTP(_ url: String, _ resolver: Resolver) async throws -> [UInt8] {
    var request = CurlRequest(url: url)
    request.resolved = try await resolver.resolved(url)
    request.maximumBody = TFTPClient.limit
    let client = try CurlClient(CurlClient.Options(interface: "\(resolver.source)", tls: configuration.tls))
    let response = try await client.send(request)
    guard response.status == .ok else { throw SessionDriver.Failure.status(response.status) }
    return response.body
  }
}
