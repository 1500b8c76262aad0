import NIOCore

/// Stands before TLS and looks at the first byte. A client that does not begin with a handshake is told in plain
/// HTTP, which is likely what it speaks.
final class PlainTextGuard: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private enum State {
    case waiting
    case passing
    case refused
  }

  private static let lingering = TimeAmount.seconds(2)
  /// The content type of a TLS record that carries a handshake (RFC 8446 section 5.1).
  private static let handshake: UInt8 = 22

  private let gate: TLSGate
  private var state = State.waiting

  init(_ gate: TLSGate) {
    self.gate = gate
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch state {
    case .passing:
      gate.examine(unwrapInboundIn(data).readableBytesView)
      context.fireChannelRead(data)
    case .refused: break
    case .waiting:
      guard let first = unwrapInboundIn(data).readableBytesView.first else { return }
      guard first != Self.handshake else {
        state = .passing
        return context.fireChannelRead(data)
      }
      state = .refused
      // A method begins with a letter (RFC 9110 section 9.1).
      let isHTTP = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first)
      gate.settle(isHTTP ? .plainHTTP : .notTLS)
      guard isHTTP else { return context.close(promise: nil) }
      refuse(context)
    }
  }

  private func refuse(_ context: ChannelHandlerContext) {
    let text = "This port speaks TLS: use https.\n"
    let answer =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: \(text.utf8.count)\r\n"
      + "Connection: close\r\n\r\n\(text)"
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
    // Closing at once would take the answer away from a client that is still sending.
    context.close(mode: .output, promise: nil)
    let channel = context.channel
    context.eventLoop.scheduleTask(in: Self.lingering) { channel.close(promise: nil) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch (state, event) {
    case (.refused, ChannelEvent.inputClosed), (.refused, is ChannelShouldQuiesceEvent): context.close(promise: nil)
    default: context.fireUserInboundEventTriggered(event)
    }
  }
}
