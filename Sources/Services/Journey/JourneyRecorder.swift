package import CWMP
package import DHCP
package import Journey
package import Net
import ServiceLifecycle
package import Store
import Synchronization
import Transport

/// Keeps the journeys: joins what the services see of one router, and commits it.
///
/// Facts go through ``commit(_:)`` or ``commitAndWait(_:)`` and are durable when those return. Sightings are gathered and
/// committed with the next facts, or within a tenth of a second; they may be lost, are counted then, and never hold up
/// an answer.
package final class JourneyRecorder: Service {
  /// Sightings that wait at once; more are counted and dropped.
  package static let pendingLimit = 8192
  /// Bytes of transcripts that wait at once; more are counted and dropped.
  package static let pendingTranscripts = 16 << 20
  /// The same thing seen of the same router again within so many milliseconds is seen once.
  package static let repetitionInterval: Int64 = 10_000

  /// The clock may begin at zero.
  private static let longAgo = Timestamp(rawValue: -repetitionInterval)

  private struct Sighted: Hashable {
    let router: RouterID
    let fact: Fact
  }

  private struct State {
    var correlator: Correlator
    var pending = PendingChanges()
    var transcriptBytes = 0
    var recent: [Sighted: Timestamp] = [:]
  }

  private let state: Mutex<State>
  private let committer: Committer
  private let counters: Counters
  private let log: JourneyLog?

  /// `last` is the highest number that any router ever had.
  package init(
    routers: [Router], last: RouterID, committer: Committer, counters: Counters, log: JourneyLog? = nil
  ) {
    self.log = log
    state = Mutex(State(correlator: Correlator(routers: routers, next: last.rawValue + 1)))
    self.committer = committer
    self.counters = counters
  }

  // MARK: - Who it is

  package func router(_ id: RouterID) -> Router? {
    state.withLock { $0.correlator.router($0.correlator.current(id)) }
  }

  /// The router that has this address.
  package func router(at address: IPv4Address) -> Router? {
    state.withLock { state in state.correlator.peer(address).flatMap { state.correlator.router($0) } }
  }

  package func router(device: String) -> Router? {
    state.withLock { state in state.correlator.router(device: device).flatMap { state.correlator.router($0) } }
  }

  // MARK: - Sightings

  /// Notes what the client at `address` did; nothing where no router is known to have that address.
  package func sighting(at address: IPv4Address, _ fact: Fact) {
    let now = SteadyClock.now()
    state.withLock { state in
      guard let router = state.correlator.peer(address) else { return }
      note(fact, of: router, at: now, in: &state)
    }
  }

  /// Notes what a DHCP client did that was given nothing.
  package func sighting(
    of hardware: MACAddress, vendorClass: String?, hostname: String?, _ facts: [Fact], at now: Timestamp
  ) {
    state.withLock { state in
      guard
        let correlation = counted(
          { () throws(CorrelatorError) in
            try state.correlator.sighting(hardware, vendorClass: vendorClass, hostname: hostname, at: now)
          })
      else { return }
      state.pending.add(correlation)
      for fact in facts { note(fact, of: correlation.router, at: now, in: &state) }
    }
  }

  /// Notes what was seen of a DHCP client; nothing where it is no router on record.
  package func sighting(ofKnown hardware: MACAddress, _ fact: Fact, at now: Timestamp) {
    state.withLock { state in
      guard let router = state.correlator.router(hardware: hardware) else { return }
      note(fact, of: router, at: now, in: &state)
    }
  }

  /// Notes that a DHCP client was seen to take an address from another server, which joins what is seen of it there to
  /// what DHCP saw of it.
  package func leasedElsewhere(
    _ hardware: MACAddress, _ address: IPv4Address, from server: IPv4Address, at now: Timestamp
  ) {
    state.withLock { state in
      guard let correlation = state.correlator.leasedElsewhere(hardware, address) else { return }
      if !correlation.changed.isEmpty { state.pending.add(correlation) }
      note(.leasedElsewhere(address: address, server: server), of: correlation.router, at: now, in: &state)
    }
  }

  /// Notes what a router did whose number is known.
  package func sighting(of router: RouterID, _ fact: Fact) {
    let now = SteadyClock.now()
    state.withLock { note(fact, of: $0.correlator.current(router), at: now, in: &$0) }
  }

  /// Keeps what went to and fro in a session; it waits and may be lost as sightings may.
  package func keep(transcript: [UInt8], of device: DeviceID, start: Timestamp, kept: Int) {
    state.withLock { state in
      guard state.pending.count < Self.pendingLimit,
        state.transcriptBytes + transcript.count <= Self.pendingTranscripts
      else {
        counters.increment("acs.transcripts.lost")
        return
      }
      state.transcriptBytes += transcript.count
      state.pending.add(.transcript(device, start: start, bytes: transcript, kept: kept))
    }
  }

  /// Keeps no transcript of the device any more.
  func forgetTranscripts(of device: DeviceID) {
    state.withLock { state in
      guard state.pending.count < Self.pendingLimit else { return }
      state.pending.add(.transcript(device, start: SteadyClock.now(), bytes: [], kept: 0))
    }
  }

  // MARK: - Facts

  /// The changes that belong to a lease that is about to be committed.
  package func changes(leasing lease: Lease, _ facts: [Fact], at now: Timestamp) -> [Change] {
    guard let hardware = lease.hardware else { return [] }
    return state.withLock { state in
      guard
        let correlation = counted(
          { () throws(CorrelatorError) in
            try state.correlator.leased(
              hardware, lease.address, vendorClass: lease.vendorClass, hostname: lease.hostname, at: now)
          })
      else { return [] }
      state.pending.supersede(by: correlation)
      return Self.changes(of: correlation)
        + facts.map { .event(Event(router: correlation.router, moment: now, fact: $0)) }
    }
  }

  /// The router that a device is, the changes that say so, and the address that it had before. Nil where no more routers
  /// are taken.
  package func informed(
    device: String, serialNumber: String, from address: IPv4Address?, at now: Timestamp
  ) -> (router: RouterID, changes: [Change], former: IPv4Address?)? {
    state.withLock { state in
      let former = state.correlator.router(device: device).flatMap { state.correlator.router($0)?.address }
      return counted(
        { () throws(CorrelatorError) in
          try state.correlator.informed(device: device, serialNumber: serialNumber, from: address, at: now)
        }
      ).map { ($0.router, Self.changes(of: $0), former) }
    }
  }

  /// Commits facts, and the sightings before them.
  package func commit(_ changes: [Change]) async throws(StoreError) {
    let pending = takePending()
    do throws(StoreError) {
      try await committer.commit(pending + changes)
      write(pending, changes)
    } catch {
      restore(pending, facts: changes)
      throw error
    }
  }

  /// As ``commit(_:)``, for a thread that may block.
  package func commitAndWait(_ changes: [Change]) throws(StoreError) {
    let pending = takePending()
    do throws(StoreError) {
      try committer.commitAndWait(pending + changes)
      write(pending, changes)
    } catch {
      restore(pending, facts: changes)
      throw error
    }
  }

  /// Commits sightings that no fact takes along, every tenth of a second.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var rounds = 0
      while (try? await Task.sleep(for: .milliseconds(100))) != nil {
        await self.flush()
        rounds += 1
        // Thousands of sightings are looked through, which holds up who notes one.
        if rounds.isMultiple(of: 20) { self.forgetRepetitions() }
      }
    }
    await flush()
  }

  private func flush() async {
    let pending = takePending()
    guard !pending.isEmpty else { return }
    do throws(StoreError) {
      try await committer.commit(pending)
      write(pending, [])
    } catch {
      restore(pending)
    }
  }

  // MARK: - Pending changes

  private func note(_ fact: Fact, of router: RouterID, at now: Timestamp, in state: inout State) {
    guard isNews(Sighted(router: router, fact: fact), at: now, in: &state) else { return }
    guard state.pending.count < Self.pendingLimit else {
      counters.increment("journey.sightings.lost")
      return
    }
    state.pending.add(Event(router: router, moment: now, fact: fact))
  }

  /// Whether it was not seen lately; it is from now on, unless more is seen than can be remembered.
  private func isNews(_ sighted: Sighted, at now: Timestamp, in state: inout State) -> Bool {
    func isRepeated(_ last: Timestamp) -> Bool { now.milliseconds(since: last) < Self.repetitionInterval }
    guard state.recent.count < Self.pendingLimit else { return !(state.recent[sighted].map(isRepeated) ?? false) }
    func renew(_ last: inout Timestamp) -> Bool {
      if isRepeated(last) { return false }
      last = now
      return true
    }
    return renew(&state.recent[sighted, default: Self.longAgo])
  }

  /// Logs what was committed, where it is worth that.
  private func write(_ pending: [Change], _ changes: [Change]) {
    guard let log else { return }
    func write(_ changes: [Change]) {
      for case .event(let event) in changes where log.isNews(event) { log.write(event, of: router(event.router)) }
    }
    write(pending)
    write(changes)
  }

  private func takePending() -> [Change] {
    state.withLock { state in
      state.transcriptBytes = 0
      return state.pending.take()
    }
  }

  private func forgetRepetitions() {
    let now = SteadyClock.now()
    state.withLock { state in
      state.recent = state.recent.filter { now.milliseconds(since: $0.value) < Self.repetitionInterval }
    }
  }

  /// After a commit that failed. Facts are committed again by whoever made them; sightings are lost, and counted.
  private func restore(_ pending: [Change], facts: [Change] = []) {
    let lost = state.withLock { state in
      _ = state.pending.restore(facts)
      return state.pending.restore(pending)
    }
    counters.increment("journey.sightings.lost", by: lost)
  }

  private static func changes(of correlation: Correlation) -> [Change] {
    correlation.changed.map { .router($0) } + correlation.merges.map { .merge($0.from, into: $0.into) }
      + correlation.forgotten.map { .forget($0) }
  }

  private func counted(_ body: () throws(CorrelatorError) -> Correlation) -> Correlation? {
    do throws(CorrelatorError) {
      return try body()
    } catch {
      counters.increment("journey.full")
      return nil
    }
  }
}
