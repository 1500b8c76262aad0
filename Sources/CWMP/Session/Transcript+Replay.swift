extension Transcript {
  /// Where a replay went another way than the session did.
  package struct Difference: Hashable, Sendable, CustomStringConvertible {
    /// Of the entry, from 1.
    package let entry: Int
    package let text: String

    package var description: String { "message \(entry): \(text)" }
  }

  /// Plays the CPE's messages to the session machine, and what was asked of the CPE as if it were asked again, and holds
  /// what the machine says against what was said then. What the plan would ask today is not looked at.
  package func replay() -> [Difference] {
    var session = Session()
    var differences: [Difference] = []
    var index = 0
    while index < entries.count {
      defer { index += 1 }
      guard entries[index].direction == .fromCPE else { continue }
      guard index + 1 < entries.count, case .toCPE(let status) = entries[index + 1].direction else { continue }
      let (asked, answered) = (entries[index], entries[index + 1])
      if let text = Self.step(&session, asked, status, answered.body) {
        differences.append(Difference(entry: index + 2, text: text))
      }
    }
    return differences
  }

  /// Nil where all went as it did.
  private static func step(_ session: inout Session, _ asked: Entry, _ status: Int, _ answer: [UInt8]) -> String? {
    var warnings = Warnings()
    let event: Session.Event
    if asked.body.isEmpty {
      event = .empty
    } else {
      do throws(EnvelopeError) {
        event = .envelope(try CPEEnvelope(decoding: asked.body, charset: asked.charset, warnings: &warnings))
      } catch {
        return status == 400 ? nil : "refused now (\(error)), answered with \(status) then"
      }
    }
    let action = session.receive(event, warnings: &warnings)
    switch action {
    case .acknowledge(_, _, let reply), .transferComplete(_, let reply), .autonomousTransferComplete(_, let reply),
      .stateChangeComplete(_, let reply), .autonomousStateChangeComplete(_, let reply), .requestDownload(_, let reply),
      .kicked(_, let reply), .reply(let reply), .resend(let reply):
      return compare(reply, status, answer)
    case .refuse(_, let reply?): return compare(reply, status, answer)
    case .refuse(let refusal, nil): return status == 400 ? nil : "refused now (\(refusal)), \(status) then"
    case .probed, .over: return status == 204 ? nil : "204 now, \(status) then"
    case .ready, .answered: return ask(&session, status, answer)
    }
  }

  private static func compare(_ reply: ACSEnvelope, _ status: Int, _ answer: [UInt8]) -> String? {
    guard status == 200 else { return "answered now, \(status) then" }
    return reply.encoded() == answer ? nil : "another answer: \(String(decoding: reply.encoded(), as: UTF8.self))"
  }

  /// It is the ACS's turn: it asks what it asked then.
  private static func ask(_ session: inout Session, _ status: Int, _ answer: [UInt8]) -> String? {
    guard status == 200, !answer.isEmpty else {
      session.finish()
      return status == 204 ? nil : "our turn now, \(status) then"
    }
    var warnings = Warnings()
    do throws(EnvelopeError) {
      let envelope = try ACSEnvelope(decoding: answer, warnings: &warnings)
      guard case .request(let request) = envelope.body, let id = envelope.id else {
        return "our turn now, and no request was sent then"
      }
      let sent = session.send(request, id: id)
      return sent.encoded() == answer ? nil : "the same request, written in another way"
    } catch {
      return "what was sent then cannot be read now: \(error)"
    }
  }
}
