import Net

/// A client's question, as far as the reply needs it.
struct ForwarderClient: Sendable {
  let address: IPv4Address
  let transport: Responder.Transport
  let id: UInt16
  let flags: Flags
  /// As it came: name, type and class.
  let questionBytes: [UInt8]
  /// The client's limit; nil where it sent no OPT record.
  let payloadSize: UInt16?
  let forwarded: ForwardedQuestion

  /// Nil for what a responder would not have handed over.
  init?(_ message: RawSpan, from asker: Responder.Asker) {
    guard message.byteCount >= ResponseWriter.headerLength, let query = try? Query(decoding: message) else {
      return nil
    }
    address = asker.client
    transport = asker.transport
    id = UInt16(message.byte(at: 0)) << 8 | UInt16(message.byte(at: 1))
    flags = Flags(rawValue: UInt16(message.byte(at: 2)) << 8 | UInt16(message.byte(at: 3)))
    questionBytes = (ResponseWriter.headerLength..<query.questionEnd).map { message.byte(at: $0) }
    payloadSize = query.edns?.payloadSize
    forwarded = ForwardedQuestion(
      Name(checked: message.extracting(ResponseWriter.headerLength..<query.nameEnd)), query.type,
      dnssecOK: query.edns?.dnssecOK ?? false, checkingDisabled: flags.contains(.checkingDisabled))
  }

  /// The reply, cut to what the client takes. `explanation` is an extended error (RFC 8914), told where there is OPT.
  func reply(_ answer: ForwardedAnswer, explanation: UInt16? = nil) -> [UInt8] {
    var writer = ResponseWriter()
    let limit =
      switch transport {
      case .tcp: Int(UInt16.max)
      case .udp:
        payloadSize.map { min(max(Int($0), Responder.plainPayload), Responder.maximumPayload) }
          ?? Responder.plainPayload
      }
    writer.begin(id: id, limit: limit, reservingOPT: payloadSize != nil, extendedError: explanation != nil)
    writer.write(question: questionBytes.span.bytes)
    func write(_ records: [ResourceRecord], _ section: ResponseWriter.Section) {
      for record in records where record.recordClass == .internet {
        writer.write(RRset(timeToLive: record.timeToLive, record.data), of: record.name, in: section)
      }
    }
    write(answer.answers, .answer)
    write(answer.authorities, .authority)
    // What does not fit of these is no loss (RFC 2181 section 9).
    let isCut = writer.isTruncated
    if !isCut { write(answer.additionals, .additional) }
    var bits = flags.intersection([.recursionDesired, .checkingDisabled]).union([.response, .recursionAvailable])
    if isCut { bits.insert(.truncated) }
    if answer.isAuthentic, forwarded.dnssecOK || flags.contains(.authenticData) { bits.insert(.authenticData) }
    writer.setFlags(Flags(bits, responseCode: answer.code))
    if payloadSize != nil {
      writer.writeOPT(
        payloadSize: UInt16(Responder.maximumPayload),
        extendedResponseCode: UInt8(truncatingIfNeeded: answer.code.rawValue >> 4), dnssecOK: forwarded.dnssecOK)
      if let explanation { writer.writeExtendedError(explanation) }
    }
    return writer.bytes
  }
}
