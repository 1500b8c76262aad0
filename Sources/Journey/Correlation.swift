/// What a ``Correlator`` found out: to be committed in the order changed, merges, forgotten.
package struct Correlation: Hashable, Sendable {
  /// The router that it is about.
  package var router: RouterID
  /// Records that are new or have changed, whole.
  package var changed: [Router] = []
  package var merges: [Merge] = []
  /// Records that made room for newer ones: they never leased an address and never informed.
  package var forgotten: [RouterID] = []

  package init(router: RouterID, changed: [Router] = [], merges: [Merge] = [], forgotten: [RouterID] = []) {
    self.router = router
    self.changed = changed
    self.merges = merges
    self.forgotten = forgotten
  }

  mutating func note(_ router: Router) {
    changed.removeAll { $0.id == router.id }
    changed.append(router)
  }
}

/// Two records turned out to be one router: the events of the first go to the second, and the first is gone.
package struct Merge: Hashable, Sendable {
  package let from: RouterID
  package let into: RouterID

  package init(from: RouterID, into: RouterID) {
    self.from = from
    self.into = into
  }
}

/// Why no record was made.
package enum CorrelatorError: Error, Hashable, Sendable, CustomStringConvertible {
  case full(limit: Int)

  package var description: String {
    switch self {
    case .full(let limit): "there are \(limit) routers on record, and no more are taken"
    }
  }
}
