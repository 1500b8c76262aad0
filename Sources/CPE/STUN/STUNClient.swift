package import CWMP
package import Net

/// Keeps a binding in the NAT between the router and its ACS, and finds out what it is (TR-069 annex G.2.1.1, RFC 3489
/// section 9). Pure: told the time and what arrives, it says what to send.
///
/// How long the NAT keeps a binding is not found out (annex G.2.1.2): the longest period that the ACS allows is used,
/// and the shortest where it sets no longest.
package struct STUNClient: Sendable {
  package struct Settings: Hashable, Sendable {
    package var server: STUNAddress
    /// Where connection requests are received: the port that the binding is for.
    package var local: STUNAddress
    /// STUNUsername; where it is empty, no request is protected (TR-098).
    package var username: String
    package var password: String
    /// Milliseconds between requests that keep the binding.
    package var period: Int64

    package init(server: STUNAddress, local: STUNAddress, username: String, password: String, period: Int64) {
      self.server = server
      self.local = local
      self.username = username
      self.password = password
      self.period = period
    }
  }

  /// How the server sees the router.
  package struct Binding: Hashable, Sendable {
    package let place: STUNAddress
    /// Whether that is another address or port than the router's own.
    package let isNATDetected: Bool

    package init(place: STUNAddress, isNATDetected: Bool) {
      self.place = place
      self.isNATDetected = isNATDetected
    }
  }

  package enum Action: Hashable, Sendable {
    /// To the server, from the port of ``Settings/local``.
    case send([UInt8])
    /// The binding is another than before, or the first.
    case learned(Binding)
    case report(Report)
  }

  package enum Report: Hashable, Sendable {
    case noAnswer(server: STUNAddress)
    case refused(code: Int, reason: String)
  }

  /// A request that waits for its answer.
  private struct Exchange {
    let transaction: [UInt8]
    let datagram: [UInt8]
    let isChange: Bool
    let isProtected: Bool
    /// How often it has been sent.
    var sent = 1
    /// When it is sent again, or given up.
    var next: Timestamp
  }

  /// Milliseconds after each sending of a request (RFC 3489 section 9.3).
  private static let waits: [Int64] = [100, 200, 400, 800, 1600, 1600, 1600, 1600, 1600]
  /// Milliseconds before a change is told that came in answer to telling one: some NATs change with every datagram.
  private static let changePause: Int64 = 1000

  package private(set) var binding: Binding?
  private let settings: Settings
  private let hmac: HMACSHA1
  private var exchange: Exchange?
  /// When the next exchange begins.
  private var next: Timestamp
  /// Whether the server has still to be told of a change.
  private var isChangeUntold = false
  /// Whether the server has asked for a proof of who the router is.
  private var isChallenged = false

  package init(_ settings: Settings, now: Timestamp, hmac: @escaping HMACSHA1) {
    self.settings = settings
    self.hmac = hmac
    next = now
  }

  /// When ``tick(now:random:)`` has something to do.
  package var deadline: Timestamp { exchange?.next ?? next }

  /// Begins an exchange that is due, repeats or gives up one that is not answered. `random` gives that many random
  /// bytes.
  package mutating func tick(now: Timestamp, random: (Int) -> [UInt8]) -> [Action] {
    guard deadline <= now else { return [] }
    guard var pending = exchange else { return [begin(isChange: isChangeUntold, now: now, random)] }
    guard pending.sent < Self.waits.count else {
      exchange = nil
      next = now.advanced(byMilliseconds: settings.period)
      return [.report(.noAnswer(server: settings.server))]
    }
    pending.next = now.advanced(byMilliseconds: Self.waits[pending.sent])
    pending.sent += 1
    exchange = pending
    return [.send(pending.datagram)]
  }

  /// Takes a datagram; what is not the server's answer to the request that waits has no effect.
  package mutating func receive(
    _ datagram: [UInt8], from source: STUNAddress, now: Timestamp, random: (Int) -> [UInt8]
  ) -> [Action] {
    guard let pending = exchange, source == settings.server,
      let message = try? STUNMessage(decoding: datagram.span.bytes), message.transaction == pending.transaction
    else { return [] }
    switch message.kind {
    case .bindingRequest: return []
    case .bindingErrorResponse:
      let error = message.error ?? (code: 600, reason: "")
      if error.code == 401, !pending.isProtected, !settings.username.isEmpty {
        isChallenged = true
        return [begin(isChange: pending.isChange, now: now, random)]
      }
      // The next request is a plain one again: it keeps the binding at least.
      exchange = nil
      isChallenged = false
      isChangeUntold = false
      next = now.advanced(byMilliseconds: settings.period)
      return [.report(.refused(code: error.code, reason: error.reason))]
    case .bindingResponse:
      guard let place = message.mappedAddress else { return [] }
      // Who cannot prove that he is the server could lead connection requests astray (RFC 3489 section 9.4).
      if pending.isProtected,
        STUNIntegrity.of(datagram, password: Array(settings.password.utf8), hmac: hmac) == nil
      {
        return []
      }
      return take(Binding(place: place, isNATDetected: place != settings.local), after: pending, now: now, random)
    }
  }

  private mutating func take(
    _ found: Binding, after answered: Exchange, now: Timestamp, _ random: (Int) -> [UInt8]
  ) -> [Action] {
    exchange = nil
    if answered.isChange { isChangeUntold = false }
    next = now.advanced(byMilliseconds: settings.period)
    guard found != binding else { return [] }
    binding = found
    isChangeUntold = true
    if answered.isChange {
      next = now.advanced(byMilliseconds: Self.changePause)
      return [.learned(found)]
    }
    return [.learned(found), begin(isChange: true, now: now, random)]
  }

  private mutating func begin(isChange: Bool, now: Timestamp, _ random: (Int) -> [UInt8]) -> Action {
    var message = STUNMessage(.bindingRequest, transaction: random(16), attributes: [.connectionRequestBinding])
    if isChange { message.attributes.append(.bindingChange) }
    let isProtected = isChallenged
    let datagram: [UInt8]
    if isProtected {
      message.attributes.append(.username(Array(settings.username.utf8)))
      datagram = STUNIntegrity.filled.protected(message, password: Array(settings.password.utf8), hmac: hmac)
    } else {
      datagram = message.encoded()
    }
    exchange = Exchange(
      transaction: message.transaction, datagram: datagram, isChange: isChange, isProtected: isProtected,
      next: now.advanced(byMilliseconds: Self.waits[0]))
    return .send(datagram)
  }
}

extension STUNClient.Report: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noAnswer(let server): "no answer of the STUN server \(server)"
    case .refused(let code, let reason):
      "the STUN server refused with \(code) \(String(reason.prefix(64)).debugDescription)"
    }
  }
}
