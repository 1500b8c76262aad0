import Glibc

/// A TCP port of the loopback that takes no further connection and refuses none: the queue of those that wait is full.
final class FullServer: Sendable {
  let port: UInt16
  private let descriptors: [CInt]

  init() throws {
    let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var descriptors = [listening]
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = bind(listening, address, length)
        _ = listen(listening, 0)
        _ = getsockname(listening, address, &length)
        for _ in 0..<4 {
          let waiting = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
          _ = connect(waiting, address, length)
          descriptors.append(waiting)
        }
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    self.descriptors = descriptors
  }

  deinit {
    for descriptor in descriptors { close(descriptor) }
  }
}
