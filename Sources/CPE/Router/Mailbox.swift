import DHCP
import Net
import Synchronization
import Transport

/// What happens to the router from outside, in the order in which it happens.
enum Happening: Sendable {
  case bound(AddressLease)
  case lost(AddressLease, DHCPClient.Loss)
  case connectionRequest
  /// The STUN client learned where the router is seen.
  case binding(STUNClient.Binding)
  /// A line for the console.
  case line(String)
}

/// From the threads where things happen to the one task that owns the router.
final class Mailbox: Sendable {
  private let happenings = Mutex<[Happening]>([])
  private let signal: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() {
    (signal, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  func send(_ happening: Happening) {
    happenings.withLock { $0.append(happening) }
    continuation.yield()
  }

  /// What has happened; where nothing has, it is waited for until the moment, or without limit. Throws
  /// `CancellationError`. For one task.
  func take(until moment: Timestamp?) async throws -> [Happening] {
    if let waiting = takeAll() { return waiting }
    let alarm = moment.map { moment in
      Task { [continuation] in
        let wait = min(max(1, moment.milliseconds(since: SteadyClock.now())), 86_400_000)
        try await Task.sleep(for: .milliseconds(wait))
        continuation.yield()
      }
    }
    defer { alarm?.cancel() }
    var iterator = signal.makeAsyncIterator()
    _ = await iterator.next()
    try Task.checkCancellation()
    return takeAll() ?? []
  }

  func takeAll() -> [Happening]? {
    happenings.withLock { happenings in
      defer { happenings = [] }
      return happenings.isEmpty ? nil : happenings
    }
  }
}
