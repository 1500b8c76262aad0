import XML

extension ParameterValue {
  /// A ParameterValueStruct. A value whose type is missing or unknown is a string.
  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    let path = element.word(of: "Name", &warnings)
    guard let child = element.child("Value") else {
      warnings.add(.missing("\(element.name).Value"))
      self.init(path: path, value: "")
      return
    }
    let stated = child.attribute("type")?.trimmed
    let type = stated.flatMap(ValueType.init(qualifiedName:))
    if type == nil { warnings.add(.unknownType(path: path.shortened, type: stated?.shortened)) }
    self.init(path: path, value: child.text, type: type ?? .string)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("ParameterValueStruct") { writer in
      writer.element("Name", text: path)
      writer.element("Value", ["xsi:type": type.qualifiedName], text: value)
    }
  }
}

extension ValueType {
  /// From the value of an `xsi:type`, whatever its prefix.
  init?(qualifiedName: String) {
    func isNamed(_ name: String) -> Bool {
      let (text, name) = (qualifiedName.utf8.span, name.utf8.span)
      let start = text.count - name.count
      guard start == 0 || start > 0 && text[start - 1] == UInt8(ascii: ":") else { return false }
      return name.indices.allSatisfy { text[start + $0] == name[$0] }
    }
    if let type = Self.allCases.first(where: { isNamed($0.rawValue) }) {
      self = type
    } else if isNamed("base64Binary") {
      self = .base64
    } else {
      return nil
    }
  }

  /// `base64` is SOAP's type, not XML Schema's (TR-106 section 3.2).
  var qualifiedName: String {
    switch self {
    case .base64: "soap-enc:base64"
    case .string, .int, .unsignedInt, .long, .unsignedLong, .boolean, .dateTime, .hexBinary: "xsd:\(rawValue)"
    }
  }
}
