import CLinux
import Glibc
import Synchronization

/// A thread of its own for a loop that blocks, kept apart from Swift's cooperative pool. The signals that stop or
/// reload the process are left to other threads.
package final class OwnThread: Sendable {
  private enum State {
    case running(waiting: [CheckedContinuation<Void, Never>])
    case finished
  }

  private let state: SharedState

  /// Starts at once. `name` shows in `top -H`, cut to 15 bytes; `stackSize` is in bytes.
  package init(
    named name: String, stackSize: Int = 1 << 20, _ body: sending @escaping () -> Void
  ) throws(SystemError) {
    let state = SharedState()
    self.state = state
    let thread = try startThread(named: name, stackSize: stackSize) {
      body()
      state.finish()
    }
    pthread_detach(thread)
  }

  /// Waits, without blocking a thread, until the body has returned.
  package var finished: Void {
    get async { await state.wait() }
  }

  package var isFinished: Bool { state.isFinished }

  private final class SharedState: Sendable {
    private let state = Mutex(State.running(waiting: []))

    var isFinished: Bool {
      state.withLock { state in
        switch state {
        case .running: false
        case .finished: true
        }
      }
    }

    func wait() async {
      await withCheckedContinuation { continuation in
        let isFinished = state.withLock { state in
          switch state {
          case .running(let waiting):
            state = .running(waiting: waiting + [continuation])
            return false
          case .finished:
            return true
          }
        }
        if isFinished { continuation.resume() }
      }
    }

    func finish() {
      let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
        defer { state = .finished }
        switch state {
        case .running(let waiting): return waiting
        case .finished: return []
        }
      }
      for continuation in waiting { continuation.resume() }
    }
  }
}

/// Starts a thread, which its owner has to join or detach.
func startThread(
  named name: String, stackSize: Int, _ body: sending @escaping () -> Void
) throws(SystemError) -> pthread_t {
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  // Whole pages of 4096 bytes, and never less than Swift's own runtime is content with.
  let size = (max(stackSize, 64 << 10) + 4095) & ~4095
  pthread_attr_setstacksize(&attributes, size)

  let launch = Unmanaged.passRetained(Launch(name: name, body: body))
  var thread = pthread_t()
  let code = pthread_create(
    &thread, &attributes,
    { context in
      guard let context else { return nil }
      let launch = Unmanaged<Launch>.fromOpaque(context).takeRetainedValue()
      linux_thread_leave_signals()
      linux_thread_name(launch.name)
      launch.body()
      return nil
    }, launch.toOpaque())
  guard code == 0 else {
    launch.release()
    throw SystemError("starting the thread \(name)", code: code)
  }
  return thread
}

private final class Launch {
  let name: String
  let body: () -> Void

  init(name: String, body: @escaping () -> Void) {
    self.name = name
    self.body = body
  }
}
