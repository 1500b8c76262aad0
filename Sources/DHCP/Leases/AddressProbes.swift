package import Net

/// Which addresses have been asked whether anyone has them, before they are offered (RFC 2131 sections 2.2 and 4.3.1).
///
/// The next addresses of a pool are asked ahead, so that a lone client need not wait. A client whose address has not
/// been asked waits for the answer, and it alone. In a crowd that goes beyond what may be asked in a second, addresses
/// are offered unasked.
package struct AddressProbes: Sendable {
  /// An address to ask, and how.
  package struct Question: Hashable, Sendable {
    package let address: IPv4Address
    /// The server's address on the link of the one asked, by ARP; nil for an ICMP echo, across a relay.
    package let source: IPv4Address?
  }

  /// So long an answer is waited for, in milliseconds: on the link, and across a relay.
  static let linkWait: Int64 = 200
  static let relayWait: Int64 = 300
  /// So many questions a second, and at once.
  package static let maximumRate = 32
  /// So long it is taken for granted that nobody has an address that did not answer, in seconds.
  static let validity: Int64 = 30
  /// So many addresses of each pool are asked ahead.
  static let stock = 4
  /// Behind relays only for so long after a client was there, in seconds.
  static let activity: Int64 = 600
  /// Who answers for more addresses than this answers for others (proxy ARP, RFC 1027), and is not heeded.
  static let maximumAnswers = 8

  package enum Answer: Hashable, Sendable {
    /// Somebody has the address.
    case inUse
    /// Nobody had asked, or not any more.
    case unasked
    /// It comes from one that answers for all and sundry; told once.
    case fromProxy(isNews: Bool)
  }

  private enum State {
    case asked(until: Timestamp)
    case silent(since: Timestamp)
  }

  private var states: [IPv4Address: State] = [:]
  private var outgoing: [Question] = []
  /// When what was asked is to be looked at, in order.
  private var deadlines: [(at: Timestamp, address: IPv4Address)] = []
  private var answers: [MACAddress: Int] = [:]
  /// When a client was last there, by pool.
  private var uses: [Int: Timestamp] = [:]
  private var second: Int64 = 0
  private var askedThisSecond = 0

  init() {}

  // MARK: Asking

  enum Standing: Hashable {
    /// Nobody has it, as far as was asked.
    case free
    case waiting
    /// There was no room for one more question.
    case unknown
  }

  /// What is known of an address that is to be offered; where nothing is, it is asked.
  mutating func standing(of address: IPv4Address, from source: IPv4Address?, at now: Timestamp) -> Standing {
    switch states[address] {
    case .asked: return .waiting
    case .silent(let since) where now < since.advanced(bySeconds: Self.validity): return .free
    case .silent, nil: return ask(address, from: source, at: now) ? .waiting : .unknown
    }
  }

  package func isAsked(_ address: IPv4Address) -> Bool {
    if case .asked? = states[address] { true } else { false }
  }

  /// Asks an address that is to be offered some time, unless it has been lately.
  mutating func askAhead(_ address: IPv4Address, from source: IPv4Address?, at now: Timestamp) {
    switch states[address] {
    case .asked: return
    case .silent(let since) where now < since.advanced(bySeconds: Self.validity / 2): return
    // Half of the rate is left to those who wait.
    case .silent, nil:
      if askedThisSecond < Self.maximumRate / 2 || isNewSecond(now) { ask(address, from: source, at: now) }
    }
  }

  private func isNewSecond(_ now: Timestamp) -> Bool { now.secondsSince1970 != second }

  @discardableResult
  private mutating func ask(_ address: IPv4Address, from source: IPv4Address?, at now: Timestamp) -> Bool {
    if isNewSecond(now) {
      second = now.secondsSince1970
      askedThisSecond = 0
    }
    guard askedThisSecond < Self.maximumRate else { return false }
    askedThisSecond += 1
    let deadline = now.advanced(byMilliseconds: source == nil ? Self.relayWait : Self.linkWait)
    states[address] = .asked(until: deadline)
    deadlines.append((deadline, address))
    outgoing.append(Question(address: address, source: source))
    return true
  }

  mutating func noteUse(of pool: Int, at now: Timestamp) {
    uses[pool] = now
  }

  func isActive(_ pool: Int, at now: Timestamp) -> Bool {
    uses[pool].map { now < $0.advanced(bySeconds: Self.activity) } ?? false
  }

  /// An address was given away, or found in use: what was known of it is over.
  mutating func forget(_ address: IPv4Address) {
    states[address] = nil
  }

  // MARK: For the loop

  /// The questions to be sent now.
  package mutating func takeQuestions() -> [Question] {
    defer { outgoing.removeAll(keepingCapacity: true) }
    return outgoing
  }

  /// The moment when the first question is over.
  package var nextDeadline: Timestamp? { deadlines.first?.at }

  /// Somebody answers; `hardware` is known on the link only.
  package mutating func answered(_ address: IPv4Address, by hardware: MACAddress?) -> Answer {
    guard isAsked(address) else { return .unasked }
    guard let hardware else { return .inUse }
    // What answers for others is one of few machines; who makes up hardware addresses shall not fill the memory.
    if answers.count >= 1024 { answers.removeAll() }
    let count = answers[hardware, default: 0] + 1
    answers[hardware] = count
    return count > Self.maximumAnswers ? .fromProxy(isNews: count == Self.maximumAnswers + 1) : .inUse
  }

  /// Nobody has the address, or only the client that it is for.
  package mutating func isSilent(_ address: IPv4Address, at now: Timestamp) {
    states[address] = .silent(since: now)
  }

  /// The addresses whose time is over without an answer: free, as far as can be told.
  package mutating func settle(at now: Timestamp) -> [IPv4Address] {
    var settled: [IPv4Address] = []
    let due = deadlines.firstIndex { $0.at > now } ?? deadlines.count
    guard due > 0 else { return [] }
    for (moment, address) in deadlines[..<due] {
      // It may have been answered, and even asked again, in the meantime.
      guard case .asked(let until)? = states[address], until == moment else { continue }
      states[address] = .silent(since: now)
      settled.append(address)
    }
    deadlines.removeFirst(due)
    if states.count > 4 * Self.maximumRate * Int(Self.validity) { prune(at: now) }
    return settled
  }

  private mutating func prune(at now: Timestamp) {
    states = states.filter { _, state in
      switch state {
      case .asked: true
      case .silent(let since): now < since.advanced(bySeconds: Self.validity)
      }
    }
  }
}
