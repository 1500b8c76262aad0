import DNS
import Net

/// Any bytes as a client's query, and any as what an upstream server replies: nothing but the reply to what was asked
/// ends the wait; what a client gets is a response to its own query, within its limit.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 2 else { return 0 }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  var desk = Desk(overTCP: input[0] & 1 != 0)
  // The first byte says how long the query is; what follows is split into replies.
  let queryCount = min(Int(input[1]), input.count - 2)
  let query = Array(input[2..<2 + queryCount])
  var rest = input[(2 + queryCount)...]
  desk.ask(query)
  desk.ask(Desk.plainQuery)
  for _ in 0..<8 where !rest.isEmpty {
    let length = min(rest.count - 1, Int(rest.removeFirst()) * 4)
    desk.reply(Array(rest.prefix(length)), isForged: input[0] & 2 != 0)
    rest = rest.dropFirst(length)
    if input[0] & 4 != 0 { desk.wait() }
  }
  for _ in 0..<8 { desk.wait() }
  precondition(desk.forwarder.pendingCount == 0, "a question never ends")
  precondition(desk.forwarder.nextDeadline == nil, "a deadline is left")
  precondition(desk.waiting.isEmpty, "a client was not answered")
  return 0
}

private struct Desk {
  static let upstream = Forwarder.Upstream(IPv4Address(198, 51, 100, 1))
  static let plainQuery: [UInt8] =
    [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x62, 1, 0x63, 0, 0, 1, 0, 1]

  private struct Exchange {
    let id: Forwarder.ExchangeID
    let upstream: Forwarder.Upstream
    let query: [UInt8]
    let transport: Responder.Transport
  }

  var forwarder = Forwarder(to: [upstream, Forwarder.Upstream(IPv4Address(198, 51, 100, 2))])
  var waiting: [Forwarder.Token: [UInt8]] = [:]
  private var open: [Exchange] = []
  private var now = Timestamp(rawValue: 1_800_000_000_000)
  private var random = Counting()
  private var lastToken: UInt64 = 0
  private let transport: Responder.Transport

  init(overTCP: Bool) {
    transport = overTCP ? .tcp : .udp
  }

  mutating func ask(_ query: [UInt8]) {
    // As the responder would: only queries that can be read are handed over.
    guard query.count >= 12, query[2] & 0xF8 == 0, Responder.questionName(of: query.span.bytes) != nil else { return }
    lastToken += 1
    let token = Forwarder.Token(rawValue: lastToken)
    waiting[token] = query
    perform(
      forwarder.ask(
        query.span.bytes, from: Responder.Asker(IPv4Address(192, 0, 2, 5), over: transport, at: now), token: token,
        using: &random))
  }

  mutating func reply(_ bytes: [UInt8], isForged: Bool) {
    guard let last = open.last else { return }
    // Most of what is thought up would fail at the ID and the question: those are put right.
    var reply = bytes
    if !isForged, reply.count >= 12 {
      let question = last.query[12...].prefix { _ in true }
      let end = Self.questionEnd(last.query)
      reply =
        Array(last.query[..<2]) + [reply[2] | 0x80 & 0x87 | 0x80, reply[3]] + [0, 1] + reply[6..<12]
        + question.prefix(end - 12) + reply[12...]
      reply[2] &= 0x87
    }
    let before = forwarder.pendingCount
    let actions = forwarder.receive(reply.span.bytes, from: last.upstream, in: last.id, at: now, using: &random)
    if reply.count < 12 || reply[..<2] != last.query[..<2] {
      // A connection has but one reply.
      precondition(forwarder.pendingCount == before || last.transport == .tcp, "a forged reply ended the wait")
    }
    perform(actions)
  }

  mutating func wait() {
    now = now.advanced(byMilliseconds: 1500)
    perform(forwarder.advance(to: now, using: &random))
  }

  private static func questionEnd(_ query: [UInt8]) -> Int {
    var end = 12
    while query[end] != 0 { end += 1 + Int(query[end]) }
    return end + 5
  }

  private mutating func perform(_ actions: [Forwarder.Action]) {
    for action in actions {
      switch action {
      case .ask(let exchange, let upstream, let query, let transport):
        open.append(Exchange(id: exchange, upstream: upstream, query: query, transport: transport))
      case .close(let exchange): open.removeAll { $0.id == exchange }
      case .answer(let token, let bytes):
        guard let query = waiting.removeValue(forKey: token) else { preconditionFailure("a client is answered twice") }
        guard let message = try? Message(decoding: bytes.span.bytes) else {
          preconditionFailure("what a client gets is no message")
        }
        precondition(message.flags.contains(.response), "QR is not set")
        precondition(Array(bytes[..<2]) == Array(query[..<2]), "the ID is not the client's")
        precondition(bytes.count <= (transport == .udp ? 1232 : 65_535), "larger than allowed")
      }
    }
    _ = forwarder.takeNotes()
    precondition(forwarder.cache.count <= ForwarderCache.entryLimit, "the cache has grown")
  }
}

private struct Counting: RandomNumberGenerator {
  private var state: UInt64 = 1

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state
  }
}
