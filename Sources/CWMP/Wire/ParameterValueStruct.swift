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
    let colon = qualifiedName.utf8.lastIndex(of: UInt8(ascii: ":"))
    let name = colon.map { String(qualifiedName[qualifiedName.utf8.index(after: $0)...]) } ?? qualifiedName
    switch name {
    case "base64Binary": self = .base64
    default: self.init(rawValue: name)
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
