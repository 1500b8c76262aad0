import CLinux
import Glibc

/// A network namespace, as `ip netns` keeps them. A socket belongs for good to the namespace that its thread was in when
/// it was made, so one process can serve, or play, hosts in many of them.
package struct NetworkNamespace: Hashable, Sendable {
  package let path: String

  package init(path: String) {
    self.path = path
  }

  /// One made by `ip netns add NAME`.
  package init(named name: String) {
    path = "/run/netns/\(name)"
  }

  /// Moves the calling thread, for good, and the threads that it starts from then on. Only for an `OwnThread`: on a
  /// thread of the cooperative pool, unrelated tasks would move with it. Needs CAP_SYS_ADMIN.
  package func enter() throws(SystemError) {
    _ = try checked("entering the network namespace \(path)", linux_namespace_enter(path))
  }

  /// Runs `body` on a fresh thread inside the namespace and hands its value back; the sockets that it opens stay in the
  /// namespace. It blocks the caller, so it is for opening, not for serving. Throws `SystemError` where the namespace
  /// cannot be entered, else what `body` throws.
  package func run<Value>(_ body: @escaping @Sendable () throws -> sending Value) throws -> sending Value {
    let outcome = Outcome<Value>()
    let thread = try startThread(named: "namespace", stackSize: 1 << 20) {
      outcome.value = Result {
        try enter()
        return try body()
      }
    }
    pthread_join(thread, nil)
    guard let value = outcome.value else { throw SystemError("running in \(path)", code: ECANCELED) }
    return try value.get()
  }
}

/// Written by the thread before it ends and read by its owner after: joining orders the two.
private final class Outcome<Value>: @unchecked Sendable {
  var value: Result<Value, any Error>?
}
