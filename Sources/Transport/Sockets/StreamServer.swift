import Glibc
import NIOCore
import NIOPosix
package import Net
import Synchronization

/// Messages behind a two-byte length over TCP: DNS over TCP (RFC 7766). A connection may carry many, also without
/// waiting for answers; answers go out in order.
package final class StreamServer: Sendable {
  /// Answers a message: calls `respond` once, at once or later and on any thread, with the replies, each of 1 to 65,535
  /// bytes; none closes the connection. Called on the server's own thread, which it must not block.
  package typealias Answer =
    @Sendable (
      _ message: [UInt8], _ peer: Endpoint, _ respond: @escaping @Sendable (_ replies: [[UInt8]]) -> Void
    ) -> Void

  /// How often, since the start.
  package struct Statistics: Hashable, Sendable {
    package var accepted = 0
    package var messages = 0
    /// Connections closed for a message without an answer.
    package var refused = 0
    /// Connections closed to make room.
    package var evicted = 0
    /// Connections closed because they were silent.
    package var idle = 0
  }

  package let local: Endpoint
  /// As ``TurnWatch`` calls its loop.
  private static let loopName = "dns-tcp"

  private let group: MultiThreadedEventLoopGroup
  private let listener: any Channel
  private let connections: StreamConnections

  /// Listens; port 0 lets the kernel choose one, see `local`.
  package static func start(
    _ address: IPv4Address, port: UInt16, options: SocketOptions = SocketOptions(),
    limits: StreamLimits = StreamLimits(), answer: @escaping Answer
  ) async throws(SocketError) -> StreamServer {
    let (descriptor, local) = try openBoundSocket(stream: true, Endpoint(address, port: port), options)
    let group = MultiThreadedEventLoopGroup.loops(1, named: loopName)
    let connections = StreamConnections(limits: limits)
    do {
      let listener = try await listen(descriptor, group, connections, answer)
      let pace = TimeAmount.milliseconds(min(1000, max(10, limits.idle / 10)))
      group.next().scheduleRepeatedTask(initialDelay: pace, delay: pace) { _ in connections.closeIdle() }
      return StreamServer(local: local, group: group, listener: listener, connections: connections)
    } catch {
      try? await group.shutdownGracefully()
      guard let error = error as? IOError else { throw .system(SystemError("listening at \(local)", code: EIO)) }
      throw SocketError("listening at", local, code: error.errnoCode)
    }
  }

  private init(
    local: Endpoint, group: MultiThreadedEventLoopGroup, listener: any Channel, connections: StreamConnections
  ) {
    self.local = local
    self.group = group
    self.listener = listener
    self.connections = connections
  }

  package var statistics: Statistics { connections.statistics }

  /// The connections that are open.
  package var connectionCount: Int { connections.count }

  /// Accepts no more, answers what has come whole, waits up to 2 s for it to leave, and closes. Once only.
  package func stop() async {
    try? await listener.close()
    connections.stop()
    for _ in 0..<100 where connections.count > 0 {
      try? await Task.sleep(for: .milliseconds(20))
    }
    try? await group.shutdownGracefully()
  }

  private static func listen(
    _ descriptor: CInt, _ group: MultiThreadedEventLoopGroup, _ connections: StreamConnections,
    _ answer: @escaping Answer
  ) async throws -> any Channel {
    try await ServerBootstrap(group: group)
      .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
      .childChannelOption(ChannelOptions.autoRead, value: false)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let peer = channel.remoteAddress.flatMap(Endpoint.init) else { throw ChannelError.ioOnClosedChannel }
          if TurnWatch.isOn {
            try channel.pipeline.syncOperations.addHandler(TurnWatch.ChannelTurns(loopName))
          }
          try channel.pipeline.syncOperations.addHandler(
            StreamConnection(peer: peer, answer: answer) { connections.note($0, on: channel) })
          connections.admit(channel, peer: peer.address)
        }
      }
      .withBoundSocket(descriptor).get()
  }
}

extension Endpoint {
  fileprivate init?(_ address: NIOCore.SocketAddress) {
    guard let text = address.ipAddress, let host = IPv4Address(text), let port = address.port else { return nil }
    self.init(host, port: UInt16(truncatingIfNeeded: port))
  }
}

/// The open connections, and what happened to those that were.
private final class StreamConnections: Sendable {
  private struct State {
    var table: StreamTable<ObjectIdentifier>
    var channels: [ObjectIdentifier: any Channel] = [:]
    var statistics = StreamServer.Statistics()
  }

  private let state: Mutex<State>

  init(limits: StreamLimits) {
    state = Mutex(State(table: StreamTable(limits: limits)))
  }

  var statistics: StreamServer.Statistics { state.withLock { $0.statistics } }

  var count: Int { state.withLock { $0.channels.count } }

  func admit(_ channel: any Channel, peer: IPv4Address) {
    let id = ObjectIdentifier(channel)
    let evicted = state.withLock { state -> (any Channel)? in
      state.statistics.accepted += 1
      state.channels[id] = channel
      guard let evicted = state.table.admit(id, peer: peer, at: Self.now) else { return nil }
      state.statistics.evicted += 1
      return state.channels[evicted]
    }
    evicted?.close(promise: nil)
    channel.closeFuture.whenComplete { _ in
      self.state.withLock { state in
        state.table.remove(id)
        state.channels[id] = nil
      }
    }
  }

  func note(_ event: StreamConnection.Event, on channel: any Channel) {
    state.withLock { state in
      switch event {
      case .message:
        state.statistics.messages += 1
        state.table.noteActivity(ObjectIdentifier(channel), at: Self.now)
      case .refused:
        state.statistics.refused += 1
      }
    }
  }

  func closeIdle() {
    let idle = state.withLock { state in
      let idle = state.table.removeIdle(at: Self.now)
      state.statistics.idle += idle.count
      return idle.compactMap { state.channels[$0] }
    }
    for channel in idle { channel.close(promise: nil) }
  }

  func stop() {
    for channel in state.withLock({ Array($0.channels.values) }) {
      channel.pipeline.fireUserInboundEventTriggered(StreamStop())
    }
  }

  private static var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) }
}
