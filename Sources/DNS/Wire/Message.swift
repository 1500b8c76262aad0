package import Net

/// A whole message (RFC 1035 section 4.1), as a client makes and reads it. The server's way is ``Responder``, which
/// reads a query where it lies.
package struct Message: Hashable, Sendable {
  package var id: UInt16
  package var flags: Flags
  package var questions: [Question]
  package var answers: [ResourceRecord]
  package var authorities: [ResourceRecord]
  /// Without the OPT record, which is ``edns``.
  package var additionals: [ResourceRecord]
  package var edns: EDNS?

  package init(
    id: UInt16, flags: Flags = [], questions: [Question] = [], answers: [ResourceRecord] = [],
    authorities: [ResourceRecord] = [], additionals: [ResourceRecord] = [], edns: EDNS? = nil
  ) {
    self.id = id
    self.flags = flags
    self.questions = questions
    self.answers = answers
    self.authorities = authorities
    self.additionals = additionals
    self.edns = edns
  }

  /// A query with one question.
  package static func query(
    id: UInt16, _ question: Question, recursionDesired: Bool = true, edns: EDNS? = EDNS()
  ) -> Message {
    Message(id: id, flags: recursionDesired ? .recursionDesired : [], questions: [question], edns: edns)
  }

  /// All 12 bits where the message has an OPT record (RFC 6891 section 6.1.3).
  package var responseCode: ResponseCode {
    ResponseCode(rawValue: UInt16(edns?.extendedResponseCode ?? 0) << 4 | flags.responseCode.rawValue)
  }

  /// The addresses that the answer gives for `name`, by way of its CNAME records, 8 at most.
  package func addresses(of name: Name) -> [IPv4Address] {
    var name = name
    for _ in 0...8 {
      let records = answers.filter { $0.name == name }
      let addresses = records.compactMap { if case .a(let address) = $0.data { address } else { nil } }
      guard addresses.isEmpty else { return addresses }
      guard let target = records.lazy.compactMap({ if case .cname(let target) = $0.data { target } else { nil } }).first
      else { return [] }
      name = target
    }
    return []
  }
}

extension Message {
  /// Reads a whole message; bytes after its end are refused.
  package init(decoding bytes: RawSpan) throws(MessageError) {
    var reader = MessageReader(bytes)
    id = try reader.readUInt16()
    flags = Flags(rawValue: try reader.readUInt16())
    let questionCount = try reader.readUInt16()
    let answerCount = try reader.readUInt16()
    let authorityCount = try reader.readUInt16()
    let additionalCount = try reader.readUInt16()
    questions = []
    for _ in 0..<questionCount { questions.append(try Question(decoding: &reader)) }
    edns = nil
    answers = try Self.records(answerCount, from: &reader)
    authorities = try Self.records(authorityCount, from: &reader)
    additionals = []
    for _ in 0..<additionalCount {
      let start = reader.offset
      let record = try ResourceRecord(decoding: &reader)
      guard record.type == .opt else {
        additionals.append(record)
        continue
      }
      guard edns == nil else { throw .secondOPT(at: start) }
      try reader.seek(to: start)
      edns = try EDNS(decoding: &reader)
    }
    guard reader.isAtEnd else { throw .trailingBytes(at: reader.offset) }
  }

  private static func records(_ count: UInt16, from reader: inout MessageReader) throws(MessageError)
    -> [ResourceRecord]
  {
    var records: [ResourceRecord] = []
    for _ in 0..<count {
      let start = reader.offset
      let record = try ResourceRecord(decoding: &reader)
      guard record.type != .opt else { throw .misplacedOPT(at: start) }
      records.append(record)
    }
    return records
  }

  /// The bytes of the message, without compression. There may be 65,535 records in a section at most.
  package func encode() -> [UInt8] {
    var writer = ByteWriter(reserving: 64)
    writer.write(id)
    writer.write(flags.rawValue)
    writer.write(UInt16(truncatingIfNeeded: questions.count))
    writer.write(UInt16(truncatingIfNeeded: answers.count))
    writer.write(UInt16(truncatingIfNeeded: authorities.count))
    writer.write(UInt16(truncatingIfNeeded: additionals.count + (edns == nil ? 0 : 1)))
    for question in questions { question.encode(into: &writer) }
    for record in answers + authorities + additionals { record.encode(into: &writer) }
    edns?.encode(into: &writer)
    return writer.bytes
  }
}
