import XML

/// ScheduleDownload (TR-069 annex A.4.1.8): a Download within one of the time windows. Its response has no arguments; a
/// TransferComplete follows. From CWMP 1.2.
package struct ScheduleDownload: Hashable, Sendable {
  /// At most 32 characters; comes back in the TransferComplete.
  package var commandKey: String
  package var fileType: Download.FileType
  /// At most 256 characters, without credentials in it.
  package var url: String
  package var username: String
  package var password: String
  /// Bytes; 0 where it is not told.
  package var fileSize: Int
  package var targetFileName: String
  /// One or two, in their order, that do not overlap.
  package var windows: [TimeWindow]

  package init(
    commandKey: String, fileType: Download.FileType, url: String, username: String = "", password: String = "",
    fileSize: Int = 0, targetFileName: String = "", windows: [TimeWindow]
  ) {
    self.commandKey = commandKey
    self.fileType = fileType
    self.url = url
    self.username = username
    self.password = password
    self.fileSize = fileSize
    self.targetFileName = targetFileName
    self.windows = windows
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) throws(EnvelopeError) {
    commandKey = element.text(of: "CommandKey", &warnings)
    fileType = Download.FileType(rawValue: element.word(of: "FileType", &warnings))
    url = element.child("URL")?.text.trimmed ?? ""
    guard !url.isEmpty else { throw .missing("ScheduleDownload.URL", line: element.line) }
    username = element.text(of: "Username", &warnings)
    password = element.text(of: "Password", &warnings)
    fileSize = element.number(of: "FileSize", default: 0, &warnings)
    targetFileName = element.word(of: "TargetFileName", &warnings)
    windows = []
    for entry in element.entries(of: "TimeWindowList", &warnings) {
      windows.append(TimeWindow(decoding: entry, &warnings))
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("CommandKey", text: commandKey)
    writer.element("FileType", text: fileType.rawValue)
    writer.element("URL", text: url)
    writer.element("Username", text: username)
    writer.element("Password", text: password)
    writer.element("FileSize", number: fileSize)
    writer.element("TargetFileName", text: targetFileName)
    writer.array("TimeWindowList", of: "cwmp:TimeWindowStruct", windows) { $1.encode(into: &$0) }
  }
}
