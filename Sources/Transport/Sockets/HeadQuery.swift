import NIOCore
import NIOPosix

/// A request over a TCP connection of its own, and the bytes of the head that comes back, as they are: for peers that do
/// not keep to HTTP, with which libcurl will have nothing to do.
package enum HeadQuery {
  package static let limit = 16 << 10

  /// Connects, sends and receives within so many milliseconds. What came is returned when an empty line has, or the
  /// peer closes, or the time is over; nil where nothing came.
  package static func ask(_ peer: Endpoint, _ request: String, milliseconds: Int64) async -> [UInt8]? {
    await withCheckedContinuation { continuation in
      let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(.milliseconds(milliseconds))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(
              HeadQueryHandler(request: request, milliseconds: milliseconds) { continuation.resume(returning: $0) })
          }
        }
      bootstrap.connect(host: "\(peer.address)", port: Int(peer.port)).whenFailure { _ in
        continuation.resume(returning: nil)
      }
    }
  }
}

private final class HeadQueryHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let request: String
  private let milliseconds: Int64
  private let complete: @Sendable ([UInt8]?) -> Void
  private var received: [UInt8] = []
  private var isActive = false

  init(request: String, milliseconds: Int64, complete: @escaping @Sendable ([UInt8]?) -> Void) {
    self.request = request
    self.milliseconds = milliseconds
    self.complete = complete
  }

  func channelActive(context: ChannelHandlerContext) {
    isActive = true
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    let channel = context.channel
    context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { channel.close(promise: nil) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let start = max(0, received.count - 3)
    received += unwrapInboundIn(data).readableBytesView.prefix(HeadQuery.limit - received.count)
    if received.count == HeadQuery.limit || Self.hasEmptyLine(received[start...]) { context.close(promise: nil) }
  }

  private static func hasEmptyLine(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.indices.contains { place in
      bytes[place] == 0x0A
        && (bytes[place...].dropFirst().first == 0x0A || bytes[place...].dropFirst().starts(with: [0x0D, 0x0A]))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    // Where there was no connection, whoever connected is told.
    guard isActive else { return }
    isActive = false
    complete(received.isEmpty ? nil : received)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
