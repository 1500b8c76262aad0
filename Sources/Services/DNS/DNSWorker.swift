import DNS
import Net
import Synchronization
import Transport

/// Answers queries: receive → decode and decide → send, many at a time.
struct DNSWorker: Sendable {
  /// How long a thread waits for a query before it looks whether it shall stop, in milliseconds.
  static let longestWait = 1000
  /// Bytes, of which a query takes some 800 with what the kernel keeps of it, and the kernel gives twice as many: some
  /// 4,000 queries, which are answered within 10 ms.
  static let receiveBuffer = 3 << 19

  let zones: ZonePublisher
  let policy: Current<DNSPolicy>
  let journey: JourneyRecorder
  let counters: Counters
  let forwarder: ForwarderService?
  let unresolved: UnresolvedNames
  let responder: Responder

  init(
    zones: ZonePublisher, policy: Current<DNSPolicy>, forwarder: ForwarderService?, journey: JourneyRecorder,
    counters: Counters
  ) {
    self.forwarder = forwarder
    self.zones = zones
    self.policy = policy
    self.journey = journey
    self.counters = counters
    unresolved = UnresolvedNames(journey: journey)
    var generator = SystemRandomNumberGenerator()
    responder = Responder(cookies: Cookies(using: &generator))
  }

  /// Serves one dedicated socket until `stop`; allocates nothing for a query that is answered. Replies to strangers, of
  /// whom there may be very many, and none at all, go by `second`.
  func serve(_ socket: DatagramSocket, second: DatagramSocket, until stop: StopFlag) {
    var writer = ResponseWriter()
    guard var batch = try? DatagramBatch(capacity: 64, inputSize: 4096, outputSize: Responder.maximumPayload) else {
      return counters.increment("dns.stopped")
    }
    var present = policy.value
    var limiter = RateLimiter(rate: present.rate, slip: present.slip)
    var sighted = SightedClients()
    var gate = UnresolvedGate()
    var tooLong = 0
    while !stop.isRaised {
      do throws(SocketError) {
        guard try socket.receive(into: &batch) > 0 else { continue }
        TurnWatch.begin("dns")
      } catch {
        // Whoever looks after the interfaces learns of one that went away.
        counters.increment(error.counterName)
        pause(milliseconds: 10)
        continue
      }
      if batch.truncated > tooLong {
        counters.increment("dns.dropped.tooLong", by: batch.truncated - tooLong)
        tooLong = batch.truncated
      }
      let next = policy.value
      if next != present {
        present = next
        limiter = RateLimiter(rate: next.rate, slip: next.slip)
      }
      let snapshot = zones.zones
      let now = SteadyClock.now()
      var tally = Tally()
      batch.answerEach { datagram, room, mayBeLost in
        let client = datagram.source.address
        let outcome = responder.answer(
          datagram.bytes, from: Responder.Asker(client, over: .udp, at: now), by: snapshot, limiter: &limiter,
          into: &writer)
        if outcome.verdict == .refused(.outsideZones), present.forwards(for: client) {
          let peer = datagram.source
          let asker = Responder.Asker(client, over: .udp, at: now)
          let message = datagram.bytes.withUnsafeBytes { [UInt8]($0) }
          let isLeased = snapshot.isLeased(client)
          let isTaken = forward(message, from: asker) { [unresolved] reply in
            _ = try? socket.send(reply, to: peer)
            guard isLeased, let reason = Unresolved(forwarded: reply) else { return }
            unresolved.noteOnce(reason, of: message, from: client, at: SteadyClock.now())
          }
          if isTaken { return 0 }
        }
        if !tally.count(outcome) { counters.increment(outcome.counter) }
        if outcome.namesAppliance, sighted.isNews(client, at: now) {
          noteSighting(outcome, of: datagram.bytes, from: client)
        }
        let isLeased = snapshot.isLeased(client)
        if isLeased, let reason = Unresolved(outcome) {
          note(reason, of: datagram.bytes, from: client, by: &gate, at: now)
        }
        mayBeLost = !isLeased
        return room.store(writer.bytes)
      }
      let sent = socket.sendReplies(of: batch, second: second)
      if sent.failed > 0 { counters.increment("dns.sendFailed", by: sent.failed) }
      tally.add(to: counters)
      TurnWatch.end()
    }
  }

  /// Answers one message of a TCP connection, now or later; see `StreamServer.Answer`.
  func answer(_ message: [UInt8], from client: IPv4Address, respond: @escaping @Sendable ([[UInt8]]) -> Void) {
    let snapshot = zones.zones
    let present = policy.value
    if present.transferTo.contains(client),
      let (zone, request) = ZoneTransfer.zone(askedBy: message.span.bytes, in: snapshot)
    {
      counters.increment("dns.transferred")
      return respond(ZoneTransfer.messages(for: request, of: zone, in: snapshot, client: client))
    }
    var writer = ResponseWriter()
    var limiter = RateLimiter(rate: 0, slip: 0)
    let asker = Responder.Asker(client, over: .tcp, at: SteadyClock.now())
    let outcome = responder.answer(
      message.span.bytes, from: asker, by: snapshot, limiter: &limiter, into: &writer)
    let isLeased = snapshot.isLeased(client)
    @Sendable func note(_ reason: Unresolved?) {
      guard isLeased, let reason else { return }
      unresolved.noteOnce(reason, of: message, from: client, at: SteadyClock.now())
    }
    if outcome.verdict == .refused(.outsideZones), present.forwards(for: client) {
      let isTaken = forward(message, from: asker) { reply in
        respond([reply])
        note(Unresolved(forwarded: reply))
      }
      if isTaken { return }
    }
    counters.increment(outcome.counter)
    note(Unresolved(outcome))
    if outcome.namesAppliance { noteSighting(outcome, of: message.span.bytes, from: client) }
    respond(writer.bytes.isEmpty ? [] : [writer.bytes])
  }

  /// False where it cannot be forwarded, and is to be refused.
  private func forward(
    _ message: [UInt8], from asker: Responder.Asker, respond: @escaping @Sendable ([UInt8]) -> Void
  ) -> Bool {
    guard let forwarder else { return false }
    if forwarder.ask(message, from: asker, respond: respond) { return true }
    counters.increment("dns.forward.overloaded")
    return false
  }

  /// A router asked for the address of a name in vain.
  private func note(
    _ reason: Unresolved, of message: RawSpan, from client: IPv4Address, by gate: inout UnresolvedGate,
    at now: Timestamp
  ) {
    guard gate.lets(message, from: client, at: now), let name = Responder.questionName(of: message) else { return }
    unresolved.note(reason, name, from: client, at: now)
  }

  /// The client has learned where the ACS is: a step on its journey, if it is a router on record.
  private func noteSighting(_ outcome: Outcome, of message: RawSpan, from client: IPv4Address) {
    guard let name = outcome.name ?? Responder.questionName(of: message) else { return }
    journey.sighting(at: client, .nameResolved(name: "\(name)"))
  }
}

/// Whom the journey was told of just now, so that a client which asks all the time costs no more than any other.
private struct SightedClients {
  /// Milliseconds; shorter than what the journey takes for a repetition.
  private static let interval: Int64 = 5_000
  private static let count = 1024
  private var clients = [(client: IPv4Address, moment: Timestamp)](
    repeating: (.unspecified, .distantPast), count: Self.count)

  mutating func isNews(_ client: IPv4Address, at now: Timestamp) -> Bool {
    let place = Int(client.rawValue) % Self.count
    let last = clients[place]
    if last.client == client, now.milliseconds(since: last.moment) < Self.interval { return false }
    clients[place] = (client, now)
    return true
  }
}

/// How often each of the usual verdicts came within a batch: the counters have a lock, and names to be looked up.
private struct Tally {
  private var answered = 0
  private var noData = 0
  private var nameErrors = 0
  private var outside = 0
  private var cut = 0
  private var limited = 0

  /// False for a verdict that is not a usual one.
  mutating func count(_ outcome: Outcome) -> Bool {
    switch outcome.ruling {
    case .pass: break
    case .cut: cut += 1
    case .drop: limited += 1
    }
    switch outcome.verdict {
    case .answered: answered += 1
    case .noData: noData += 1
    case .nameError: nameErrors += 1
    case .refused(.outsideZones): outside += 1
    default: return false
    }
    return true
  }

  func add(to counters: Counters) {
    if answered > 0 { counters.increment(Outcome.Verdict.answered.counter, by: answered) }
    if noData > 0 { counters.increment(Outcome.Verdict.noData.counter, by: noData) }
    if nameErrors > 0 { counters.increment(Outcome.Verdict.nameError.counter, by: nameErrors) }
    if outside > 0 { counters.increment(Outcome.Verdict.refused(.outsideZones).counter, by: outside) }
    if cut > 0 { counters.increment("dns.limited.cut", by: cut) }
    if limited > 0 { counters.increment("dns.limited.dropped", by: limited) }
  }
}

/// Tells threads that wait for packets to stop when they wake up.
final class StopFlag: Sendable {
  private let flag = Atomic(false)

  var isRaised: Bool { flag.load(ordering: .relaxed) }

  func raise() {
    flag.store(true, ordering: .relaxed)
  }
}
