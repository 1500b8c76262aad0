package import Net

/// Answers queries from a set of zones, and from nothing else: an authoritative server (RFC 1034 section 4.3).
package struct Responder: Sendable {
  package enum Transport: Sendable {
    case udp
    case tcp
  }

  /// Who asks, how, and when.
  package struct Asker: Sendable {
    package let client: IPv4Address
    package let transport: Transport
    package let now: Timestamp

    package init(_ client: IPv4Address, over transport: Transport, at now: Timestamp) {
      self.client = client
      self.transport = transport
      self.now = now
    }

    /// As cookies have it.
    var seconds: UInt32 { UInt32(truncatingIfNeeded: now.rawValue / 1000) }
  }

  /// The largest response over UDP, in bytes, which passes every usual link in one piece; a smaller limit of the
  /// client's holds.
  package static let maximumPayload = 1232
  /// The largest response over UDP to a client without EDNS (RFC 1035 section 4.2.1).
  package static let plainPayload = 512
  /// How many aliases of ours one answer follows.
  package static let maximumAliases = 8

  private let cookies: Cookies

  package init(cookies: Cookies) {
    self.cookies = cookies
  }

  /// Decides on one message as it came (over TCP: without its length) by what the zones have, and leaves the response,
  /// if there is to be one, in `writer`: where nothing is to be sent, its bytes are empty.
  package func answer(
    _ message: RawSpan, from asker: Asker, by zones: ZoneSet, limiter: inout RateLimiter,
    into writer: inout ResponseWriter
  ) -> Outcome {
    writer.clear()
    guard message.byteCount >= ResponseWriter.headerLength else { return Outcome(.dropped(.shortHeader)) }
    let id = UInt16(message.byte(at: 0)) << 8 | UInt16(message.byte(at: 1))
    let flags = Flags(rawValue: UInt16(message.byte(at: 2)) << 8 | UInt16(message.byte(at: 3)))
    guard !flags.contains(.response) else { return Outcome(.dropped(.response)) }
    guard flags.opcode == .query else {
      // Nothing is known of the message but its header (RFC 8906 section 8.1.4).
      writer.begin(id: id, limit: Self.plainPayload, reservingOPT: false)
      writer.setFlags(Flags(.response, opcode: flags.opcode, responseCode: .notImplemented))
      return Outcome(.notImplemented(.opcode(flags.opcode)))
    }
    // RD and CD are copied (RFC 1035 section 4.1.1; RFC 4035 section 3.2.2); of the rest, nothing is heeded.
    let copied = flags.intersection([.recursionDesired, .checkingDisabled]).union(.response)
    let query: Query
    do throws(MessageError) {
      query = try Query(decoding: message)
    } catch {
      writer.begin(id: id, limit: Self.plainPayload, reservingOPT: false)
      writer.setFlags(Flags(copied, responseCode: .formatError))
      return Outcome(.formatError(.message(error)))
    }

    let nameBytes = message.extracting(ResponseWriter.headerLength..<query.nameEnd)
    writer.begin(
      id: id, limit: Self.limit(for: query, over: asker.transport), reservingOPT: query.edns != nil,
      cookie: query.edns?.cookie != nil)
    writer.write(question: message.extracting(ResponseWriter.headerLength..<query.questionEnd))
    var search = Search(zones: zones, question: nameBytes, type: query.type, client: asker.client)
    let verdict = Self.objection(to: query) ?? search.run(into: &writer)
    var bits = copied
    if search.isAuthoritative { bits.insert(.authoritative) }
    if writer.isTruncated { bits.insert(.truncated) }
    writer.setFlags(Flags(bits, responseCode: verdict.responseCode))
    let standing = writeExtension(of: query, in: message, verdict.responseCode, to: asker, into: &writer)
    var ruling = RateLimiter.Ruling.pass
    // Who has proven where it is, or comes over TCP, is no victim of others.
    if asker.transport == .udp, standing != .proven {
      ruling = limiter.rule(on: verdict, question: nameBytes, client: asker.client, now: asker.now.rawValue)
      switch ruling {
      case .pass: break
      case .cut: writer.cut()
      case .drop: writer.clear()
      }
    }
    return Outcome(
      verdict, name: search.existingName, type: query.type, isTruncated: writer.isTruncated,
      namesAppliance: search.namesAppliance, cookie: standing, ruling: ruling)
  }

  /// Writes OPT where the query has it, with a new cookie where it has one; what its cookie says of the client.
  private func writeExtension(
    of query: Query, in message: RawSpan, _ code: ResponseCode, to asker: Asker, into writer: inout ResponseWriter
  ) -> Cookies.Standing {
    guard let edns = query.edns else { return .none }
    writer.writeOPT(
      payloadSize: UInt16(Self.maximumPayload), extendedResponseCode: UInt8(truncatingIfNeeded: code.rawValue >> 4),
      dnssecOK: edns.dnssecOK)
    guard let place = edns.cookie else { return .none }
    let cookie = message.extracting(place)
    let clientCookie = cookie.word(at: 0)
    writer.writeCookie(
      clientCookie, moment: asker.seconds,
      hash: cookies.hash(clientCookie, moment: asker.seconds, client: asker.client))
    return cookies.standing(of: cookie, client: asker.client, now: asker.seconds)
  }

  /// The name that a query asks for, as it asks; nil where it cannot be read.
  package static func questionName(of message: RawSpan) -> Name? {
    guard message.byteCount > ResponseWriter.headerLength, let query = try? Query(decoding: message) else { return nil }
    return Name(checked: message.extracting(ResponseWriter.headerLength..<query.nameEnd))
  }

  /// A number for the name that a query asks for, the same for all spellings, by which it is known again without keeping
  /// it (FNV-1a). Whoever makes two names fall together gains nothing that is worth it.
  package static func questionHash(of message: RawSpan) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var offset = ResponseWriter.headerLength
    while offset < message.byteCount, offset < ResponseWriter.headerLength + Name.maximumLength {
      let length = Int(message.byte(at: offset))
      guard length > 0 else { break }
      for place in offset..<min(offset + 1 + length, message.byteCount) {
        hash = (hash ^ UInt64(message.byte(at: place) | 0x20)) &* 0x0000_0100_0000_01B3
      }
      offset += 1 + length
    }
    return hash
  }

  /// The bytes that the response may have.
  private static func limit(for query: Query, over transport: Transport) -> Int {
    switch transport {
    case .tcp: Int(UInt16.max)
    case .udp: query.edns.map { min(max(Int($0.payloadSize), plainPayload), maximumPayload) } ?? plainPayload
    }
  }

  /// What keeps us from looking for an answer.
  private static func objection(to query: Query) -> Outcome.Verdict? {
    if let edns = query.edns, edns.version > 0 { return .badVersion }
    switch query.type {
    case .axfr, .ixfr: return .refused(.transfer)
    case .maila, .mailb: return .notImplemented(.type(query.type))
    case .opt, .tkey, .tsig, RecordType(rawValue: 0): return .formatError(.questionType(query.type))
    default: return query.recordClass == .internet ? nil : .refused(.recordClass)
    }
  }
}

extension Outcome.Verdict {
  /// What the response says of it; of one that is not sent, nothing.
  fileprivate var responseCode: ResponseCode {
    switch self {
    case .answered, .noData, .referral, .dropped: .noError
    case .nameError: .nameError
    case .refused: .refused
    case .notImplemented: .notImplemented
    case .formatError: .formatError
    case .badVersion: .badVersion
    }
  }
}
