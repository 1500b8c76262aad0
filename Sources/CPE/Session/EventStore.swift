package import CWMP

/// The events that the ACS has not taken yet (TR-069 section 3.7.1.5), in the order in which an Inform lists them. What
/// becomes of each when a session fails or the router restarts is the standard's table of events.
package struct EventStore: Hashable, Sendable, Codable {
  package struct Entry: Hashable, Sendable, Codable {
    package let code: EventCode
    package let commandKey: String
  }

  package private(set) var pending: [Entry] = []

  package init() {}

  package var isEmpty: Bool { pending.isEmpty }

  /// The first 64, which are all that one Inform may have.
  package var informed: [InformEvent] {
    pending.prefix(Inform.eventLimit).map { InformEvent($0.code, commandKey: $0.commandKey) }
  }

  package func contains(_ code: EventCode) -> Bool { pending.contains { $0.code == code } }

  /// Adds an event; one without a command key is there once. A BOOTSTRAP drops all that came before it but the BOOT.
  package mutating func add(_ code: EventCode, commandKey: String = "") {
    let entry = Entry(code: code, commandKey: commandKey)
    if code == .bootstrap { pending.removeAll { $0.code != .boot } }
    guard pending.count < Inform.eventLimit, !code.isSingle || !contains(code) else { return }
    let place = pending.firstIndex { $0.code.rank > code.rank } ?? pending.endIndex
    pending.insert(entry, at: place)
  }

  /// The ACS answered the Inform that had these events.
  package mutating func delivered(_ events: [InformEvent]) {
    for event in events where event.code.isDeliveredByInform {
      remove(event.code, commandKey: event.commandKey)
    }
  }

  /// The ACS answered a TransferComplete. `isLast`: no other waits to be told.
  package mutating func transferAcknowledged(_ code: EventCode, commandKey: String, isLast: Bool) {
    remove(code, commandKey: commandKey)
    if isLast { pending.removeAll { $0.code == .transferComplete } }
  }

  /// A session came to no good end: a connection request is not tried again.
  package mutating func sessionFailed() {
    pending.removeAll { $0.code == .connectionRequest }
  }

  /// The router went down.
  package mutating func restarted() {
    pending.removeAll { [.boot, .valueChange, .connectionRequest, .diagnosticsComplete].contains($0.code) }
  }

  private mutating func remove(_ code: EventCode, commandKey: String) {
    guard let place = pending.firstIndex(of: Entry(code: code, commandKey: commandKey)) else { return }
    pending.remove(at: place)
  }
}

extension EventCode {
  /// All but those that a method of the ACS led to: `M Reboot`.
  fileprivate var isSingle: Bool { !rawValue.hasPrefix("M ") }

  /// Numbered events in their order, then the `M` events as they came.
  fileprivate var rank: Int { rawValue.split(separator: " ").first.flatMap { Int($0) } ?? 100 }

  fileprivate var isDeliveredByInform: Bool {
    ![.transferComplete, .downloadMethod, .uploadMethod, .scheduleDownloadMethod].contains(self)
  }
}
