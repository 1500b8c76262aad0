package import Net

/// Asks upstream servers what is outside our zones, on behalf of clients: the state machine, without sockets. Every event
/// answers with what is to be done, in order.
package struct Forwarder: Sendable {
  /// Where a server listens.
  package struct Upstream: Hashable, Sendable {
    package let address: IPv4Address
    package let port: UInt16

    package init(_ address: IPv4Address, port: UInt16 = 53) {
      self.address = address
      self.port = port
    }
  }

  /// A client that waits; whoever asked knows the way back.
  package struct Token: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
      self.rawValue = rawValue
    }
  }

  /// One query to one server, which has a socket of its own.
  package struct ExchangeID: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
      self.rawValue = rawValue
    }
  }

  package enum Action: Hashable, Sendable {
    /// Open a socket, over UDP at a random port, and send this.
    case ask(ExchangeID, Upstream, [UInt8], over: Responder.Transport)
    case close(ExchangeID)
    case answer(Token, [UInt8])
  }

  package static let questionLimit = 1000
  package static let clientLimit = 32
  /// Clients that wait for one answer.
  package static let sharerLimit = 16
  private static let tries = 4
  /// Milliseconds that the first server has, the second, and so on.
  private static let waits: [Int64] = [1000, 1000, 1500, 1500]
  /// A server that failed is asked after the others for so long, in milliseconds.
  private static let shunning: Int64 = 30_000
  /// Extended errors (RFC 8914 section 4): a stale answer, no server reached.
  private static let staleAnswer: UInt16 = 3
  private static let noReachableAuthority: UInt16 = 22

  private struct Pending {
    var clients: [(token: Token, client: ForwarderClient)]
    var exchange: ExchangeID
    var upstream: Upstream
    var query: UpstreamQuery
    var transport: Responder.Transport
    var deadline: Timestamp
    var tried: [Upstream]
  }

  private var routes: ForwarderRoutes
  private var failures: [Upstream: Timestamp] = [:]
  private var habits: [Upstream: UpstreamHabit] = [:]
  private var pending: [ForwardedQuestion: Pending] = [:]
  private var exchanges: [ExchangeID: ForwardedQuestion] = [:]
  private var waiting: [IPv4Address: Int] = [:]
  private var lastExchange: UInt64 = 0
  private(set) package var cache = ForwarderCache()
  /// What happened since they were taken last.
  package private(set) var notes: [Note] = []

  package init(_ routes: ForwarderRoutes) {
    self.routes = routes
  }

  package init(to upstreams: [Upstream]) {
    self.init(ForwarderRoutes(upstreams))
  }

  /// Asks these from now on. Who waits is answered. What is cached stays, unless other zones go to servers of their own.
  package mutating func configure(_ next: ForwarderRoutes) {
    if next.zones != routes.zones { cache = ForwarderCache() }
    routes = next
    let known = next.all
    failures = failures.filter { known.contains($0.key) }
    habits = habits.filter { known.contains($0.key) }
  }

  /// Questions that are under way.
  package var pendingCount: Int { pending.count }

  package var nextDeadline: Timestamp? { pending.values.lazy.map(\.deadline).min() }

  package mutating func takeNotes() -> [Note] {
    defer { notes.removeAll(keepingCapacity: true) }
    return notes
  }

  // MARK: - Clients

  /// A query for a name outside our zones, by a client that may have it forwarded.
  package mutating func ask(
    _ message: RawSpan, from asker: Responder.Asker, token: Token, using generator: inout some RandomNumberGenerator
  ) -> [Action] {
    guard let client = ForwarderClient(message, from: asker) else { return [] }
    let question = client.forwarded
    if routes.zone(of: question.name) == nil, let answer = SpecialNames.answer(question.name, question.type) {
      notes.append(.special)
      return [.answer(token, client.reply(answer))]
    }
    if let (answer, _) = cache.find(question, allowing: .fresh, at: asker.now) {
      notes.append(.fromCache)
      return [.answer(token, client.reply(answer))]
    }
    if let refusal = refusal(of: client) {
      notes.append(.refused(refusal))
      return [.answer(token, client.reply(ForwardedAnswer(code: .refused)))]
    }
    waiting[client.address, default: 0] += 1
    if pending[question] != nil {
      pending[question]?.clients.append((token, client))
      return []
    }
    return start(question, for: [(token, client)], tried: [], at: asker.now, using: &generator)
  }

  private func refusal(of client: ForwarderClient) -> Refusal? {
    guard client.flags.contains(.recursionDesired) else { return .noRecursionDesired }
    let servers = routes.servers(for: client.forwarded.name)
    guard !servers.isEmpty else { return .noServer }
    guard !servers.contains(where: { $0.address == client.address }) else { return .loop }
    guard waiting[client.address, default: 0] < Self.clientLimit else { return .client }
    if let present = pending[client.forwarded] { return present.clients.count < Self.sharerLimit ? nil : .full }
    return pending.count < Self.questionLimit ? nil : .full
  }

  // MARK: - Upstream servers

  /// Asks the next server, or the one that was asked last once more, in another way.
  private mutating func start(
    _ question: ForwardedQuestion, for clients: [(token: Token, client: ForwarderClient)], tried: [Upstream],
    again: Upstream? = nil, over transport: Responder.Transport = .udp, at now: Timestamp,
    using generator: inout some RandomNumberGenerator
  ) -> [Action] {
    guard let upstream = again ?? next(for: question, after: tried, at: now) else {
      return clients.map { token, client in
        release(client)
        return .answer(token, client.reply(ForwardedAnswer(code: .serverFailure)))
      }
    }
    // A server that does not keep the case of letters gets a last chance, and one that did not answer this question is
    // asked without EDNS.
    let hasFailed = again == nil && tried.contains(upstream)
    let query = UpstreamQuery(
      question, mixingCase: tried.count < Self.tries - 1,
      usesEDNS: !hasFailed && habits[upstream, default: UpstreamHabit()].takesEDNS(at: now), using: &generator)
    lastExchange += 1
    let exchange = ExchangeID(rawValue: lastExchange)
    let tried = again == nil ? tried + [upstream] : tried
    pending[question] = Pending(
      clients: clients, exchange: exchange, upstream: upstream, query: query, transport: transport,
      deadline: now.advanced(byMilliseconds: Self.waits[min(tried.count, Self.waits.count) - 1]), tried: tried)
    exchanges[exchange] = question
    notes.append(transport == .tcp ? .overTCP : .asked)
    return [.ask(exchange, upstream, query.message(question), over: transport)]
  }

  /// The server to be asked next: the one tried least often, who failed lately last, else in the order given.
  private func next(for question: ForwardedQuestion, after tried: [Upstream], at now: Timestamp) -> Upstream? {
    func rank(_ upstream: Upstream) -> (Int, Int) {
      let failed = failures[upstream].map { now.milliseconds(since: $0) < Self.shunning } ?? false
      return (tried.count { $0 == upstream }, failed ? 1 : 0)
    }
    return routes.servers(for: question.name).min { rank($0) < rank($1) }
  }

  /// Something came in the socket of an exchange.
  package mutating func receive(
    _ message: RawSpan, from source: Upstream, in exchange: ExchangeID, at now: Timestamp,
    using generator: inout some RandomNumberGenerator
  ) -> [Action] {
    guard let question = exchanges[exchange], let present = pending[question] else { return [] }
    let reply: UpstreamReply
    do throws(UpstreamReplyError) {
      guard source == present.upstream else { throw .wrongSource }
      reply = try UpstreamReply(decoding: message, to: present.query)
    } catch {
      // Whoever forges replies must not end the wait for the right one.
      notes.append(.ignored(error))
      return present.transport == .tcp ? failed(exchange, at: now, using: &generator) : []
    }
    failures[present.upstream] = nil
    if present.query.usesEDNS, reply.refusesEDNS {
      habits[present.upstream, default: UpstreamHabit()].refusedEDNS(at: now)
      notes.append(.withoutEDNS)
      return close(exchange)
        + start(
          question, for: present.clients, tried: present.tried, again: present.upstream, over: present.transport,
          at: now, using: &generator)
    }
    habits[present.upstream, default: UpstreamHabit()].answered(withEDNS: present.query.usesEDNS, at: now)
    if reply.isTruncated, present.transport == .udp {
      return close(exchange)
        + start(
          question, for: present.clients, tried: present.tried, again: present.upstream, over: .tcp, at: now,
          using: &generator)
    }
    switch reply.answer.code {
    case .noError, .nameError:
      cache.store(reply.answer, for: question, at: now)
      return close(exchange) + finish(question, reply.answer)
    default:
      return failed(exchange, at: now, using: &generator)
    }
  }

  /// The exchange cannot be had, or its server refuses.
  package mutating func failed(
    _ exchange: ExchangeID, at now: Timestamp, using generator: inout some RandomNumberGenerator
  ) -> [Action] {
    guard let question = exchanges[exchange], let present = pending[question] else { return [] }
    failures[present.upstream] = now
    guard present.tried.count < Self.tries, !routes.servers(for: question.name).isEmpty else {
      return close(exchange) + giveUp(question, at: now)
    }
    return close(exchange) + start(question, for: present.clients, tried: present.tried, at: now, using: &generator)
  }

  /// Goes on where a server did not answer in time.
  package mutating func advance(to now: Timestamp, using generator: inout some RandomNumberGenerator) -> [Action] {
    pending.values.filter { $0.deadline <= now }.flatMap { late in
      notes.append(.timedOut)
      habits[late.upstream, default: UpstreamHabit()].stayedSilent(withEDNS: late.query.usesEDNS)
      return failed(late.exchange, at: now, using: &generator)
    }
  }

  private mutating func close(_ exchange: ExchangeID) -> [Action] {
    exchanges[exchange] = nil
    return [.close(exchange)]
  }

  /// Nobody answered: what is stale is better than nothing.
  private mutating func giveUp(_ question: ForwardedQuestion, at now: Timestamp) -> [Action] {
    if let (answer, _) = cache.find(question, allowing: .stale, at: now) {
      notes.append(.stale)
      return finish(question, answer, explanation: Self.staleAnswer)
    }
    let failure = ForwardedAnswer(code: .serverFailure)
    cache.store(failure, for: question, at: now)
    notes.append(.failed)
    return finish(question, failure, explanation: Self.noReachableAuthority)
  }

  private mutating func finish(
    _ question: ForwardedQuestion, _ answer: ForwardedAnswer, explanation: UInt16? = nil
  ) -> [Action] {
    let clients = pending.removeValue(forKey: question)?.clients ?? []
    return clients.map { token, client in
      release(client)
      return .answer(token, client.reply(answer, explanation: explanation))
    }
  }

  private mutating func release(_ client: ForwarderClient) {
    let others = waiting[client.address, default: 1] - 1
    waiting[client.address] = others > 0 ? others : nil
  }
}
