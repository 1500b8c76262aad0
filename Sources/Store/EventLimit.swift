/// How many events the store keeps of one router: the newest. Older ones are removed some at a time, with the commit
/// of a newer one, so that the store cannot grow without bound.
package enum EventLimit {
  /// The newest, always there.
  package static let kept = 1_000
  /// How many older ones may be there beside them, at most.
  package static let slack = 100
}
