/// A parameter that a device had confirmed and that is otherwise now: somebody's task set it, or the device reports it so.
package struct Drift: Hashable, Sendable, Codable {
  package let path: String
  package let wanted: String
  package let found: String

  /// A device keeps at most this many drifts.
  package static let limit = 64
  /// Characters of a value that are kept.
  package static let valueLimit = 256

  package init(path: String, wanted: String, found: String) {
    self.path = path
    self.wanted = String(wanted.prefix(Self.valueLimit))
    self.found = String(found.prefix(Self.valueLimit))
  }
}

extension Device {
  /// Whether nothing is known that speaks against its verification.
  package var isSound: Bool { verified != nil && drifts.isEmpty && doubtfulFile == nil }

  /// Seconds between its periodic Informs, as it confirmed them.
  package var informInterval: Int64? {
    parameters.first { $0.path.hasSuffix(".ManagementServer.PeriodicInformInterval") }.flatMap { Int64($0.value) }
  }
}
