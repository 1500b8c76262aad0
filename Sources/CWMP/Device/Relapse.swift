package import Net

/// That a device took credentials of its own and logged in with the shared ones again: after a factory reset, or because
/// it does not keep what it takes.
package struct Relapse: Hashable, Sendable, Codable {
  /// How often since it last logged in with its own.
  package var count: Int
  /// When it was last given new ones.
  package var moment: Timestamp
  /// Whether its word that it took credentials counts for nothing until it logs in with them: it relapsed without a
  /// factory reset, or more than once.
  package var isDoubted: Bool
  /// Whether it is given no more for a while.
  package var isLeft: Bool

  package init(count: Int, moment: Timestamp, isDoubted: Bool, isLeft: Bool) {
    self.count = count
    self.moment = moment
    self.isDoubted = isDoubted
    self.isLeft = isLeft
  }
}

extension Device {
  /// Whether it has confirmed credentials of its own, and nothing says that it does not use them.
  package var isSecured: Bool {
    !needsCredentials && relapse?.isDoubted != true
  }
}
