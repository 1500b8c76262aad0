import Net

/// What is known of how a server takes EDNS. One that does not know it answers FORMERR (RFC 6891 section 7), some
/// NOTIMP, and some not at all: those are asked without for a while (section 6.2.2).
struct UpstreamHabit: Sendable {
  /// Seconds until it is asked with EDNS again: it may have been replaced.
  static let memory: Int64 = 900
  /// Queries with EDNS in a row that stay unanswered until it is asked without.
  private static let patience = 2

  private var plainUntil = Timestamp.distantPast
  /// Queries with EDNS since the last one that was answered.
  private var unanswered = 0

  /// Whether a query may have an OPT record.
  func takesEDNS(at now: Timestamp) -> Bool {
    now >= plainUntil && unanswered < Self.patience
  }

  /// It answered that it does not understand a query with EDNS.
  mutating func refusedEDNS(at now: Timestamp) {
    plainUntil = now.advanced(bySeconds: Self.memory)
    unanswered = 0
  }

  mutating func answered(withEDNS: Bool, at now: Timestamp) {
    if withEDNS {
      unanswered = 0
    } else if unanswered >= Self.patience {
      refusedEDNS(at: now)
    }
  }

  mutating func stayedSilent(withEDNS: Bool) {
    unanswered = withEDNS ? min(unanswered + 1, Self.patience) : 0
  }
}
