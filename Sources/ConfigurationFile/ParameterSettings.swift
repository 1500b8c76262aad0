package import CWMP

/// A parameter of the router's data model with its wanted value.
package struct ParameterSettings: Hashable, Sendable {
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
  var type = ValueType.string
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
      guard parameter.type.accepts(parameter.value) else {
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
