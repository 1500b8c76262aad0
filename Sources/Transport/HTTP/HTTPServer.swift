import Glibc
package import HTTP
import NIOCore
import NIOPosix
import ServiceLifecycle

/// An HTTP/1.1 server (and 1.0) on one address. It hands each request to its responder, whole or with its body as it
/// comes, and keeps hostile and slow clients within limits. It logs nothing; what it refuses, it counts.
package final class HTTPServer: Sendable {
  /// Where to listen.
  package enum Address: Hashable, Sendable {
    /// A numeric address, `0.0.0.0` or `::` for all. Port 0 takes any free one.
    case network(host: String, port: UInt16)
    /// A socket file of mode 0660. A stale one is replaced; one that a server answers on is not.
    case unixSocket(path: String)
  }

  /// What makes it a server of HTTPS.
  package struct TLS: Sendable {
    package let context: TLSServerContext
    /// Told of each connection that came to nothing, on an event loop: it must not wait.
    package let onFailure: @Sendable (_ peer: HostPort, HandshakeFailure) -> Void

    package init(
      _ context: TLSServerContext, onFailure: @escaping @Sendable (_ peer: HostPort, HandshakeFailure) -> Void
    ) {
      self.context = context
      self.onFailure = onFailure
    }
  }

  package typealias Responder = @Sendable (HTTP.Request) async -> HTTP.Response
  /// Answers a request, or says how. It is called on an event loop, so it does not wait.
  package typealias Answerer = @Sendable (HTTP.Request) -> Answer
  /// Answers a request whose body comes while it does. An answer before the body's end closes the connection.
  package typealias StreamResponder = @Sendable (HTTP.Request, IncomingBody) async -> HTTP.Response
  /// Says what becomes of a body, from the request without it. It is called on an event loop, so it does not wait.
  package typealias Reception = @Sendable (HTTP.Request) -> BodyWay

  /// Told of each request that the server itself refused, and why, on an event loop: it must not wait.
  package typealias RefusalObserver = @Sendable (_ peer: HostPort, _ reason: String) -> Void

  package enum Answer: Sendable {
    /// It is there already, which saves the task that would wait for it.
    case now(HTTP.Response)
    case later(@Sendable () async -> HTTP.Response)
    /// As `later`, on the threads that all tasks share, wherever else answers are made: it takes milliseconds.
    case away(@Sendable () async -> HTTP.Response)
  }

  /// The way of a request's body to who answers.
  package enum BodyWay: Sendable {
    /// The server's responder gets it with its request, when it is there.
    case whole
    /// As `whole`, and no more than so many bytes of it, compressed or not; see ``HTTPLimits/body``.
    case short(Int)
    /// This responder gets it piece by piece, never more than `limit` bytes of it, which count compressed or not. What
    /// it does not take, the client keeps.
    case stream(limit: Int, StreamResponder)
  }

  private let address: Address
  private let limits: HTTPLimits
  private let respondsOnLoop: Bool
  private let tls: TLS?
  private let reception: Reception
  private let answer: Answerer
  private let onListening: @Sendable (Address) async -> Void
  private let onRefusal: RefusalObserver
  private let gauge: HTTPGauge
  private let channels = OpenChannels()

  /// `onListening` is called once the server takes connections, with the address that it has. What answers later and
  /// never blocks its thread may run where the connections are read and written (`respondsOnLoop`), which is cheaper.
  package init(
    address: Address, limits: HTTPLimits = HTTPLimits(), respondsOnLoop: Bool = false, tls: TLS? = nil,
    onListening: @escaping @Sendable (Address) async -> Void = { _ in },
    onRefusal: @escaping RefusalObserver = { _, _ in },
    reception: @escaping Reception = { _ in .whole }, answer: @escaping Answerer
  ) {
    self.onRefusal = onRefusal
    self.address = address
    self.limits = limits
    self.respondsOnLoop = respondsOnLoop
    self.tls = tls
    self.onListening = onListening
    self.reception = reception
    self.answer = answer
    gauge = HTTPGauge(limits)
  }

  package convenience init(
    address: Address, limits: HTTPLimits = HTTPLimits(), respondsOnLoop: Bool = false, tls: TLS? = nil,
    onListening: @escaping @Sendable (Address) async -> Void = { _ in },
    reception: @escaping Reception = { _ in .whole }, respond: @escaping Responder
  ) {
    self.init(
      address: address, limits: limits, respondsOnLoop: respondsOnLoop, tls: tls, onListening: onListening,
      reception: reception, answer: { request in .later { await respond(request) } })
  }

  /// What happened since the start.
  package var counts: HTTPCounts { gauge.counts }

  /// Serves until it is shut down, or the service group that runs it is, gracefully; or until the task is canceled, which
  /// closes all connections at once. To be called once.
  package func run() async throws(HTTPServerError) {
    try prepareSocketFile()
    let listener: any Channel
    do {
      listener = try await listen()
    } catch {
      throw HTTPServerError(error, address: address)
    }
    channels.listen(on: listener)
    await withTaskCancellationHandler {
      await withGracefulShutdownHandler {
        await onListening(Self.listening(on: listener, asked: address))
        try? await listener.closeFuture.get()
        shutDown()
        await channels.ended()
      } onGracefulShutdown: {
        self.shutDown()
      }
    } onCancel: {
      channels.cut()
    }
    if case .unixSocket(let path) = address { unlink(path) }
  }

  /// No connection is taken any more, streams without an end are ended, and answers under way are finished within the
  /// limit's grace: then ``run()`` returns.
  package func shutDown() {
    channels.shutDown()
  }

  private func listen() async throws -> any Channel {
    let connections = HTTPChildChannel(
      limits: limits, gauge: gauge, channels: channels, respondsOnLoop: respondsOnLoop, tls: tls,
      reception: reception, answer: answer, onRefusal: onRefusal)
    let bootstrap = ServerBootstrap(group: Self.loops)
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      // Where a crowd is served, each round of the loop takes long, and NIO takes four connections in it: the others
      // would wait in the kernel, where nobody can tell them to come later, until it drops them.
      .serverChannelOption(.maxMessagesPerRead, value: Self.connectionsAtOnce)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelOption(
        .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2048, maximum: Self.readingSize)
      )
      .childChannelInitializer { connections.setup(channel: $0) }
    return switch address {
    case .network(let host, let port): try await bootstrap.bind(host: host, port: Int(port)).get()
    case .unixSocket(let path):
      try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
    }
  }

  /// Bytes that are read of a connection before others have their turn: there may be a request in each few of them.
  private static let readingSize = 16 << 10

  /// Taken in one round of the event loop.
  private static let connectionsAtOnce: UInt = 256

  /// As ``TurnWatch`` calls them.
  static let loopName = "http"

  /// Of all servers; as many as the processors that we may run on, so that no two take turns on one.
  private static let loops = MultiThreadedEventLoopGroup.loops(min(4, Processors.usable), named: loopName)

  private static func listening(on channel: any Channel, asked address: Address) -> Address {
    switch address {
    case .network(let host, let port):
      return .network(host: host, port: channel.localAddress?.port.flatMap { UInt16(exactly: $0) } ?? port)
    case .unixSocket(let path):
      // Made under the process's umask, which is narrower as a rule, so this only widens.
      chmod(path, 0o660)
      return address
    }
  }

  /// NIO replaces any socket file that it finds, so a server that still answers on it is to be found before.
  private func prepareSocketFile() throws(HTTPServerError) {
    guard case .unixSocket(let path) = address else { return }
    switch UnixSocketAccess(path: path) {
    case .open: throw .addressInUse(address)
    case .failed(let reason): throw .failed(address, reason: reason)
    case .absent, .deserted, .notSocket, .denied: break
    }
  }
}

extension HTTPServer.Address: CustomStringConvertible {
  package var description: String {
    switch self {
    case .network(let host, let port): "TCP \(HostPort(host: host, port: port))"
    case .unixSocket(let path): "the socket \(path)"
    }
  }
}
