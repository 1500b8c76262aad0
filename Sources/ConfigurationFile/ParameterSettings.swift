import Net

/// A parameter of the router's data model with its wanted value.
package struct ParameterSettings: Hashable, Sendable {
  /// The types of TR-106 section 3.2, as XML Schema calls them.
  package enum ValueType: String, CaseIterable, Sendable {
    case string, int, unsignedInt, long, unsignedLong, boolean, dateTime, base64, hexBinary
  }

  /// The full path, such as `InternetGatewayDevice.Time.NTPServer1`.
  package var path: String
  package var value: String
  package var type: ValueType

  package init(path: String, value: String, type: ValueType) {
    self.path = path
    self.value = value
    self.type = type
  }

  /// The type that a value without one has: from the way it is written, or nil where readers of YAML disagree on it.
  static func inferred(from text: String, isQuoted: Bool) -> ValueType? {
    guard !isQuoted else { return .string }
    if text == "true" || text == "false" { return .boolean }
    if let number = canonicalInteger(text) {
      if UInt32(exactly: number) != nil { return .unsignedInt }
      return Int32(exactly: number) != nil ? .int : nil
    }
    return isAmbiguous(text) ? nil : .string
  }

  /// Words and numbers that a reader of YAML 1.1 does not take for text: `no`, `1_000`, `0x10`, `010`, `12:30`, `1e3`.
  private static func isAmbiguous(_ text: String) -> Bool {
    if ["yes", "no", "on", "off", "y", "n", "true", "false"].contains(text.lowercased()) { return true }
    let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
    guard let first = digits.utf8.first, (0x30...0x39).contains(first) else { return false }
    if digits.hasPrefix("0x") || digits.hasPrefix("0o") || digits.hasPrefix("0b") { return true }
    let isDigits = digits.utf8.allSatisfy { (0x30...0x39).contains($0) || "_:eE+".utf8.contains($0) }
    return isDigits
  }

  /// Whether the value is a right one of its type.
  var isRight: Bool {
    switch type {
    case .string: true
    case .boolean: ["true", "false", "1", "0"].contains(value)
    case .int: canonicalInteger(value).map { Int32(exactly: $0) != nil } == true
    case .unsignedInt: canonicalInteger(value).map { UInt32(exactly: $0) != nil } == true
    case .long: canonicalInteger(value) != nil
    case .unsignedLong: UInt64(value).map(String.init) == value
    case .dateTime: isDateTime
    case .base64: isBase64
    case .hexBinary: Hexadecimal.decode(value) != nil
    }
  }

  /// `2026-01-31T12:00:00`, with a fraction and a zone or not (XML Schema part 2 section 3.2.7).
  private var isDateTime: Bool {
    let shape = Array("dddd-dd-ddTdd:dd:dd".utf8)
    let bytes = Array(value.utf8)
    guard bytes.count >= shape.count,
      zip(bytes, shape).allSatisfy({ $1 == UInt8(ascii: "d") ? (0x30...0x39).contains($0) : $0 == $1 })
    else { return false }
    var rest = bytes[shape.count...]
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      guard !fraction.isEmpty else { return false }
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard let sign = rest.first else { return true }
    if sign == UInt8(ascii: "Z") { return rest.count == 1 }
    let zone = Array("dd:dd".utf8)
    return (sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")) && rest.count == 6
      && zip(rest.dropFirst(), zone).allSatisfy { $1 == UInt8(ascii: "d") ? (0x30...0x39).contains($0) : $0 == $1 }
  }

  private var isBase64: Bool {
    let padding = value.utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    return value.utf8.count.isMultiple(of: 4) && padding <= 2
      && value.utf8.dropLast(padding).allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
          true
        default: false
        }
      }
  }

  static let pathExpectation = "a full parameter path, such as InternetGatewayDevice.Time.NTPServer1"

  /// A path of one of the two roots, or of `~.` for whichever of them the router has, that does not end in a dot, at most 256 characters (TR-069 section A.3.2.1).
  static func isPath(_ text: String) -> Bool {
    guard text.utf8.count <= 256, ["InternetGatewayDevice.", "Device.", "~."].contains(where: text.hasPrefix) else {
      return false
    }
    let path = text.hasPrefix("~.") ? text.dropFirst(2) : text[...]
    return path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty
        && part.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
          default: false
          }
        }
    }
  }
}

/// A value with its type, where the way it is written does not tell it.
private struct TypedValue: Section {
  var value = ""
  var type = ParameterSettings.ValueType.string
  var origin = Origin()

  static let schema: [Row<TypedValue>] = [
    Row("value", \.value, .text(0...65_535), required: true, "The value, where its type is given beside it."),
    Row(
      "type", \.type, .choice(), required: true,
      "The type of the value, where it is not the one of its spelling: true and false are boolean, numbers unsignedInt "
        + "or int, other text string."),
  ]
}

extension Form<[ParameterSettings]> {
  static var parameters: Form {
    var form = Form.mapping(
      "a mapping from parameter paths to values", name: ParameterSettings.pathExpectation,
      isName: ParameterSettings.isPath, atMost: 1000, make: parameter, output: output)
    form.entries = { path in Form<TypedValue>.section.entries("\(path).PATH") }
    return form
  }

  private static func parameter(
    path: String, branch: Branch, findings: inout Findings
  ) -> ParameterSettings? {
    switch branch.content {
    case .mapping:
      let before = findings.count
      guard let typed = Form<TypedValue>.section.read(branch, &findings), findings.count == before else { return nil }
      let parameter = ParameterSettings(path: path, value: typed.value, type: typed.type)
      guard parameter.isRight else {
        findings.add(
          typed.origin.problem(
            at: "value", "\(branch.path).value is \(quoted(typed.value))",
            expected: "a value of type \(typed.type.rawValue)"))
        return nil
      }
      return parameter
    case .scalar(let text, let isQuoted):
      guard let value = Form<String>.text(0...65_535).read(branch, &findings) else { return nil }
      guard let type = ParameterSettings.inferred(from: text, isQuoted: isQuoted) else {
        findings.add(
          branch.mismatch(
            expected: "quotes around a text, or {value: …, type: …}, because it may be read in several ways"))
        return nil
      }
      return ParameterSettings(path: path, value: value, type: type)
    case .nothing, .list, .refused:
      findings.add(branch.mismatch(expected: "a value, or {value: …, type: …}"))
      return nil
    }
  }

  private static func output(_ parameter: ParameterSettings) -> (key: String, value: Output) {
    let value: Output =
      if parameter.type == .string {
        .scalar(Output.doubleQuoted(parameter.value))
      } else if ParameterSettings.inferred(from: parameter.value, isQuoted: false) == parameter.type {
        .scalar(parameter.value)
      } else {
        .mapping([
          ("value", .scalar(Output.doubleQuoted(parameter.value))), ("type", .scalar(parameter.type.rawValue)),
        ])
      }
    return (parameter.path, value)
  }
}
