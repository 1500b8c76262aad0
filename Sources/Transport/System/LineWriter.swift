import Dispatch
import Glibc
import Synchronization

/// Writes lines to a descriptor from a thread of its own, so that a reader who takes none holds up nobody but it. What
/// waits is bounded; lines beyond that are lost, and how many is told once there is room again.
package final class LineWriter: Sendable {
  /// Lines that wait at once: some seconds of a busy log.
  package static let lineLimit = 4096
  /// Bytes that wait at once, and as many more that are being written.
  package static let byteLimit = 1 << 20

  private struct State {
    /// Whole lines, each with its line feed.
    var waiting: [UInt8] = []
    var lines = 0
    /// Since it was told last, and since the start.
    var lost = 0
    var allLost = 0
    var isWriting = false
    var isEnding = false
  }

  private let descriptor: CInt
  private let lineLimit: Int
  private let byteLimit: Int
  private let tellLost: @Sendable (Int) -> String
  private let state = Mutex(State())
  private let work = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  /// `tellLost` words the line that says how many were lost.
  package init(
    to descriptor: CInt, lineLimit: Int = LineWriter.lineLimit, byteLimit: Int = LineWriter.byteLimit,
    tellLost: @escaping @Sendable (Int) -> String
  ) throws(SystemError) {
    self.descriptor = descriptor
    self.lineLimit = lineLimit
    self.byteLimit = byteLimit
    self.tellLost = tellLost
    let thread = try startThread(named: "log", stackSize: 256 << 10) { [self] in serve() }
    pthread_detach(thread)
  }

  /// Lines that were lost since the start.
  package var lost: Int { state.withLock { $0.allLost } }

  /// Has one or more whole lines written, without waiting for it.
  package func write(_ text: String) {
    let isIdle = state.withLock { state -> Bool in
      guard state.lines < lineLimit, state.waiting.count + text.utf8.count < byteLimit, !state.isEnding else {
        state.lost += 1
        state.allLost += 1
        return false
      }
      state.waiting += text.utf8
      state.waiting.append(UInt8(ascii: "\n"))
      state.lines += 1
      defer { state.isWriting = true }
      return !state.isWriting
    }
    if isIdle { work.signal() }
  }

  /// Has written what waits, for as long as this at most; whether all of it was. Nothing is written after that.
  @discardableResult
  package func finish(within milliseconds: Int) -> Bool {
    let isIdle = state.withLock { state -> Bool in
      defer { (state.isEnding, state.isWriting) = (true, true) }
      return !state.isWriting
    }
    if isIdle { work.signal() }
    return ended.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
  }

  private func serve() {
    while true {
      work.wait()
      while let bytes = take() { put(bytes) }
      if state.withLock({ $0.isEnding && $0.waiting.isEmpty }) { break }
    }
    ended.signal()
  }

  /// The bytes that wait; nil where none do.
  private func take() -> [UInt8]? {
    state.withLock { state in
      if state.lost > 0 {
        state.waiting += (tellLost(state.lost) + "\n").utf8
        state.lost = 0
      }
      guard !state.waiting.isEmpty else {
        state.isWriting = false
        return nil
      }
      defer { (state.waiting, state.lines) = ([], 0) }
      return state.waiting
    }
  }

  /// Waits for whoever reads; what cannot be written at all is gone.
  private func put(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&room, 1, 1000)
      } else if errno != EINTR {
        return
      }
    }
  }
}
