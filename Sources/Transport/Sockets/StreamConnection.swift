import NIOCore
import Net

/// Asks a connection to end once what it has received whole is answered.
struct StreamStop: Sendable {}

/// One connection that carries messages behind a two-byte length (RFC 7766 §8), answered in order. It reads on only
/// while the peer takes the answers, so a connection holds about 200 KiB at most, and one long answer.
final class StreamConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum Event {
    /// A whole message came.
    case message
    /// An empty message, or one without an answer: the connection is closed.
    case refused
  }

  private let peer: Endpoint
  private let answer: StreamServer.Answer
  private let note: (Event) -> Void
  private var received = ByteBuffer()
  private var inputHasEnded = false
  /// A message has been handed over, and its answer has not come.
  private var isWaiting = false
  private var isEnding = false

  init(peer: Endpoint, answer: @escaping StreamServer.Answer, note: @escaping (Event) -> Void) {
    self.peer = peer
    self.answer = answer
    self.note = note
  }

  func channelActive(context: ChannelHandlerContext) {
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isEnding else { return }
    var buffer = unwrapInboundIn(data)
    received.writeBuffer(&buffer)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    answerWaiting(context)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { answerWaiting(context) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is StreamStop || event as? ChannelEvent == .inputClosed else { return }
    inputHasEnded = true
    answerWaiting(context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func answerWaiting(_ context: ChannelHandlerContext) {
    while !isEnding, !isWaiting, context.channel.isWritable, let message = nextMessage() {
      note(.message)
      isWaiting = true
      let loop = context.eventLoop
      let bound = NIOLoopBound((self, context), eventLoop: loop)
      if message.isEmpty { return send([], context) }
      answer(message, peer) { replies in
        if loop.inEventLoop {
          let (connection, context) = bound.value
          connection.send(replies, context)
        } else {
          loop.execute {
            let (connection, context) = bound.value
            connection.send(replies, context)
            connection.answerWaiting(context)
          }
        }
      }
    }
    guard !isEnding else { return }
    context.flush()
    // Flushing may have called us again, through a change of writability.
    guard !isEnding, !isWaiting, context.channel.isWritable else { return }
    if inputHasEnded { return end(context) }
    context.read()
  }

  /// Writes the answer to the message that was handed over last; without one, the connection ends.
  private func send(_ replies: [[UInt8]], _ context: ChannelHandlerContext) {
    guard isWaiting, !isEnding else { return }
    isWaiting = false
    guard !replies.isEmpty, replies.allSatisfy({ (1...65_535).contains($0.count) }) else {
      note(.refused)
      return end(context)
    }
    for reply in replies {
      var buffer = context.channel.allocator.buffer(capacity: 2 + reply.count)
      buffer.writeInteger(UInt16(reply.count))
      buffer.writeBytes(reply)
      context.write(wrapOutboundOut(buffer), promise: nil)
    }
  }

  private func nextMessage() -> [UInt8]? {
    guard let count = received.getInteger(at: received.readerIndex, as: UInt16.self),
      received.readableBytes >= 2 + Int(count)
    else { return nil }
    received.moveReaderIndex(forwardBy: 2)
    let message = received.readBytes(length: Int(count))
    if received.readableBytes == 0 { received.clear() } else { received.discardReadBytes() }
    return message
  }

  /// Closes when all that was written has left.
  private func end(_ context: ChannelHandlerContext) {
    isEnding = true
    let channel = context.channel
    let written = channel.eventLoop.makePromise(of: Void.self)
    written.futureResult.whenComplete { _ in channel.close(promise: nil) }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
  }
}
