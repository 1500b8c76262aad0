import Net
import Testing

@testable import DNS

/// A worker writes all its answers into one writer.
struct ResponderIsolationTests {
  private struct Query: CustomStringConvertible {
    let description: String
    let bytes: [UInt8]
    let transport: Responder.Transport

    /// What is decided and sent, in this writer.
    func answer(by zones: ZoneSet, into writer: inout ResponseWriter) -> String {
      var limiter = RateLimiter(rate: 0, slip: 0)
      let outcome = Lab.responder.answer(
        bytes.span.bytes, from: Responder.Asker(Lab.client, over: transport, at: Lab.noon), by: zones,
        limiter: &limiter, into: &writer)
      return "\(outcome) \(writer.bytes)"
    }
  }

  /// An answer that does not fit without EDNS, and one that does not with it.
  private static let large = (0..<40).map { number in
    Lab.record(
      number < 10 ? "some.lab.example" : "many.lab.example", .txt([[UInt8](repeating: 65, count: 60 + number)]))
  }

  private static func queries() -> [Query] {
    let cookie = EDNS.Option(code: EDNS.Option.cookie, bytes: [1, 2, 3, 4, 5, 6, 7, 8])
    let extensions: [EDNS?] = [nil, EDNS(), EDNS(payloadSize: 512, flags: EDNS.dnssecOK, options: [cookie])]
    let questions = [
      ("acs.lab.example", RecordType.a), ("ACS.lab.EXAMPLE", .aaaa), ("chain.lab.example", .a),
      ("loop1.lab.example", .a), ("nowhere.lab.example", .a), ("x.sub.lab.example", .a), ("lab.example", .soa),
      ("some.lab.example", .txt), ("many.lab.example", .txt), ("a.wild.lab.example", .txt), ("www.example.net", .a),
      ("1.2.0.192.in-addr.arpa", .ptr), ("router1.lab.example", .a), ("lab.example", .axfr),
    ]
    var queries: [Query] = []
    for (name, type) in questions {
      for (number, edns) in extensions.enumerated() {
        let message = Message(id: 7, questions: [Question(Lab.name(name), type)], edns: edns)
        for transport in [Responder.Transport.udp, .tcp] where transport == .udp || number == 0 {
          queries.append(
            Query(
              description: "\(name) \(type), \(number), \(transport)", bytes: message.encode(), transport: transport))
        }
      }
    }
    let whole = Message(id: 7, questions: [Question(Lab.acs, .a)], edns: EDNS()).encode()
    for count in [0, 11, 12, 20, whole.count - 3] {
      queries.append(Query(description: "cut to \(count)", bytes: Array(whole[..<count]), transport: .udp))
    }
    let others = [
      Message(id: 7, flags: .response), Message(id: 7, flags: Flags(rawValue: 0x2800)), Message(id: 7),
      Message(id: 7, questions: [Question(Lab.acs, .a)], edns: EDNS(version: 1)),
    ]
    for (number, message) in others.enumerated() {
      queries.append(Query(description: "odd \(number)", bytes: message.encode(), transport: .udp))
    }
    return queries
  }

  @Test func `a query is answered as by a fresh writer, whatever was answered before it`() throws {
    let zones = try Lab.zones(with: Self.large)
    let queries = Self.queries()
    let alone = queries.map { query in
      var writer = ResponseWriter()
      return query.answer(by: zones, into: &writer)
    }
    #expect(Set(alone).count > 40, "the queries are not told apart")
    var writer = ResponseWriter()
    var differences: [String] = []
    for first in queries {
      for (second, answer) in zip(queries, alone) {
        _ = first.answer(by: zones, into: &writer)
        if second.answer(by: zones, into: &writer) != answer { differences.append("\(second) after \(first)") }
      }
    }
    #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(5))")
  }
}
