/// What came of one query, for counters and for the journey of who asked.
package struct Outcome: Sendable {
  package enum Verdict: Hashable, Sendable {
    /// Records of the type that was asked, or an alias.
    case answered
    /// The name exists, without records of the type (RFC 2308 section 2.2).
    case noData
    /// NXDOMAIN: neither the name nor anything below it exists.
    case nameError
    /// The name is delegated to another server.
    case referral
    case refused(Refusal)
    case notImplemented(Missing)
    /// FORMERR
    case formatError(Malformation)
    /// BADVERS: an EDNS version later than 0.
    case badVersion
    /// No response is sent.
    case dropped(Drop)
  }

  package enum Refusal: String, Hashable, Sendable {
    case outsideZones
    /// A class other than IN.
    case recordClass
    /// AXFR or IXFR.
    case transfer
  }

  package enum Missing: Hashable, Sendable {
    case opcode(Opcode)
    /// MAILA and MAILB, obsolete.
    case type(RecordType)
  }

  package enum Malformation: Hashable, Sendable {
    case message(MessageError)
    /// A type that no question may have: 0, OPT, TKEY and TSIG.
    case questionType(RecordType)
  }

  package enum Drop: String, Hashable, Sendable {
    /// Less than a header.
    case shortHeader
    /// QR is set: to answer an answer makes two servers talk forever.
    case response
  }

  package let verdict: Verdict
  /// The name that was asked, where it exists in our zones; so the ACS's name is recognized whatever the case and type.
  package let name: Name?
  /// The type that was asked; nil where the question could not be read.
  package let type: RecordType?
  /// Whether the response was cut (TC).
  package let isTruncated: Bool
  /// Whether the answer is the address of the appliance, so that the client knows where its ACS is.
  package let namesAppliance: Bool
  package let cookie: Cookies.Standing
  package let ruling: RateLimiter.Ruling

  init(
    _ verdict: Verdict, name: Name? = nil, type: RecordType? = nil, isTruncated: Bool = false,
    namesAppliance: Bool = false, cookie: Cookies.Standing = .none, ruling: RateLimiter.Ruling = .pass
  ) {
    self.verdict = verdict
    self.name = name
    self.type = type
    self.isTruncated = isTruncated
    self.namesAppliance = namesAppliance
    self.cookie = cookie
    self.ruling = ruling
  }

  /// The name of the counter that counts such outcomes.
  package var counter: String { verdict.counter }
}

extension Outcome.Verdict {
  /// The name of the counter that counts such outcomes.
  package var counter: String {
    switch self {
    case .answered: "dns.answered"
    case .noData: "dns.noData"
    case .nameError: "dns.nameError"
    case .referral: "dns.referral"
    case .refused(let reason): "dns.refused.\(reason.rawValue)"
    case .notImplemented(.opcode): "dns.notImplemented.opcode"
    case .notImplemented(.type): "dns.notImplemented.type"
    case .formatError(.message(let error)): "dns.formatError.\(error.reason)"
    case .formatError(.questionType): "dns.formatError.questionType"
    case .badVersion: "dns.badVersion"
    case .dropped(let reason): "dns.dropped.\(reason.rawValue)"
    }
  }
}

extension Outcome.Verdict: CustomStringConvertible {
  package var description: String {
    switch self {
    case .answered: "answered"
    case .noData: "the name has no records of the type"
    case .nameError: "there is no such name"
    case .referral: "the name is delegated to another server"
    case .refused(.outsideZones): "refused: the name is outside our zones"
    case .refused(.recordClass): "refused: the class is not IN"
    case .refused(.transfer): "refused: zone transfer"
    case .notImplemented(.opcode(let opcode)): "not implemented: opcode \(opcode.rawValue)"
    case .notImplemented(.type(let type)): "not implemented: type \(type)"
    case .formatError(.message(let error)): "malformed: \(error)"
    case .formatError(.questionType(let type)): "malformed: a question of type \(type)"
    case .badVersion: "EDNS of a later version than 0"
    case .dropped(.shortHeader): "dropped: shorter than a header"
    case .dropped(.response): "dropped: a response where a query belongs"
    }
  }
}
