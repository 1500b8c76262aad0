import XML

/// GetParameterNames (TR-069 annex A.3.2.3).
package struct GetParameterNames: Hashable, Sendable {
  /// Of a parameter, or of an object with its last dot; empty for the root.
  package var path: String
  /// Only what is directly below the path, without the path itself.
  package var nextLevel: Bool

  package init(path: String, nextLevel: Bool) {
    self.path = path
    self.nextLevel = nextLevel
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    path = element.word(of: "ParameterPath", &warnings)
    nextLevel = element.boolean(of: "NextLevel", default: false, &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("ParameterPath", text: path)
    writer.element("NextLevel", boolean: nextLevel)
  }
}

/// ParameterInfoStruct.
package struct ParameterInfo: Hashable, Sendable {
  /// Of an object where it ends in a dot.
  package var path: String
  /// Of an object: whether instances can be added.
  package var isWritable: Bool

  package init(path: String, isWritable: Bool) {
    self.path = path
    self.isWritable = isWritable
  }
}

package struct GetParameterNamesResponse: Hashable, Sendable {
  package var parameters: [ParameterInfo]

  package init(parameters: [ParameterInfo]) {
    self.parameters = parameters
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    parameters = []
    for entry in element.entries(of: "ParameterList", &warnings) {
      let path = entry.word(of: "Name", &warnings)
      let isWritable = entry.boolean(of: "Writable", default: false, &warnings)
      parameters.append(ParameterInfo(path: path, isWritable: isWritable))
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.array("ParameterList", of: "cwmp:ParameterInfoStruct", parameters) { writer, parameter in
      writer.element("ParameterInfoStruct") { writer in
        writer.element("Name", text: parameter.path)
        writer.element("Writable", boolean: parameter.isWritable)
      }
    }
  }
}
