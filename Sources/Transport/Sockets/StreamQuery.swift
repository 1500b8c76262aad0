import NIOCore
import NIOPosix

/// One message behind a two-byte length over a TCP connection of its own, and the one that comes back (RFC 7766).
package enum StreamQuery {
  /// Connects, sends and receives within so many milliseconds. Calls `complete` once, on a thread of its own, with the
  /// reply, nil where none came.
  package static func ask(
    _ peer: Endpoint, _ message: [UInt8], milliseconds: Int64,
    complete: @escaping @Sendable (_ reply: [UInt8]?) -> Void
  ) {
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.milliseconds(milliseconds))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            StreamQueryHandler(message: message, milliseconds: milliseconds, complete: complete))
        }
      }
    bootstrap.connect(host: "\(peer.address)", port: Int(peer.port)).whenFailure { _ in complete(nil) }
  }
}

private final class StreamQueryHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let message: [UInt8]
  private let milliseconds: Int64
  private let complete: @Sendable ([UInt8]?) -> Void
  private var received = ByteBuffer()
  private var isActive = false
  private var isComplete = false

  init(message: [UInt8], milliseconds: Int64, complete: @escaping @Sendable ([UInt8]?) -> Void) {
    self.message = message
    self.milliseconds = milliseconds
    self.complete = complete
  }

  func channelActive(context: ChannelHandlerContext) {
    isActive = true
    var buffer = context.channel.allocator.buffer(capacity: 2 + message.count)
    buffer.writeInteger(UInt16(truncatingIfNeeded: message.count))
    buffer.writeBytes(message)
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    let channel = context.channel
    context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { channel.close(promise: nil) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    received.writeBuffer(&buffer)
    guard let count = received.getInteger(at: received.readerIndex, as: UInt16.self),
      let reply = received.getBytes(at: received.readerIndex + 2, length: Int(count))
    else { return }
    finish(reply)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    // Where there was no connection, whoever connected is told.
    if isActive { finish(nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func finish(_ reply: [UInt8]?) {
    guard !isComplete else { return }
    isComplete = true
    complete(reply)
  }
}
