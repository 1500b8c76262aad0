import XML

/// RequestDownload (TR-069 annex A.4.2.2): the CPE wishes for a file. Its response has no arguments; the ACS may call
/// Download then, or not.
package struct RequestDownload: Hashable, Sendable {
  package var fileType: Download.FileType
  /// What else the file type needs, such as the name of a tone file.
  package var arguments: [Argument]

  package static let argumentLimit = 16

  /// ArgStruct.
  package struct Argument: Hashable, Sendable {
    /// At most 64 characters.
    package var name: String
    /// At most 256 characters.
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package init(fileType: Download.FileType, arguments: [Argument] = []) {
    self.fileType = fileType
    self.arguments = arguments
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    fileType = Download.FileType(rawValue: element.word(of: "FileType", &warnings))
    arguments = []
    for entry in element.entries(of: "FileTypeArg", limit: Self.argumentLimit, &warnings) {
      let name = entry.word(of: "Name", &warnings)
      arguments.append(Argument(name: name, value: entry.text(of: "Value", &warnings)))
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("FileType", text: fileType.rawValue)
    writer.array("FileTypeArg", of: "cwmp:ArgStruct", arguments) { writer, argument in
      writer.element("ArgStruct") { writer in
        writer.element("Name", text: argument.name)
        writer.element("Value", text: argument.value)
      }
    }
  }
}
