import CLinux
import Glibc

/// Wakes a loop that waits in a `Poller`, from any thread (eventfd(2)).
package final class Wakeup: Sendable {
  /// Readable from a `signal` to the next `clear`.
  package let fileDescriptor: CInt

  package init() throws(SystemError) {
    fileDescriptor = try checked("opening an eventfd", linux_wakeup_open())
  }

  deinit {
    close(fileDescriptor)
  }

  package func signal() {
    var one: UInt64 = 1
    // It can fail only where the counter is full, and then the loop is being woken anyway.
    _ = write(fileDescriptor, &one, MemoryLayout<UInt64>.size)
  }

  package func clear() {
    var count: UInt64 = 0
    _ = read(fileDescriptor, &count, MemoryLayout<UInt64>.size)
  }
}
