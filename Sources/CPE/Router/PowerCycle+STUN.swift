import CWMP
import HTTP
import Net
import Transport

// How the router keeps itself within reach of an ACS beyond a NAT (TR-069 annex G).
extension PowerCycle {
  /// Milliseconds from a STUN server that could not be found, or a port that could not be had, to the next attempt.
  private static let stunRetryWait: Int64 = 30_000

  /// Runs the STUN client as the data model has it at present.
  mutating func keepBinding(_ lease: AddressLease) async throws {
    guard state.isCWMPEnabled else { return }
    let host = state.acs.url.flatMap { HostPort(url: $0) }?.host
    let wanted = STUNParameters(of: state.tree, acs: host)
    guard wanted != stun?.parameters else { return }
    if let stunRetry, SteadyClock.now() < stunRetry { return }
    stunRetry = nil
    await stun?.stop()
    stun = nil
    guard let wanted else {
      console.print("STUN: the client is off.")
      return state.bound(nil)
    }
    do {
      let server =
        if let address = IPv4Address(wanted.server) {
          address
        } else {
          try await resolver(lease).address(of: wanted.server)
        }
      let settings = STUNClient.Settings(
        server: STUNAddress(server, port: wanted.port),
        local: STUNAddress(lease.address, port: configuration.connectionRequestPort), username: wanted.username,
        password: wanted.password, period: wanted.period)
      stun = try STUNLoop(settings, of: wanted, gate: gate, mailbox: mailbox)
      console.print("STUN: the server is \(settings.server).")
    } catch {
      try Task.checkCancellation()
      console.print("STUN: the server \(wanted.server) cannot be used: \(error).")
      stunRetry = SteadyClock.now().advanced(byMilliseconds: Self.stunRetryWait)
    }
  }

  mutating func note(_ binding: STUNClient.Binding) {
    console.print(
      "STUN: the server sees the router at \(binding.place), \(binding.isNATDetected ? "behind a NAT" : "without a NAT")."
    )
    state.bound(binding)
  }
}
