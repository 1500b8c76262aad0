import Synchronization

/// A value that a reload replaces and everyone else reads.
package final class Current<Value: Sendable>: Sendable {
  private let storage: Mutex<Value>

  package init(_ value: Value) {
    storage = Mutex(value)
  }

  /// A part of the value, without a copy of the whole.
  package func part<Part: Sendable>(_ body: (Value) -> Part) -> Part {
    storage.withLock { body($0) }
  }

  package var value: Value {
    get { storage.withLock { $0 } }
    set { storage.withLock { $0 = newValue } }
  }
}
