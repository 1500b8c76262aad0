/// Why the store could not do what was asked. Nothing of a failed commit is visible afterwards.
package enum StoreError: Error, Hashable, Sendable {
  /// The medium refused: full, read-only, broken, locked. The text is the engine's own. The same commit may succeed
  /// later.
  case unavailable(String)
  /// The engine refused these very changes (too large, against a constraint). The text is its own. Others may succeed.
  case refused(String)
  /// The store was written by a newer version of the program.
  case newerSchema(found: Int, known: Int)
  /// What was read cannot be understood.
  case corrupt(String)
  /// As many changes as may wait for a commit are waiting already.
  case overloaded(waiting: Int)
  /// The program is ending: no more commits are taken.
  case stopped
}

extension StoreError {
  /// The name of the counter that counts such failures.
  package var counter: String {
    switch self {
    case .unavailable: "store.failed.unavailable"
    case .refused: "store.failed.refused"
    case .newerSchema: "store.failed.newerSchema"
    case .corrupt: "store.failed.corrupt"
    case .overloaded: "store.failed.overloaded"
    case .stopped: "store.failed.stopped"
    }
  }
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unavailable(let text): "the store cannot be written or read: \(text)"
    case .refused(let text): "the store refuses the changes: \(text)"
    case .newerSchema(let found, let known):
      "the store has schema \(found), written by a newer version; this one knows up to \(known)"
    case .corrupt(let text): "the store holds what cannot be read: \(text)"
    case .overloaded(let waiting): "the store is too slow: \(waiting) changes wait already"
    case .stopped: "the store takes no more changes: the program is ending"
    }
  }
}
