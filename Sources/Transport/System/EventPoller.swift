import CLinux
import Glibc

/// Waits for any number of descriptors (epoll(7)), each with a token that its owner gives it. For one thread.
package struct EventPoller: ~Copyable {
  private let descriptor: CInt
  private var tokens = [UInt64](repeating: 0, count: 128)

  package init() throws(SystemError) {
    descriptor = try checked("opening an epoll descriptor", linux_poller_open())
  }

  deinit {
    close(descriptor)
  }

  /// From now on waits for this descriptor too. It is out of the set as soon as it is closed.
  package func add(_ other: CInt, token: UInt64) throws(SystemError) {
    _ = try checked("waiting for a descriptor", linux_poller_add(descriptor, other, token))
  }

  /// The tokens of those that have something to read, or an error or a hangup; some of them where there are many, the
  /// others next time. None where the time is over or a signal came. Nil waits without limit.
  package mutating func wait(milliseconds: Int?) throws(SystemError) -> ArraySlice<UInt64> {
    let limit = milliseconds.map { Int32(clamping: max(0, $0)) } ?? -1
    let count = linux_poller_wait(descriptor, &tokens, CInt(tokens.count), limit)
    return tokens[..<Int(try checked("waiting for descriptors", count))]
  }
}
