import Synchronization

/// A value that a reload replaces and everyone else reads.
package final class Current<Value: Sendable>: Sendable {
  private let storage: Mutex<Value>

  package init(_ value: Value) {
    storage = Mutex(value)
  }

  package var value: Value {
    get { storage.withLock { $0 } }
    set { storage.withLock { $0 = newValue } }
  }
}
