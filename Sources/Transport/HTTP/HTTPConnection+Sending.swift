import HTTP
import NIOCore
import NIOHTTP1

/// How an answer leaves: at once, in pieces, or as it is made.
extension HTTPConnection {
  private static let pieceSize = 64 << 10
  private static let leavingTimeout = TimeAmount.seconds(2)

  func send(_ response: HTTP.Response) {
    release()
    readAgain()
    guard case .responding(var exchange) = phase else { return }
    if hasClientClosed || isEnding { exchange.keepsAlive = false }
    let head = exchange.head(for: response)
    write(.head(head))
    switch exchange.hasBody(response) ? response.body : .empty {
    case .empty:
      finish(exchange)
    case .bytes(let bytes):
      phase = .writing(exchange, left: bytes.count)
      send(bytes[...], exchange)
    case .stream(let length, let producer):
      phase = .writing(exchange, left: length)
      context?.flush()
      start(producer)
    }
  }

  /// Piece by piece, so that a slow client that does take them is not taken for a stalled one.
  private func send(_ bytes: ArraySlice<UInt8>, _ exchange: HTTPExchange) {
    guard let context else { return }
    guard bytes.count > Self.pieceSize else {
      write(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
      return finish(exchange)
    }
    let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
    write(bytes.prefix(Self.pieceSize))?.whenSuccess {
      connection.value.send(bytes.dropFirst(Self.pieceSize), exchange)
    }
  }

  private func start(_ producer: @escaping HTTP.Response.Producer) {
    guard let context else { return }
    let loop = context.eventLoop
    let connection = NIOLoopBound(self, eventLoop: loop)
    stream = Task {
      do {
        try await producer { bytes in
          try await loop.flatSubmit {
            connection.value.writeStreamed(bytes) ?? loop.makeFailedFuture(ChannelError.ioOnClosedChannel)
          }.get()
        }
        loop.execute { connection.value.finishStream() }
      } catch {
        // The client sees that the answer is not whole.
        loop.execute { connection.value.breakOff() }
      }
    }
  }

  private func writeStreamed(_ bytes: [UInt8]) -> EventLoopFuture<Void>? {
    guard let context else { return nil }
    guard case .writing(let exchange, let left) = phase, left.map({ bytes.count <= $0 }) ?? true else {
      return context.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
    }
    guard !bytes.isEmpty else { return context.eventLoop.makeSucceededVoidFuture() }
    phase = .writing(exchange, left: left.map { $0 - bytes.count })
    return write(bytes[...])
  }

  private func finishStream() {
    guard case .writing(let exchange, let left) = phase else { return }
    guard left ?? 0 == 0 else { return breakOff() }
    finish(exchange)
  }

  private func breakOff() {
    guard case .writing = phase else { return }
    gauge.count(\.brokenAnswers)
    phase = .leaving
    close()
  }

  /// After the answer's last byte: waits for the next request, or leaves.
  private func finish(_ exchange: HTTPExchange) {
    guard let context else { return }
    stream = nil
    guard exchange.keepsAlive, !hasClientClosed, !isEnding else {
      phase = .leaving
      arrivals = []
      let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
      wait(limits.stallTimeout.timeAmount, count: \.brokenAnswers)
      context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in connection.value.leave() }
      return
    }
    write(.end(nil))
    departures.add(self)
    phase = .waiting
    wait(limits.idleTimeout.timeAmount, count: \.idleConnections)
    takeArrivals()
  }

  /// Says that nothing more will come, and waits a little for the client to do so too.
  private func leave() {
    guard let context, context.channel.isActive else { return }
    if case .streaming(_, let body) = phase { body.fail(.interrupted) }
    phase = .leaving
    release()
    guard !hasClientClosed, !isEnding else { return close() }
    wait(Self.leavingTimeout) { $0.close() }
    context.close(mode: .output, promise: nil)
  }

  private func write(_ part: HTTPServerResponsePart) {
    context?.write(wrapOutboundOut(part), promise: nil)
  }

  /// Writes a piece of the body; done once the connection has taken it. A client that lets it wait is given up.
  private func write(_ bytes: ArraySlice<UInt8>) -> EventLoopFuture<Void>? {
    guard let context else { return nil }
    wait(limits.stallTimeout.timeAmount, count: \.brokenAnswers)
    let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
    return context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes))))).map {
      connection.value.deadline.clear()
    }
  }
}
