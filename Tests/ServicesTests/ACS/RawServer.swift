import Glibc
import Synchronization
import Transport

/// A TCP server on the loopback that does what a test says, be it against all rules: one connection after the other.
final class RawServer: Sendable {
  enum Reaction: Sendable {
    case answer(String)
    case answerAndClose(String)
    /// The connection is closed without an answer.
    case drop
    /// Nothing is answered, and the connection stays.
    case silence
  }

  let port: UInt16
  private let descriptor: CInt
  private let isClosed = Atomic(false)

  /// `react` is told the number of the connection, from 1, and the request.
  init(_ react: @escaping @Sendable (_ connection: Int, _ request: String) -> Reaction) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = bind(descriptor, address, length)
        _ = listen(descriptor, 16)
        _ = getsockname(descriptor, address, &length)
      }
    }
    self.descriptor = descriptor
    port = UInt16(bigEndian: address.sin_port)
    _ = try OwnThread(named: "raw-server") {
      var number = 0
      var open: [CInt] = []
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { break }
        number += 1
        if Self.serve(connection, number, react) { open.append(connection) } else { close(connection) }
      }
      for connection in open { close(connection) }
      close(descriptor)
    }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// True where the connection is to stay open.
  private static func serve(
    _ connection: CInt, _ number: Int, _ react: (Int, String) -> Reaction
  ) -> Bool {
    while let request = request(from: connection) {
      switch react(number, request) {
      case .answer(let text): send(text, to: connection)
      case .answerAndClose(let text):
        send(text, to: connection)
        return false
      case .drop: return false
      case .silence: return true
      }
    }
    return false
  }

  private static func request(from connection: CInt) -> String? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
      let count = read(connection, &piece, piece.count)
      guard count > 0 else { return nil }
      bytes += piece[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func send(_ text: String, to connection: CInt) {
    let bytes = Array(text.utf8)
    _ = Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }
}
