package import DNS
import Net

/// One record of a zone.
package struct DNSRecordSettings: Section {
  /// Relative to the zone, `@` for the zone itself, `*` or `*.a` for a wildcard.
  package var name = ""
  /// A mnemonic, or `TYPE` and a number.
  package var type = "A"
  /// As written; ``data`` is its meaning.
  package var value = ""
  /// Seconds; nil for that of the zone.
  package var ttl: Int?
  package var origin = Origin()

  package init() {}

  /// Nil only for a value that does not fit the type, which no file that was read has.
  package var data: RecordData? {
    guard let type = RecordType(type) else { return nil }
    // A text is one string unless it says otherwise; a string has 255 bytes at most (RFC 1035 section 3.3.14).
    if type == .txt, !value.hasPrefix("\""), !value.hasPrefix("\\# ") {
      let bytes = Array(value.utf8)
      return .txt(
        stride(from: 0, to: bytes.count, by: 255).map { Array(bytes[$0..<min($0 + 255, bytes.count)]) })
    }
    return try? RecordData(type: type, text: value)
  }

  static let schema: [Row<DNSRecordSettings>] = [
    Row(
      "name", \.name, .recordName, required: true,
      "The name, without the zone; `@` is the zone itself, `*` all names that are not there."),
    Row(
      "type", \.type, .recordType, required: true, "The type of the record: A, AAAA, CNAME, MX, TXT, SRV, TYPE65400."),
    Row(
      "value", \.value, .text(1...4096), required: true,
      "The data as in a master file, names in full: an address, a name, `10 mail.example`, text, or `\\# 3 010203`."),
    Row("ttl", \.ttl, .duration(0...604_800), absent: "`dns.ttl`", "How long resolvers may keep the answer."),
  ]

  func check(into findings: inout Findings) {
    guard origin.isRight("type"), origin.isRight("value"), data == nil, let type = RecordType(type) else { return }
    do throws(RecordTextError) {
      _ = try RecordData(type: type, text: value)
    } catch {
      findings.add(
        origin.problem(
          at: "value", "\(origin.path).value is \(quoted(value))",
          expected: "\(error.expected) for a record of type \(type)"))
    }
  }

  /// A name with a CNAME has no other record (RFC 1034 section 3.6.2), and no record stands twice.
  static func check(_ records: [DNSRecordSettings], into findings: inout Findings) {
    func isAlias(_ record: DNSRecordSettings) -> Bool { RecordType(record.type) == .cname }
    var earlier: [String: [DNSRecordSettings]] = [:]
    for record in records where ["name", "type", "value"].allSatisfy(record.origin.isRight) {
      let name = record.name.lowercased()
      let others = earlier[name, default: []]
      if let other = others.first(where: {
        RecordType($0.type) == RecordType(record.type) && $0.value == record.value
      }) {
        findings.add(
          record.origin.problem(
            at: "name", "\(record.origin.path) says the same as \(other.origin.path)", expected: "each record once"))
      } else if let other = others.first(where: { isAlias($0) || isAlias(record) }) {
        findings.add(
          record.origin.problem(
            at: "type",
            "\(record.origin.path) has type \(record.type), and \(other.origin.path) of the same name has "
              + "type \(other.type)",
            expected: "a CNAME record alone at its name"))
      } else if others.count < 100 {
        earlier[name] = others + [record]
      }
    }
  }
}

/// A zone beside that of the routers: a master file, or records.
package struct DNSZoneSettings: Section {
  package var name = ""
  /// Beside the configuration file.
  package var file: String?
  package var records: [DNSRecordSettings] = []
  package var origin = Origin()

  package init() {}

  static let schema: [Row<DNSZoneSettings>] = [
    Row("name", \.name, .domainName, required: true, "The zone, without a dot at its end."),
    Row(
      "file", \.file, .text(), absent: "the records below", "A master file (RFC 1035), with the zone's SOA and NS."),
    Row("records", \.records, .list(of: .section, "records", atMost: 10_000), "The records of a zone without a file."),
  ]

  func check(into findings: inout Findings) {
    DNSRecordSettings.check(records, into: &findings)
    guard file != nil, !records.isEmpty else { return }
    findings.add(
      origin.problem(at: "records", "\(origin.path) has a file and records", expected: "one of the two"))
  }
}

extension Form<String> {
  /// A type that a zone may have.
  static var recordType: Form {
    .text(
      "a type such as A, MX or TYPE65400",
      suggest: { Spelling.nearest(to: $0.uppercased(), among: RecordType.dataNames.filter { $0 != "SOA" }) },
      { text in
        guard let type = RecordType(text) else { return false }
        return type.isData && type != .dname && type != .soa
      })
  }

  /// A name of others, which may begin with `*.`.
  static var captiveName: Form {
    .text("a full name such as acs.example.com, or *.example.com") { text in
      let bare = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
      return isDomainName(bare) && IPv4Address(bare) == nil
    }
  }
}
