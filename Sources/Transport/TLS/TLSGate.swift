import HTTP
import NIOCore
import NIOSSL
import NIOTLS

/// Stands behind TLS until its handshake is done, and then lets HTTP take its place. A handshake has a deadline, and a
/// reason where it fails.
final class TLSGate: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private let tls: NIOSSLServerHandler
  private let timeout: TimeAmount
  private let fail: (HandshakeFailure) -> Void
  private let open: (Security) throws -> Void
  private var deadline: Scheduled<Void>?
  private var isSettled = false
  /// What the client complained of in the clear.
  private var alert: UInt8?

  /// `open` makes the rest of the pipeline; either is called once, unless the connection is given up by us.
  init(
    _ tls: NIOSSLServerHandler, timeout: TimeAmount, fail: @escaping (HandshakeFailure) -> Void,
    open: @escaping (Security) throws -> Void
  ) {
    self.tls = tls
    self.timeout = timeout
    self.fail = fail
    self.open = open
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let gate = NIOLoopBound(self, eventLoop: context.eventLoop)
    let channel = context.channel
    deadline = context.eventLoop.scheduleTask(in: timeout) {
      guard gate.value.settle(.timeout) else { return }
      channel.close(promise: nil)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    deadline?.cancel()
  }

  /// Whether this is the first that is known of how it ended.
  @discardableResult
  func settle(_ failure: HandshakeFailure?) -> Bool {
    guard !isSettled else { return false }
    isSettled = true
    deadline?.cancel()
    if let failure { fail(failure) }
    return true
  }

  /// Looks at bytes before they are deciphered: a record of type 21 with two bytes is an alert (RFC 8446 section 5.1).
  func examine(_ bytes: ByteBufferView) {
    guard !isSettled, bytes.count >= 7, bytes.starts(with: [21, 3]) else { return }
    let record = Array(bytes.prefix(7))
    if record[3] == 0, record[4] == 2 { alert = record[6] }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case TLSUserEvent.handshakeCompleted:
      complete(context)
    case is ChannelShouldQuiesceEvent where !isSettled:
      isSettled = true
      context.close(promise: nil)
    default:
      context.fireUserInboundEventTriggered(event)
    }
  }

  private func complete(_ context: ChannelHandlerContext) {
    let client: ClientCertificate?
    do {
      client = try tls.peerCertificate.map { try ClientCertificate($0) }
    } catch {
      settle(.clientCertificate)
      return context.close(promise: nil)
    }
    guard settle(nil) else { return }
    do {
      try open(.tls(client: client))
    } catch {
      context.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // Who ends TCP without ending TLS cuts no message short: HTTP says how long its messages are.
    if case NIOSSLError.uncleanShutdown = error { return }
    guard settle(HandshakeFailure(error, alert: alert)) else { return context.fireErrorCaught(error) }
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    settle(.left)
    context.fireChannelInactive()
  }
}
