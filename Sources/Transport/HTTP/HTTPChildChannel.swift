import HTTP
import NIOCore
import NIOHTTP1
import NIOSSL

/// Sets up each connection that a server accepts: TLS where it is wanted, NIO's codec, and `HTTPConnection` behind it.
struct HTTPChildChannel: Sendable {
  let limits: HTTPLimits
  let gauge: HTTPGauge
  let channels: OpenChannels
  let respondsOnLoop: Bool
  let tls: HTTPServer.TLS?
  let reception: HTTPServer.Reception
  let answer: HTTPServer.Answerer
  let onRefusal: HTTPServer.RefusalObserver

  func setup(channel: any Channel) -> EventLoopFuture<Void> {
    let peer = channel.remoteAddress?.ipAddress
    guard let number = gauge.open(peer) else { return channel.close() }
    guard channels.add(channel, number: number) else {
      gauge.close(peer)
      return channel.close()
    }
    channel.closeFuture.whenComplete { [gauge, channels] _ in
      gauge.close(peer)
      channels.remove(number: number)
    }
    return channel.eventLoop.makeCompletedFuture {
      if TurnWatch.isOn {
        try channel.pipeline.syncOperations.addHandler(TurnWatch.ChannelTurns(HTTPServer.loopName))
      }
      if let tls {
        try secure(channel, tls, number: number)
      } else {
        try addHTTP(to: channel, number: number, .none)
      }
    }
  }

  private func secure(_ channel: any Channel, _ tls: HTTPServer.TLS, number: UInt64) throws {
    let handler = NIOSSLServerHandler(context: tls.context.context)
    let peer = HostPort(channel.remoteAddress)
    let gate = TLSGate(handler, timeout: limits.handshakeTimeout.timeAmount) { [gauge] failure in
      gauge.count(failure)
      tls.onFailure(peer, failure)
    } open: { security in
      try addHTTP(to: channel, number: number, security)
    }
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(PlainTextGuard(gate))
    try pipeline.addHandler(handler)
    try pipeline.addHandler(gate)
  }

  private func addHTTP(to channel: any Channel, number: UInt64, _ security: Security) throws {
    var decoder = NIOHTTPDecoderLimitConfiguration()
    decoder.maxHeaderFieldSize = limits.headers
    decoder.maxHeaderListSize = limits.headers
    decoder.maxHeaderFieldCount = limits.headerFields
    var encoder = HTTPResponseEncoder.Configuration()
    encoder.automaticallySetFramingHeaders = false
    let unfolder = HeaderUnfolder()
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(unfolder)
    try pipeline.addHandler(HTTPResponseEncoder(configuration: encoder))
    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoder)))
    try pipeline.addHandler(NIOHTTPResponseHeadersValidator())
    let connection = HTTPConnection(
      number: number, security: security, limits: limits, gauge: gauge,
      departures: .of(channel.eventLoop), executor: respondsOnLoop ? EventLoopExecutor(channel.eventLoop) : nil,
      reception: reception,
      answer: answer, onRefusal: onRefusal, unfolder: unfolder)
    try pipeline.addHandler(connection)
  }
}
