import HTTP
import NIOCore
import NIOHTTP1

/// One connection of a server, on its event loop: reads requests, one after the other, has them answered, and writes the
/// answers. What a client sends ahead of an answer waits its turn. Wherever it waits for the client there is a deadline;
/// where the responder works, which is ours, there is none.
final class HTTPConnection: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  enum Phase {
    /// For a request's head.
    case waiting
    case receiving(HTTPRequestHead)
    /// The responder is at work already, and takes the body as it comes.
    case streaming(HTTPRequestHead, StreamedBody)
    case responding(HTTPExchange)
    /// The answer is on its way: so many bytes of the body are left, nil where its length is not known.
    case writing(HTTPExchange, left: Int?)
    /// The last answer is out. What still comes is thrown away, until the client closes too: closing at once would
    /// take the answer away from a client that is still sending.
    case leaving
    case closed
  }

  /// What waits until the request before it is answered.
  enum Arrival {
    case part(HTTPServerRequestPart)
    /// The head that follows had a folded field.
    case folded
    /// Bytes that are not HTTP, and what is wrong with them.
    case noHTTP(String)
    case inputClosed
  }

  let number: UInt64
  private let security: Security
  let limits: HTTPLimits
  let gauge: HTTPGauge
  private let reception: HTTPServer.Reception
  private let answer: HTTPServer.Answerer
  private let onRefusal: HTTPServer.RefusalObserver
  private let unfolder: HeaderUnfolder
  private var isNextFolded = false
  let departures: Departures
  /// Where an answer is made that comes later; nil for the threads that all tasks share.
  private let executor: EventLoopExecutor?

  var context: ChannelHandlerContext?
  var phase = Phase.waiting
  private var body: CollectedBody?
  private var hasReceivedRequest = false
  private(set) var hasClientClosed = false
  /// In order. As long as there are any, no more is read: they are no more than one reading brought.
  var arrivals: ArraySlice<Arrival> = []
  private var isTakingArrivals = false
  /// Of this turn; see ``restsBeforeNext()``.
  var requestsTaken = 0
  var isResting = false
  /// The server is to end: the answer under way is the last.
  private(set) var isEnding = false
  /// The channel wants to read, and is let to when there is room again.
  var isReadHeld = false
  var deadline = Deadline()
  /// Both ends of the connection, known once it is up.
  private var ends: (peer: HostPort, local: HostPort)?
  /// Of a Unix socket.
  private var peerUser: UInt32?
  /// The request that is received, without its body.
  private var request: HTTP.Request?
  var stream: Task<Void, Never>?

  init(
    number: UInt64, security: Security, limits: HTTPLimits, gauge: HTTPGauge, departures: Departures,
    executor: EventLoopExecutor?, reception: @escaping HTTPServer.Reception,
    answer: @escaping HTTPServer.Answerer, onRefusal: @escaping HTTPServer.RefusalObserver,
    unfolder: HeaderUnfolder
  ) {
    self.onRefusal = onRefusal
    self.unfolder = unfolder
    self.number = number
    self.security = security
    self.limits = limits
    self.gauge = gauge
    self.departures = departures
    self.executor = executor
    self.reception = reception
    self.answer = answer
  }

  // MARK: Events of the channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    // A router's connection is none: a weak reference would make each of its later references dearer.
    if PeerCredentials.areKnown(of: context.channel) {
      PeerCredentials.ask(context.channel) { [weak self] in self?.peerUser = $0.user }
    }
    wait(limits.idleTimeout.timeAmount, count: \.idleConnections)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    end()
    self.context = nil
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !hasReceivedRequest { gauge.count(\.emptyConnections) }
    end()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    switch part {
    case .head(let head):
      if !isAhead { _ = restsBeforeNext() }
      if unfolder.noteHead(head) { noteFolded() }
    case .body: break
    case .end: unfolder.noteEnd()
    }
    if isAhead { arrivals.append(.part(part)) } else { take(part) }
  }

  private func noteFolded() {
    if isAhead { arrivals.append(.folded) } else { isNextFolded = true }
  }

  /// What nobody takes fills no memory: the kernel's buffers fill instead, and the client waits.
  func read(context: ChannelHandlerContext) {
    if arrivals.isEmpty {
      guard case .streaming(_, let body) = phase, body.isFull else { return context.read() }
      deadline.clear()
    }
    isReadHeld = true
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed:
      if arrivals.isEmpty || isEndless { closeInput() } else { arrivals.append(.inputClosed) }
    case is ChannelShouldQuiesceEvent: shutDown()
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case let error as HTTPParserError:
      let flaw = unfolder.flaw(error)
      if isAhead { arrivals.append(.noHTTP(flaw)) } else { refuseBytes(flaw) }
    // What stands behind bytes that are not HTTP is none either.
    case ByteToMessageDecoderError.dataReceivedInErrorState: break
    default: close()
    }
  }

  /// Whether what comes now belongs to a request behind the one that is being answered.
  private var isAhead: Bool { isResting || !arrivals.isEmpty || isAnswering }

  /// Whether a request has come whole whose answer is not out yet, and another may follow it.
  private var isAnswering: Bool {
    switch phase {
    case .responding(let exchange), .writing(let exchange, _): return exchange.keepsAlive
    case .streaming(_, let body): return body.isComplete
    case .waiting, .receiving, .leaving, .closed: return false
    }
  }

  private func take(_ part: HTTPServerRequestPart) {
    switch (part, phase) {
    case (.head(let head), .waiting): receive(head)
    case (.body(let buffer), .receiving): receive(buffer)
    case (.end, .receiving(let head)): answer(head)
    case (.body(let buffer), .streaming(_, let body)): receive(buffer, for: body)
    case (.end, .streaming(_, let body)): complete(body)
    default: break
    }
  }

  /// Goes on with what came ahead, up to the end of the next request. An answer that is there at once calls this anew:
  /// the first call goes on with the rest, so that no number of requests makes a deep stack.
  func takeArrivals() {
    guard !isTakingArrivals, !arrivals.isEmpty else { return }
    isTakingArrivals = true
    defer { isTakingArrivals = false }
    while !isAnswering, !isResting, let arrival = arrivals.first {
      if case .part(.head) = arrival, restsBeforeNext() { break }
      arrivals.removeFirst()
      switch arrival {
      case .part(let part): take(part)
      case .folded: isNextFolded = true
      case .noHTTP(let flaw): refuseBytes(flaw)
      case .inputClosed: closeInput()
      }
    }
    readAgain()
  }

  private func closeInput() {
    hasClientClosed = true
    switch phase {
    case .streaming(_, let body) where body.isComplete: break
    case .waiting, .receiving, .streaming, .leaving: close()
    // A client may close its half and still wait for the answer; but one that follows an endless stream is gone.
    case .writing(_, left: nil): close()
    case .responding, .writing, .closed: break
    }
  }

  private var isEndless: Bool {
    if case .writing(_, left: nil) = phase { true } else { false }
  }

  /// Bytes came that are not HTTP, and no others can be told apart behind them.
  private func refuseBytes(_ flaw: String) {
    hasReceivedRequest = true
    let refusal = HTTPRefusal(.badRequest, flaw, \.unreadableRequests)
    guard case .waiting = phase else { return refuse(refusal) }
    answer(refusal, to: HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"))
  }

  /// The refusal names whom it is for: a person who reads it sees which router it was.
  private func answer(_ refusal: HTTPRefusal, to head: HTTPRequestHead) {
    gauge.count(refusal.event)
    phase = .responding(HTTPExchange(head, keepsAlive: false))
    let peer = ends?.peer ?? HostPort(context?.channel.remoteAddress)
    onRefusal(peer, refusal.reason)
    send(refusal.response(to: peer))
  }

  /// The server is to end: what has no end is ended, the rest has the limit's grace.
  private func shutDown() {
    isEnding = true
    guard let context else { return }
    switch phase {
    case .waiting: return close()
    case .writing(_, left: nil): stream?.cancel()
    case .receiving, .streaming, .responding, .writing, .leaving, .closed: break
    }
    let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: limits.shutdownGrace.timeAmount) {
      connection.value.close()
    }
  }

  // MARK: Receiving

  private func receive(_ head: HTTPRequestHead) {
    hasReceivedRequest = true
    requestsTaken += 1
    gauge.count(\.requests)
    phase = .receiving(head)
    guard let context else { return }
    let (peer, local) = ends ?? (HostPort(context.channel.remoteAddress), HostPort(context.channel.localAddress))
    ends = (peer, local)
    var request = HTTPExchange.request(head, peer: peer, local: local, connection: number, security: security)
    request.peerUser = peerUser
    if isNextFolded {
      isNextFolded = false
      gauge.count(\.foldedHeaders)
      request.hasFoldedHeaders = true
    }
    self.request = request
    switch reception(request) {
    case .whole: collect(head, request.headers, limits.body, from: peer)
    case .short(let limit): collect(head, request.headers, min(limit, limits.body), from: peer)
    case .stream(let limit, let respond): stream(head, request, limit: limit, respond)
    }
  }

  private func collect(_ head: HTTPRequestHead, _ headers: Headers, _ limit: Int, from peer: HostPort) {
    wait(limits.requestTimeout.timeAmount) {
      $0.refuse(HTTPRefusal(.requestTimeout, "the request took too long", \.slowRequests))
    }
    do throws(HTTPRefusal) {
      body = try CollectedBody(
        of: headers, from: peer == .unixSocket ? nil : peer.host, limit: limit, gauge: gauge)
    } catch {
      return refuse(error)
    }
    if head.expectsContinue { sendContinue() }
  }

  func sendContinue() {
    let head = HTTPResponseHead(version: .http1_1, status: .continue)
    context?.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
  }

  private func receive(_ buffer: ByteBuffer) {
    do throws(HTTPRefusal) {
      try body?.append(buffer)
    } catch {
      refuse(error)
    }
  }

  /// Answers a request that has not been received to its end, and leaves. Who takes its body gets the error.
  func refuse(_ refusal: HTTPRefusal, _ error: BodyError = .interrupted) {
    let head: HTTPRequestHead
    switch phase {
    case .receiving(let begun): head = begun
    case .streaming(let begun, let body):
      head = begun
      body.fail(error)
    case .waiting, .responding, .writing, .leaving, .closed: return
    }
    answer(refusal, to: head)
  }

  // MARK: Answering

  private func answer(_ head: HTTPRequestHead) {
    guard let context else { return }
    do throws(HTTPRefusal) {
      try body?.finish()
    } catch {
      return refuse(error)
    }
    guard var request else { return }
    deadline.clear()
    let coding = body?.coding
    request.body = body?.takeBytes() ?? []
    self.request = nil
    TurnWatch.note("\(request.method.rawValue) \(request.path) with \(request.body.count) bytes")
    phase = .responding(HTTPExchange(head, keepsAlive: head.isKeepAlive))
    switch answer(request) {
    case .now(let response): send(HTTPExchange.coded(response, for: request, coding))
    case .later(let respond): send(respond, on: executor, for: request, coding, context.eventLoop)
    case .away(let respond): send(respond, on: nil, for: request, coding, context.eventLoop)
    }
  }

  /// Sends the answer once it is there.
  private func send(
    _ respond: @escaping @Sendable () async -> HTTP.Response, on executor: EventLoopExecutor?,
    for request: HTTP.Request, _ coding: ContentCoding?, _ loop: any EventLoop
  ) {
    let connection = NIOLoopBound(self, eventLoop: loop)
    let task = {
      _ = Task(executorPreference: executor) {
        let response = HTTPExchange.coded(await respond(), for: request, coding)
        if loop.inEventLoop {
          connection.value.send(response)
        } else {
          loop.execute { connection.value.send(response) }
        }
      }
    }
    if let executor { executor.withoutDelay(task) } else { task() }
  }

  /// What has been written leaves before.
  func close() {
    context?.flush()
    context?.close(promise: nil)
  }

  private func end() {
    if case .writing = phase { gauge.count(\.brokenAnswers) }
    if case .streaming(_, let body) = phase { body.fail(.interrupted) }
    phase = .closed
    deadline.end()
    stream?.cancel()
    stream = nil
    release()
  }

  func release() {
    body?.release()
    body = nil
  }
}
