import Net
import Transport

/// The router's own resolver: what its lease's DNS servers say, asked anew each time.
struct Resolver: Sendable {
  let servers: [IPv4Address]
  /// The router's address.
  let source: IPv4Address
  /// Milliseconds for each query.
  let wait: Int64

  func address(of name: String) async throws -> IPv4Address {
    let lookup = try Lookup(name, servers: servers, wait: wait)
    let outcome = try await blocking(named: "resolver") { [source] in Self.run(lookup, from: source, until: $0) }
    switch try outcome.get() {
    case .addresses(let addresses):
      guard let address = addresses.first else { throw Lookup.Failure.noAddress }
      return address
    case .failed(let failure):
      throw failure
    }
  }

  /// From a port that the kernel chooses, another one each time (RFC 5452 section 9.2).
  private static func run(
    _ lookup: Lookup, from source: IPv4Address, until cancellation: CInt
  ) -> Result<Lookup.Outcome, any Error> {
    var lookup = lookup
    do {
      let socket = try DatagramSocket(source, port: 0)
      var poller = Poller([socket.fileDescriptor, cancellation])
      var query = lookup.start(now: SteadyClock.now(), random: Randomness.uint32())
      while true {
        if let query { try? socket.send(query.bytes, to: Endpoint(query.server, port: 53)) }
        query = nil
        if let outcome = lookup.outcome { return .success(outcome) }
        let left = lookup.deadline.map { Int(max(0, $0.milliseconds(since: SteadyClock.now()))) }
        if try poller.wait(milliseconds: left).contains(1) { return .failure(CancellationError()) }
        if let received = try? socket.receive(), received.source.port == 53 {
          query = lookup.receive(
            received.bytes, from: received.source.address, now: SteadyClock.now(), random: Randomness.uint32())
        }
        if query == nil { query = lookup.tick(now: SteadyClock.now(), random: Randomness.uint32()) }
      }
    } catch {
      return .failure(error)
    }
  }
}
