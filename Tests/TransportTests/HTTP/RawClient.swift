import Foundation

/// A TCP connection to the loopback that sends exactly what it is told: for clients that no library plays.
final class RawClient: Sendable {
  private let descriptor: Int32

  /// Reads wait for up to a minute.
  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure("connect: \(errno)") }
    var wait = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    var isEager: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isEager, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit {
    close(descriptor)
  }

  func send(_ text: String) {
    send(Array(text.utf8))
  }

  func send(_ bytes: [UInt8]) {
    var bytes = bytes
    while !bytes.isEmpty {
      let count = Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      guard count > 0 else { return }
      bytes.removeFirst(count)
    }
  }

  /// Sends `text` again and again until nothing more is taken for half a second, or `limit` bytes are; how many were.
  func flood(_ text: String, limit: Int) async -> Int {
    let bytes = Array(text.utf8)
    var sent = 0
    var idle = 0
    while sent < limit, idle < 50 {
      // What is taken in part ends within a request, which is not for this to mend.
      let count = Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
      if count == bytes.count {
        sent += count
        idle = 0
      } else if count > 0 {
        return sent + count
      } else {
        idle += 1
        try? await Task.sleep(for: .milliseconds(10))
      }
    }
    return sent
  }

  func closeOutput() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// What comes until the server closes, or until `end` has come; nil where neither happens in time.
  func receive(until end: String? = nil) async -> String? {
    await withCheckedContinuation { continuation in
      // Not on a queue: on Linux those share their threads with the tasks that are to answer.
      Thread.detachNewThread { [self] in
        continuation.resume(returning: blockingReceive(until: end))
      }
    }
  }

  private func blockingReceive(until end: String?) -> String? {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count >= 0 else { return errno == ECONNRESET ? String(decoding: received, as: UTF8.self) : nil }
      guard count > 0 else { return String(decoding: received, as: UTF8.self) }
      received.append(contentsOf: buffer[..<count])
      if let end, String(decoding: received, as: UTF8.self).hasSuffix(end) {
        return String(decoding: received, as: UTF8.self)
      }
    }
  }
}
