import Net

/// Response-rate limiting: who sends queries in another's name shall not make us flood that other with answers. Answers
/// of one kind to one /24 have a rate; beyond it they are dropped, but for each n-th, which is cut (TC), so that a client
/// which is really there comes back over TCP; of those there are no more than of whole ones. Room for the accounts is fixed; where two meet, the older one is forgotten.
package struct RateLimiter: Sendable {
  package enum Ruling: Hashable, Sendable {
    case pass
    /// To be sent without records, and with TC.
    case cut
    case drop
  }

  private struct Account {
    var key: UInt64 = 0
    /// Answers that may still be sent, times 1000.
    var allowance: Int64 = 0
    var moment: Int64 = 0
    /// The same for answers that are cut: of those there are no more than of whole ones.
    var cutAllowance: Int64 = 0
    var withheld = 0
  }

  private static let accountCount = 8192
  private var accounts: [Account]
  private let rate: Int64
  private let slip: Int

  /// `rate` answers a second, which may come at once; 0 for no limit. Each `slip`-th answer beyond is cut, `rate` a
  /// second at most, none where 0.
  package init(rate: Int, slip: Int) {
    self.rate = Int64(rate)
    self.slip = slip
    accounts = rate > 0 ? Array(repeating: Account(), count: Self.accountCount) : []
  }

  /// What is to be done with an answer over UDP. `question` is the name that was asked, in wire form; `now` is in
  /// milliseconds.
  mutating func rule(
    on verdict: Outcome.Verdict, question: RawSpan, client: IPv4Address, now: Int64
  ) -> Ruling {
    guard rate > 0 else { return .pass }
    let kind: UInt64
    switch verdict {
    case .dropped: return .pass
    // What exists is told name by name; what does not exist has names without number.
    case .answered, .noData, .referral: kind = UInt64(truncatingIfNeeded: question.nameHash) | 1
    case .nameError: kind = 2
    case .refused, .notImplemented, .formatError, .badVersion: kind = 4
    }
    var key = (UInt64(client.rawValue >> 8) ^ kind) &* 0x9E37_79B9_7F4A_7C15
    key ^= key >> 29
    return charge(key, now: now)
  }

  private mutating func charge(_ key: UInt64, now: Int64) -> Ruling {
    let place = Int(truncatingIfNeeded: key % UInt64(Self.accountCount))
    var account = accounts[place]
    defer { accounts[place] = account }
    if account.key != key {
      account = Account(key: key, allowance: rate * 1000, moment: now, cutAllowance: rate * 1000)
    }
    let elapsed = min(1000, max(0, now - account.moment))
    account.allowance = min(rate * 1000, account.allowance + elapsed * rate)
    account.cutAllowance = min(rate * 1000, account.cutAllowance + elapsed * rate)
    account.moment = now
    if account.allowance >= 1000 {
      account.allowance -= 1000
      return .pass
    }
    account.withheld += 1
    guard slip > 0, account.withheld.isMultiple(of: slip), account.cutAllowance >= 1000 else { return .drop }
    account.cutAllowance -= 1000
    return .cut
  }
}
