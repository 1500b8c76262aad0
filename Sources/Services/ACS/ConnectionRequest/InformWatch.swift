import CWMP
import Synchronization

/// Tells of the Informs of a device, as they are committed, to who waits for one.
package final class InformWatch: Sendable {
  struct Heard: Hashable, Sendable {
    let events: [String]
    let moment: ContinuousClock.Instant

    /// TR-069 table "Event codes": `6 CONNECTION REQUEST`.
    var answersConnectionRequest: Bool { events.contains { $0.split(separator: " ").first == "6" } }
  }

  /// Of those that wait for the same device, each has a number.
  private struct State {
    var waiting: [DeviceID: [Int: AsyncStream<Heard>.Continuation]] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// The Informs of a device from now on.
  func informs(of device: DeviceID) -> AsyncStream<Heard> {
    let (stream, continuation) = AsyncStream.makeStream(of: Heard.self, bufferingPolicy: .bufferingNewest(8))
    let number = state.withLock { state in
      state.next += 1
      state.waiting[device, default: [:]][state.next] = continuation
      return state.next
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { state in
        state.waiting[device]?[number] = nil
        if state.waiting[device]?.isEmpty == true { state.waiting[device] = nil }
      }
    }
    return stream
  }

  /// An Inform of the device is on disk.
  func heard(_ device: DeviceID, events: [String]) {
    let waiting = state.withLock { $0.waiting[device].map { Array($0.values) } ?? [] }
    for continuation in waiting { continuation.yield(Heard(events: events, moment: .now)) }
  }
}
