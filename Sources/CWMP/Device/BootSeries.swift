package import Net

/// The last change that this ACS made at a device.
package struct LastSet: Hashable, Sendable, Codable {
  /// Such as `the parameters A, B`, `the file "startup.cfg"`; at most ``sizeLimit`` characters.
  package let what: String
  package let moment: Timestamp

  package static let sizeLimit = 200

  package init(_ what: String, moment: Timestamp) {
    // To count characters takes longer than all else here, and most texts have fewer bytes.
    self.what = what.utf8.count > Self.sizeLimit ? String(what.prefix(Self.sizeLimit)) : what
    self.moment = moment
  }
}

/// Boots that follow each other faster than any router has reason to boot.
package struct BootSeries: Hashable, Sendable, Codable {
  /// Seconds from one boot to the next within a series, at most.
  package static let gap: Int64 = 120
  /// Boots that make a series worth telling: a first start, with a configuration and a firmware, has fewer.
  package static let limit = 4

  package var count: Int
  /// The moment of the first boot.
  package let start: Timestamp
  /// The last change before the second boot.
  package let lastSet: LastSet?

  package init(count: Int, start: Timestamp, lastSet: LastSet?) {
    self.count = count
    self.start = start
    self.lastSet = lastSet
  }
}
