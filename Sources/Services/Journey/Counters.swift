import Synchronization

/// What happened how often since the start, by a stable name such as `dhcp.ignored.notOurServerIdentifier`: one for
/// every refusal and every kind of answer. The names come from the closed enums of the deciders, so there are few.
package final class Counters: Sendable {
  private let values = Mutex<[String: Int]>([:])

  package init() {}

  package func increment(_ name: String, by amount: Int = 1) {
    values.withLock { $0[name, default: 0] += amount }
  }

  package func increment(_ names: some Sequence<String>) {
    values.withLock { values in
      for name in names { values[name, default: 0] += 1 }
    }
  }

  package var all: [String: Int] {
    values.withLock { $0 }
  }
}
