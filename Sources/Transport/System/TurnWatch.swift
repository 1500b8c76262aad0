import CLinux
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Measures how much of a processor each turn of a loop takes, for tests: what many wait for must give way to the next of
/// them soon. It is off, and costs nothing, unless the environment has `USHER_TURNS`: turns of more milliseconds than
/// that are told one by one. Only the processor's time counts, so that a busy machine makes no turn longer.
///
/// A *turn* is what one client's bytes cause before another's are looked at: a reading of a connection, with the answers
/// that it leads to, or a batch of datagrams. A *round* of an event loop is all that it does between two looks at its
/// sockets.
package enum TurnWatch {
  package struct Turn: Hashable, Sendable {
    package let loop: String
    /// Of the processor.
    package let microseconds: Int64
    /// The work that was done, for a person.
    package let work: String
  }

  private struct State {
    var turns: [String: Turn] = [:]
    var rounds: [String: Int64] = [:]
    var onLong: (@Sendable (Turn) -> Void)?
  }

  private static let setting = getenv("USHER_TURNS").flatMap { Double(String(cString: $0)) }
  private static let state = Mutex(State())
  private static let ofThread = ThreadSpecificVariable<Meter>()

  /// Whether anything is measured.
  package static let isOn = setting != nil

  /// Turns of more than this are told one by one.
  private static let long = Int64((setting ?? 0) * 1000)

  /// Has `body` told of each turn that is too long, on the thread that it kept: it must not wait.
  package static func onLong(_ body: @escaping @Sendable (Turn) -> Void) {
    state.withLock { $0.onLong = body }
  }

  /// The longest turn of each loop, and the longest round of each event loop, in microseconds, by the names of counters.
  /// Empty where nothing is measured.
  package static var counters: [String: Int] {
    guard isOn else { return [:] }
    let (turns, rounds) = state.withLock { ($0.turns, $0.rounds) }
    return Dictionary(
      turns.map { ("loops.longestTurn.\($0.key)", Int($0.value.microseconds)) }
        + rounds.map { ("loops.longestRound.\($0.key)", Int($0.value)) }
    ) { max($0, $1) }
  }

  /// The longest of each loop.
  package static var longest: [Turn] {
    state.withLock { $0.turns.values.sorted { $0.loop < $1.loop } }
  }

  // MARK: - On the thread of a loop

  /// A turn begins, or goes on where it has begun already.
  @inline(__always)
  package static func begin(_ loop: String) {
    if isOn { meter.begin(loop) }
  }

  /// Stops the turn's clock up to ``resume()``: a disk is waited for.
  @inline(__always)
  package static func pause() {
    if isOn { meter.pause() }
  }

  @inline(__always)
  package static func resume() {
    if isOn { meter.resume() }
  }

  /// Says what the turn is about.
  @inline(__always)
  package static func note(_ work: @autoclosure () -> String) {
    if isOn { meter.note(work()) }
  }

  @inline(__always)
  package static func end() {
    guard isOn, let turn = meter.end() else { return }
    record(turn)
    if turn.microseconds > long { state.withLock { $0.onLong }?(turn) }
  }

  private static func record(_ turn: Turn) {
    state.withLock { state in
      if state.turns[turn.loop].map({ $0.microseconds < turn.microseconds }) ?? true { state.turns[turn.loop] = turn }
    }
  }

  private static func record(round microseconds: Int64, of loop: String) {
    state.withLock { $0.rounds[loop] = max($0.rounds[loop] ?? 0, microseconds) }
  }

  private static var meter: Meter {
    if let meter = ofThread.currentValue { return meter }
    let meter = Meter()
    ofThread.currentValue = meter
    return meter
  }

  /// The clock of one thread. No other thread comes to it.
  private final class Meter: Sendable {
    private struct Values {
      var depth = 0
      var loop = ""
      var work = ""
      var start: Int64 = 0
      /// Microseconds that are not the turn's.
      var left: Int64 = 0
      var leave: Int64 = 0
      /// When the last round ended.
      var round: Int64?
    }

    private let values = Mutex(Values())

    func begin(_ loop: String) {
      values.withLock { values in
        values.depth += 1
        guard values.depth == 1 else { return }
        (values.loop, values.work, values.left) = (loop, "", 0)
        values.start = linux_thread_microseconds()
      }
    }

    func pause() {
      values.withLock { $0.leave = linux_thread_microseconds() }
    }

    func resume() {
      values.withLock { $0.left += linux_thread_microseconds() - $0.leave }
    }

    func note(_ work: String) {
      values.withLock { $0.work = $0.work.isEmpty ? work : "\($0.work.prefix(256)), \(work)" }
    }

    /// Nil where the turn goes on.
    func end() -> Turn? {
      values.withLock { values in
        values.depth -= 1
        guard values.depth == 0 else { return nil }
        let microseconds = linux_thread_microseconds() - values.start - values.left
        return Turn(loop: values.loop, microseconds: microseconds, work: values.work)
      }
    }

    /// Microseconds since the last time; nil at the first.
    func endRound() -> Int64? {
      let now = linux_thread_microseconds()
      return values.withLock { values in
        defer { values.round = now }
        return values.round.map { now - $0 }
      }
    }
  }

  /// Measures the rounds of event loops.
  struct Rounds: NIOEventLoopMetricsDelegate {
    let loop: String

    func processedTick(info: NIOEventLoopTickInfo) {
      if let microseconds = meter.endRound() { record(round: microseconds, of: loop) }
    }
  }

  /// Measures the turns of one connection, before all its other handlers.
  final class ChannelTurns: ChannelInboundHandler {
    typealias InboundIn = Any

    private let loop: String

    init(_ loop: String) { self.loop = loop }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      TurnWatch.begin(loop)
      context.fireChannelRead(data)
      TurnWatch.end()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
      TurnWatch.begin(loop)
      context.fireChannelReadComplete()
      TurnWatch.end()
    }
  }
}

extension MultiThreadedEventLoopGroup {
  /// Event loops whose rounds are measured where anything is.
  static func loops(_ count: Int, named name: String) -> MultiThreadedEventLoopGroup {
    TurnWatch.isOn
      ? MultiThreadedEventLoopGroup(numberOfThreads: count, metricsDelegate: TurnWatch.Rounds(loop: name))
      : MultiThreadedEventLoopGroup(numberOfThreads: count)
  }
}
