import Net

/// What was asked of an upstream server, by which its reply is known (RFC 5452 section 9).
struct UpstreamQuery: Sendable {
  let id: UInt16
  /// The name with letters in random case (which the reply must have too), the type and the class.
  let question: Question
  /// Whether the query has an OPT record.
  let usesEDNS: Bool

  /// A query that nobody can foresee. Nothing of the client's own message is in it but DO and CD.
  init(
    _ forwarded: ForwardedQuestion, mixingCase: Bool, usesEDNS: Bool = true,
    using generator: inout some RandomNumberGenerator
  ) {
    self.usesEDNS = usesEDNS
    id = UInt16(truncatingIfNeeded: generator.next() >> 16)
    let name = mixingCase ? forwarded.name.withRandomCase(using: &generator) : forwarded.name
    question = Question(name, forwarded.type)
  }

  func message(_ forwarded: ForwardedQuestion) -> [UInt8] {
    let flags: Flags = forwarded.checkingDisabled ? [.recursionDesired, .checkingDisabled] : .recursionDesired
    let edns = EDNS(
      payloadSize: UInt16(Responder.maximumPayload), flags: forwarded.dnssecOK ? EDNS.dnssecOK : 0)
    return Message(id: id, flags: flags, questions: [question], edns: usesEDNS ? edns : nil).encode()
  }
}

/// Why something that came from an upstream server is not the reply that is waited for.
package enum UpstreamReplyError: Error, Hashable, Sendable {
  case malformed(MessageError)
  /// QR is not set.
  case notResponse
  case wrongID
  /// Another question, or its letters in another case.
  case wrongQuestion
  /// It came from elsewhere than where was asked.
  case wrongSource

  /// The last part of a counter's name.
  package var reason: String {
    switch self {
    case .malformed: "malformed"
    case .notResponse: "notResponse"
    case .wrongID: "wrongID"
    case .wrongQuestion: "wrongQuestion"
    case .wrongSource: "wrongSource"
    }
  }
}

/// A reply that fits its query.
struct UpstreamReply: Sendable {
  let answer: ForwardedAnswer
  let isTruncated: Bool

  /// Whether it may be that the server does not know EDNS (RFC 6891 section 7).
  var refusesEDNS: Bool {
    [.formatError, .notImplemented, .badVersion].contains(answer.code)
  }

  init(decoding bytes: RawSpan, to query: UpstreamQuery) throws(UpstreamReplyError) {
    // A flood of forgeries shall cost little: the ID is looked at first.
    guard bytes.byteCount >= ResponseWriter.headerLength else {
      throw .malformed(.truncated(at: bytes.byteCount, needed: ResponseWriter.headerLength - bytes.byteCount))
    }
    guard UInt16(bytes.byte(at: 0)) << 8 | UInt16(bytes.byte(at: 1)) == query.id else { throw .wrongID }
    let flags = Flags(rawValue: UInt16(bytes.byte(at: 2)) << 8 | UInt16(bytes.byte(at: 3)))
    guard flags.contains(.response), flags.opcode == .query else { throw .notResponse }
    let message: Message
    do throws(MessageError) {
      message = try Message(decoding: bytes)
    } catch {
      // What is cut may end anywhere, and who does not understand a query may send back what is left of it.
      let isRefusal = [.formatError, .notImplemented].contains(flags.responseCode)
      guard flags.contains(.truncated) || isRefusal else { throw .malformed(error) }
      answer = ForwardedAnswer(code: flags.responseCode)
      isTruncated = flags.contains(.truncated) && !isRefusal
      return
    }
    // Some servers leave the question out where they refuse.
    let isBare = message.questions.isEmpty && flags.responseCode != .noError && flags.responseCode != .nameError
    guard isBare || message.questions == [query.question] && message.questions[0].name.wire == query.question.name.wire
    else { throw .wrongQuestion }
    answer = ForwardedAnswer(
      code: message.responseCode, isAuthentic: flags.contains(.authenticData), answers: message.answers,
      authorities: message.authorities, additionals: message.additionals)
    isTruncated = flags.contains(.truncated)
  }
}

extension Name {
  /// The same name with each letter in either case by chance ("0x20").
  func withRandomCase(using generator: inout some RandomNumberGenerator) -> Name {
    var bytes = wire
    var bits: UInt64 = 0
    for index in bytes.indices {
      if index % 64 == 0 { bits = generator.next() }
      let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased(bytes[index]))
      if isLetter { bytes[index] = bits & 1 == 0 ? bytes[index] & ~0x20 : bytes[index] | 0x20 }
      bits >>= 1
    }
    return Name(checked: bytes.span.bytes)
  }
}
