import Foundation
import Net
import Transport

/// A TCP connection from a namespace, for what no proper client sends.
final class RawConnection: Sendable {
  private let descriptor: CInt

  /// Throws where it is not accepted within two seconds.
  init(to address: String, port: UInt16, from namespace: String) throws {
    descriptor = try Self.open(in: namespace) { descriptor, name, length in
      var timeout = timeval(tv_sec: 2, tv_usec: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
      return connect(descriptor, name, length)
    } at: {
      (address, port)
    }
  }

  deinit {
    close(descriptor)
  }

  func send(_ bytes: [UInt8]) {
    _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  /// What comes within `seconds`, up to `limit` bytes; nil where the other side has closed.
  func receive(within seconds: Int, limit: Int = 65_536) -> [UInt8]? {
    var timeout = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var buffer = [UInt8](repeating: 0, count: limit)
    let count = recv(descriptor, &buffer, limit, 0)
    if count < 0, errno == EAGAIN || errno == EWOULDBLOCK { return [] }
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }

  /// Whether the other side has closed the connection.
  var isClosed: Bool {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    return count == 0 || count < 0 && errno != EAGAIN && errno != EWOULDBLOCK
  }

  /// A port of the namespace that somebody else has already, until the value is gone.
  init(occupying port: UInt16, in namespace: String) throws {
    descriptor = try Self.open(in: namespace) { descriptor, name, length in
      let result = bind(descriptor, name, length)
      return result == 0 ? listen(descriptor, 1) : result
    } at: {
      ("0.0.0.0", port)
    }
  }

  private static func open(
    in namespace: String, _ prepare: @escaping @Sendable (CInt, UnsafePointer<sockaddr>, socklen_t) -> CInt,
    at place: () -> (address: String, port: UInt16)
  ) throws -> CInt {
    let (address, port) = place()
    return try NetworkNamespace(named: namespace).run {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = port.bigEndian
      name.sin_addr.s_addr = inet_addr(address)
      let result = withUnsafePointer(to: name) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          prepare(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard result == 0 else {
        let code = errno
        close(descriptor)
        throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
      }
      return descriptor
    }
  }
}
