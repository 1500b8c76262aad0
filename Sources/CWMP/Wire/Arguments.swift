import Net
import XML

/// Reads the arguments of a method by their local names, in any order. What is missing or illegal becomes a warning and
/// the default; `XMLElement.name` stands before the argument's in the warning.
extension XMLElement {
  /// The argument's text as it stands, or "".
  func text(of name: String, _ warnings: inout Warnings) -> String {
    guard let child = child(name) else {
      warnings.add(.missing("\(self.name).\(name)"))
      return ""
    }
    return child.text
  }

  /// The argument's text without white space around it, or "".
  func word(of name: String, _ warnings: inout Warnings) -> String {
    text(of: name, &warnings).trimmed
  }

  /// The argument's text as it stands, without what is beyond `limit` characters.
  func text(of name: String, limit: Int, _ warnings: inout Warnings) -> String {
    let text = text(of: name, &warnings)
    // Counting the characters of megabytes takes a while.
    guard text.utf8.count > limit, let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
      end < text.endIndex
    else { return text }
    warnings.add(.tooLong(element: "\(self.name).\(name)", limit: limit))
    return String(text[..<end])
  }

  /// An unsignedInt of XML Schema (32 bits).
  func number(of name: String, default standard: Int, _ warnings: inout Warnings) -> Int {
    guard let child = child(name) else {
      warnings.add(.missing("\(self.name).\(name)"))
      return standard
    }
    let text = child.text.trimmed
    guard let number = UInt32(text) else {
      warnings.add(.illegalValue(element: "\(self.name).\(name)", text: text.shortened))
      return standard
    }
    return Int(number)
  }

  /// An int of XML Schema (32 bits).
  func integer(of name: String, default standard: Int, _ warnings: inout Warnings) -> Int {
    guard let child = child(name) else {
      warnings.add(.missing("\(self.name).\(name)"))
      return standard
    }
    let text = child.text.trimmed
    guard let number = Int32(text) else {
      warnings.add(.illegalValue(element: "\(self.name).\(name)", text: text.shortened))
      return standard
    }
    return Int(number)
  }

  func boolean(of name: String, default standard: Bool, _ warnings: inout Warnings) -> Bool {
    guard let child = child(name) else {
      warnings.add(.missing("\(self.name).\(name)"))
      return standard
    }
    let text = child.text.trimmed
    switch text.lowercased() {
    case "1", "true": return true
    case "0", "false": return false
    default:
      warnings.add(.illegalValue(element: "\(self.name).\(name)", text: text.shortened))
      return standard
    }
  }

  /// Nil for the Unknown Time too.
  func moment(of name: String, _ warnings: inout Warnings) -> Timestamp? {
    guard let child = child(name) else {
      warnings.add(.missing("\(self.name).\(name)"))
      return nil
    }
    let text = child.text.trimmed
    switch DateTime.decode(text) {
    case .known(let moment): return moment
    case .unknown: return nil
    case .illegal:
      warnings.add(.illegalValue(element: "\(self.name).\(name)", text: text.shortened))
      return nil
    }
  }

  /// The entries of a SOAP array. Its arrayType is compared, never believed.
  func entries(of name: String, _ warnings: inout Warnings) -> [XMLElement] {
    guard let list = child(name) else {
      warnings.add(.missing("\(self.name).\(name)"))
      return []
    }
    let entries = Array(list.children)
    let stated = list.attribute("arrayType")
    if stated?.hasSuffix("[\(entries.count)]") != true {
      warnings.add(
        .wrongArrayType(element: "\(self.name).\(name)", stated: stated?.shortened, found: entries.count))
    }
    return entries
  }

  /// The entries of a SOAP array that has so many at most; the rest is left out.
  func entries(of name: String, limit: Int, _ warnings: inout Warnings) -> ArraySlice<XMLElement> {
    let entries = entries(of: name, &warnings)
    if entries.count > limit { warnings.add(.tooMany(element: "\(self.name).\(name)", limit: limit)) }
    return entries.prefix(limit)
  }
}

extension XMLWriter {
  /// A SOAP array of `entries`, each written by `write`. `type` is the qualified name of their type.
  mutating func array<Entry>(
    _ name: String, of type: String, _ entries: [Entry], write: (inout XMLWriter, Entry) -> Void
  ) {
    element(name, ["soap-enc:arrayType": "\(type)[\(entries.count)]"]) { writer in
      for entry in entries { write(&writer, entry) }
    }
  }

  mutating func element(_ name: String, boolean: Bool) {
    element(name, text: boolean ? "1" : "0")
  }

  mutating func element(_ name: String, number: Int) {
    element(name, text: String(number))
  }
}

extension String {
  /// Its first 64 characters: enough for a warning.
  var shortened: String {
    let start = unicodeScalars.prefix(65)
    return start.count > 64 ? String(String.UnicodeScalarView(start.prefix(64))) + "…" : self
  }
}
