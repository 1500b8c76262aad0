import DNS
import Net
import Synchronization
import Transport

/// Answers queries: receive → decode and decide → send, many at a time.
struct DNSWorker: Sendable {
  /// How long a thread waits for a query before it looks whether it shall stop, in milliseconds.
  static let longestWait = 1000

  let zones: ZonePublisher
  let acsName: Current<Name?>
  let journey: JourneyRecorder
  let counters: Counters

  /// Serves one dedicated socket until `stop`; allocates nothing for a query that is answered.
  func serve(_ socket: DatagramSocket, until stop: StopFlag) {
    let responder = Responder()
    var writer = ResponseWriter()
    guard var batch = try? DatagramBatch(capacity: 64, inputSize: 4096, outputSize: Responder.maximumPayload) else {
      return counters.increment("dns.stopped")
    }
    var tooLong = 0
    while !stop.isRaised {
      do throws(SocketError) {
        guard try socket.receive(into: &batch) > 0 else { continue }
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
      let snapshot = zones.zones
      var tally = Tally()
      batch.answerEach { datagram, room in
        let outcome = responder.answer(datagram.bytes, over: .udp, from: snapshot, into: &writer)
        if !tally.count(outcome.verdict) { counters.increment(outcome.counter) }
        noteSighting(outcome, from: datagram.source.address)
        return room.store(writer.bytes)
      }
      socket.sendReplies(of: batch)
      tally.add(to: counters)
    }
  }

  /// One message of a TCP connection.
  func answer(_ message: [UInt8], from client: IPv4Address) -> [UInt8]? {
    var writer = ResponseWriter()
    let outcome = Responder().answer(message.span.bytes, over: .tcp, from: zones.zones, into: &writer)
    counters.increment(outcome.counter)
    noteSighting(outcome, from: client)
    return writer.bytes.isEmpty ? nil : writer.bytes
  }

  private func noteSighting(_ outcome: Outcome, from client: IPv4Address) {
    guard outcome.verdict == .answered, let name = outcome.name, name == acsName.value else { return }
    journey.sighting(at: client, .nameResolved(name: "\(name)"))
  }
}

/// How often each of the usual verdicts came within a batch: the counters have a lock, and names to be looked up.
private struct Tally {
  private var answered = 0
  private var noData = 0
  private var nameErrors = 0
  private var outside = 0

  /// False for a verdict that is not a usual one.
  mutating func count(_ verdict: Outcome.Verdict) -> Bool {
    switch verdict {
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
