import HTTP
import Net
import Synchronization
import Transport

/// Listens for connection requests on one address of the router.
final class ConnectionRequestListener: Sendable {
  let url: String
  private let gate: Mutex<ConnectionRequestGate>
  private let mailbox: Mailbox
  private let task = Mutex<Task<Void, Never>?>(nil)

  init(address: IPv4Address, port: UInt16, path: String, mailbox: Mailbox) {
    url = "http://\(address):\(port)/\(path)"
    self.mailbox = mailbox
    gate = Mutex(
      ConnectionRequestGate(path: "/\(path)", secret: Randomness.bytes(16), hashes: .crypto))
    let server = HTTPServer(address: .network(host: "\(address)", port: port)) { [weak self] request in
      self?.respond(to: request) ?? Response(.serviceUnavailable)
    }
    let running = Task {
      do {
        try await server.run()
      } catch {
        mailbox.send(.line("CWMP: no connection requests: \(error)."))
      }
    }
    task.withLock { $0 = running }
  }

  func update(username: String, password: String, isBusy: Bool) {
    gate.withLock { gate in
      gate.username = username
      gate.password = password
      gate.isBusy = isBusy
    }
  }

  /// Returns when nothing listens any longer.
  func stop() async {
    let running = task.withLock { $0 }
    running?.cancel()
    await running?.value
  }

  private func respond(to request: Request) -> Response {
    let moment = SteadyClock.now().rawValue
    let (response, verdict) = gate.withLock { $0.receive(request, at: moment) }
    if verdict == .accepted { mailbox.send(.connectionRequest) }
    return response
  }
}
