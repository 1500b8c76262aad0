import Net

/// When a packet that had no answer is sent again, and how often.
package struct Retransmission: Hashable, Sendable {
  /// Seconds until the first repetition.
  package var interval: Int
  /// How often a packet is repeated before the transfer fails.
  package var maximumRepetitions: Int

  /// With the defaults, a peer that is gone is given up 31 seconds after its last sign of life.
  package init(interval: Int = 1, maximumRepetitions: Int = 4) {
    self.interval = interval
    self.maximumRepetitions = maximumRepetitions
  }

  /// The longest wait that doubling leads to, in seconds; a longer interval stays as it is.
  private static let maximumDoubled = 16

  /// When a packet that has been repeated so often is to be sent again: each wait is twice as long as the one before.
  func deadline(after now: Timestamp, repetitions: Int) -> Timestamp {
    let doubled = min(interval, Self.maximumDoubled) << min(repetitions, 8)
    return now.advanced(bySeconds: Int64(max(interval, min(doubled, Self.maximumDoubled))))
  }
}
