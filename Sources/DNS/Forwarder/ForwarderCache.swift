package import Net

/// What an answer of an upstream server says, without whom it was for.
package struct ForwardedAnswer: Hashable, Sendable {
  package var code: ResponseCode
  /// AD: the upstream server has validated it.
  package var isAuthentic: Bool
  package var answers: [ResourceRecord]
  package var authorities: [ResourceRecord]
  package var additionals: [ResourceRecord]

  package init(
    code: ResponseCode, isAuthentic: Bool = false, answers: [ResourceRecord] = [],
    authorities: [ResourceRecord] = [], additionals: [ResourceRecord] = []
  ) {
    self.code = code
    self.isAuthentic = isAuthentic
    self.answers = answers
    self.authorities = authorities
    self.additionals = additionals
  }
}

/// What is asked of upstream servers; two clients that ask the same share the answer.
package struct ForwardedQuestion: Hashable, Sendable {
  package var name: Name
  package var type: RecordType
  package var dnssecOK: Bool
  package var checkingDisabled: Bool

  package init(_ name: Name, _ type: RecordType, dnssecOK: Bool = false, checkingDisabled: Bool = false) {
    self.name = name
    self.type = type
    self.dnssecOK = dnssecOK
    self.checkingDisabled = checkingDisabled
  }
}

/// Answers of upstream servers, for as long as they hold, and for a day longer in case nobody answers (RFC 8767).
package struct ForwarderCache: Sendable {
  /// How an answer was found.
  package enum Freshness: Hashable, Sendable {
    case fresh
    case stale
  }

  private struct Entry: Sendable {
    let answer: ForwardedAnswer
    let size: Int
    let stored: Timestamp
    /// Seconds that it holds.
    let lifetime: UInt32
    /// Where its question stands in the ring.
    var place: Int
    var wasUsed = false
  }

  package static let entryLimit = 10_000
  /// Bytes, about.
  package static let sizeLimit = 16 << 20
  /// Seconds.
  static let longestLifetime: UInt32 = 86_400
  /// RFC 2308 section 5 advises one to three hours.
  static let longestNegativeLifetime: UInt32 = 10_800
  /// RFC 9520 section 3.2 allows from one second to five minutes.
  static let failureLifetime: UInt32 = 5
  private static let staleLifetime: UInt32 = 86_400
  /// The TTL of what is stale (RFC 8767 section 4).
  private static let staleTimeToLive: UInt32 = 30

  private var entries: [ForwardedQuestion: Entry] = [:]
  /// The questions in the order in which a hand goes round to find what was not used since it came by last.
  private var ring: [ForwardedQuestion] = []
  private var hand = 0
  private(set) package var size = 0

  package init() {}

  package var count: Int { entries.count }

  /// The answer with what is left of its TTLs; what is stale only where that is allowed.
  package mutating func find(
    _ question: ForwardedQuestion, allowing freshness: Freshness, at now: Timestamp
  ) -> (answer: ForwardedAnswer, freshness: Freshness)? {
    guard let entry = entries[question] else { return nil }
    let age = UInt32(clamping: max(0, now.milliseconds(since: entry.stored)) / 1000)
    if age < entry.lifetime {
      entries[question]?.wasUsed = true
      return (entry.answer.aged { $0 > age ? $0 - age : 0 }, .fresh)
    }
    let isAnswer = entry.answer.code == .noError || entry.answer.code == .nameError
    guard freshness == .stale, isAnswer, age - entry.lifetime < Self.staleLifetime else { return nil }
    return (entry.answer.aged { _ in Self.staleTimeToLive }, .stale)
  }

  /// Keeps an answer for as long as it says itself; not one that does not say.
  package mutating func store(_ answer: ForwardedAnswer, for question: ForwardedQuestion, at now: Timestamp) {
    guard let lifetime = answer.lifetime, lifetime > 0 else { return }
    // A failure shall not push out what may still serve as stale.
    if answer.code != .noError, answer.code != .nameError, find(question, allowing: .stale, at: now) != nil { return }
    remove(question)
    let added = answer.size + 64
    guard added <= Self.sizeLimit / 64 else { return }
    while entries.count >= Self.entryLimit || size + added > Self.sizeLimit { evict() }
    entries[question] = Entry(answer: answer, size: added, stored: now, lifetime: lifetime, place: ring.count)
    ring.append(question)
    size += added
  }

  private mutating func remove(_ question: ForwardedQuestion) {
    guard let entry = entries.removeValue(forKey: question) else { return }
    size -= entry.size
    let last = ring.removeLast()
    guard entry.place < ring.count else { return }
    ring[entry.place] = last
    entries[last]?.place = entry.place
  }

  /// Removes one entry.
  private mutating func evict() {
    // Each step takes a mark away or is the last, so a round and one more step are enough.
    for _ in 0...ring.count {
      guard !ring.isEmpty else { return }
      hand = hand < ring.count ? hand : 0
      guard entries[ring[hand]]?.wasUsed == true else { return remove(ring[hand]) }
      entries[ring[hand]]?.wasUsed = false
      hand += 1
    }
  }
}

extension ForwardedAnswer {
  /// Seconds that the answer holds; nil where nothing says so.
  fileprivate var lifetime: UInt32? {
    switch code {
    case .noError where answers.contains { $0.type != .cname }:
      return answers.map(\.timeToLive).min().map { min($0, ForwarderCache.longestLifetime) }
    case .noError, .nameError:
      let soa = authorities.lazy.compactMap { record in
        if case .soa(let soa) = record.data { min(record.timeToLive, soa.minimum) } else { nil }
      }.first
      let own = answers.map(\.timeToLive).min() ?? .max
      return soa.map { min($0, own, ForwarderCache.longestNegativeLifetime) }
    default:
      return ForwarderCache.failureLifetime
    }
  }

  /// About how many bytes it takes.
  fileprivate var size: Int {
    (answers + authorities + additionals).reduce(0) { $0 + $1.name.wire.count + $1.data.estimatedSize + 64 }
  }

  fileprivate func aged(_ timeToLive: (UInt32) -> UInt32) -> ForwardedAnswer {
    func aged(_ records: [ResourceRecord]) -> [ResourceRecord] {
      records.map { record in
        var record = record
        record.timeToLive = timeToLive(record.timeToLive)
        return record
      }
    }
    return ForwardedAnswer(
      code: code, isAuthentic: isAuthentic, answers: aged(answers), authorities: aged(authorities),
      additionals: aged(additionals))
  }
}
