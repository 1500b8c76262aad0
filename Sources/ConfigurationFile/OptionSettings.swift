import DHCP
package import Net

/// A DHCP option that is sent as it is (RFC 2132): by its name with a value of its type, or by its number.
package struct OptionSettings: Section {
  /// One of ``DHCP/OptionDefinition``. Either it is given, with values, or the number.
  package var name: String?
  package var values: [String]?
  package var number: Int?
  /// Exactly one of the three is given with the number.
  package var hex: [UInt8]?
  package var addresses: [IPv4Address]?
  package var text: String?
  /// Whether it goes out also to clients that do not ask for it.
  package var isForced = false
  package var origin = Origin()

  package init() {}

  /// Zero only without either, which no file that was read has.
  package var code: Int { number ?? definition.map { Int($0.code.rawValue) } ?? 0 }

  /// Whether it is an option that other settings give their value, of which only ``isForced`` is said.
  package var isOfOthers: Bool { isForced && hex == nil && addresses == nil && text == nil && values == nil }

  /// What goes over the wire.
  package var bytes: [UInt8] {
    if let definition, let values { return (try? definition.encode(values)) ?? [] }
    return hex ?? addresses.map { $0.flatMap(\.octets) } ?? text.map { Array($0.utf8) } ?? []
  }

  private var definition: OptionDefinition? { name.flatMap(OptionDefinition.named) }

  /// The options that the server makes of other settings, and that can be forced without a value.
  private static let made: Set<Int> = [3, 6, 12, 15, 42, 43, 66, 67, 125, 150]

  /// The options that the server makes itself, each with what does that.
  private static let reserved: [Int: String] = [
    1: "subnet", 3: "routers", 6: "dns-servers", 15: "domain", 50: "the protocol", 51: "lease-time",
    52: "the protocol", 53: "the protocol", 54: "the protocol", 55: "the protocol", 57: "the protocol",
    58: "lease-time", 59: "lease-time", 61: "the protocol", 67: "boot-file", 82: "the relay",
  ]

  static let schema: [Row<OptionSettings>] = [
    Row("name", \.name, .optionName, absent: "code is given", "The name of the option."),
    Row(
      "value", \.values, .oneOrMore(of: .text(1...255), "values", atMost: 63), absent: "code is given",
      "The value of a named option, in its type."),
    Row("code", \.number, .integer(1...254), absent: "name is given", "The number of the option."),
    Row("hex", \.hex, .hexadecimal(0...255), absent: "another form is given", "The value in hexadecimal digits."),
    Row(
      "addresses", \.addresses, .list(of: .ipv4, "addresses", atMost: 63), absent: "another form is given",
      "The value as IPv4 addresses."),
    Row("text", \.text, .text(1...255), absent: "another form is given", "The value as text."),
    Row(
      "force", \.isForced, .flag,
      "Whether it is sent also to routers that do not ask for it in option 55. Options that other settings make (3, 6, 12, "
        + "15, 42, 43, 66, 67, 125, 150) are forced by their number alone, without a value."),
  ]

  func check(into findings: inout Findings) {
    if isOfOthers, origin.isRight("code"), let number, Self.made.contains(number) { return }
    if origin.isRight("code"), let number, let owner = Self.reserved[number] {
      findings.add(
        origin.problem(
          at: "code", "\(origin.path).code is \(number), an option that \(owner) decides", expected: "another option"))
    }
    let numbered = ["hex", "addresses", "text"].filter(origin.isGiven)
    switch (origin.isGiven("name"), origin.isGiven("code")) {
    case (false, true):
      checkForms(numbered + ["value"].filter(origin.isGiven), of: ["hex", "addresses", "text"], &findings)
    case (true, false):
      checkForms(numbered + ["value"].filter(origin.isGiven), of: ["value"], &findings)
      checkValues(&findings)
    case (let both, _):
      guard let position = origin.position else { return }
      findings.add(
        Problem(
          position: position, path: origin.path,
          message: "\(origin.path) has \(both ? "both name and code" : "neither name nor code")",
          expected: "one of the two"))
    }
  }

  private func checkForms(_ given: [String], of right: [String], _ findings: inout Findings) {
    guard given.count != 1 || !right.contains(given[0]), let position = origin.position else { return }
    findings.add(
      Problem(
        position: position, path: origin.path,
        message: "\(origin.path) has \(given.isEmpty ? "no value" : given.joined(separator: " and "))",
        expected: right.count == 1 ? right[0] : "one of \(right.joined(separator: ", "))"))
  }

  private func checkValues(_ findings: inout Findings) {
    guard let definition, let values, origin.isRight("value") else { return }
    do throws(OptionDefinition.ValueError) {
      _ = try definition.encode(values)
    } catch {
      let element = error.index.map { "value[\($0)]" }
      let place = element.flatMap { origin.isGiven($0) ? $0 : nil } ?? "value"
      let text = error.index.map { quoted(values[$0]) } ?? "\(values.count) values"
      findings.add(origin.problem(at: place, "\(origin.path).\(place) is \(text)", expected: error.expected))
    }
  }
}

extension Form<String> {
  fileprivate static var optionName: Form {
    let names = OptionDefinition.all.map(\.name)
    return .text(
      "one of \(names.joined(separator: ", "))", suggest: { Spelling.nearest(to: $0, among: names) }, names.contains)
  }
}
