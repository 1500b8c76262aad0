/// Why the store could not do what was asked. Nothing of a failed commit is visible afterwards.
package enum StoreError: Error, Hashable, Sendable {
  /// The medium refused: full, read-only, broken. The text is the engine's own.
  case unavailable(String)
  /// The store was written by a newer version of the program.
  case newerSchema(found: Int, known: Int)
  /// What was read cannot be understood.
  case corrupt(String)
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unavailable(let text): "the store cannot be written or read: \(text)"
    case .newerSchema(let found, let known):
      "the store has schema \(found), written by a newer version; this one knows up to \(known)"
    case .corrupt(let text): "the store holds what cannot be read: \(text)"
    }
  }
}
