import Glibc
import NIOCore

/// Who is at the other end of a Unix socket: the kernel's `struct ucred` (unix(7), SO_PEERCRED), in its order.
struct PeerCredentials: Sendable {
  let process: Int32
  let user: UInt32
  let group: UInt32

  /// Whether the channel is a Unix socket, of which alone the kernel tells.
  static func areKnown(of channel: any Channel) -> Bool {
    if case .unixDomainSocket = channel.localAddress { true } else { false }
  }

  /// Tells who it is, at once on the channel's own event loop; nothing where the kernel does not tell.
  static func ask(_ channel: any Channel, _ body: @escaping (PeerCredentials) -> Void) {
    guard let provider = channel as? any SocketOptionProvider else { return }
    let answer: EventLoopFuture<PeerCredentials> = provider.unsafeGetSocketOption(
      level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    answer.assumeIsolated().whenSuccess(body)
  }
}
