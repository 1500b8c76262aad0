import Glibc
import NIOCore

/// Who is at the other end of a Unix socket: the kernel's `struct ucred` (unix(7), SO_PEERCRED), in its order.
struct PeerCredentials: Sendable {
  let process: Int32
  let user: UInt32
  let group: UInt32

  /// Tells who it is, at once on the channel's own event loop; nothing where the channel is no Unix socket.
  static func ask(_ channel: any Channel, _ body: @escaping (PeerCredentials) -> Void) {
    guard case .unixDomainSocket = channel.localAddress, let provider = channel as? any SocketOptionProvider else {
      return
    }
    let answer: EventLoopFuture<PeerCredentials> = provider.unsafeGetSocketOption(
      level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    answer.assumeIsolated().whenSuccess(body)
  }
}
