package import Net
import XML

/// Download (TR-069 annex A.3.2.8): the CPE fetches a file.
package struct Download: Hashable, Sendable {
  /// At most 32 characters; comes back in the TransferComplete.
  package var commandKey: String
  package var fileType: FileType
  /// At most 256 characters, without credentials in it.
  package var url: String
  package var username: String
  package var password: String
  /// Bytes; 0 where it is not told.
  package var fileSize: Int
  package var targetFileName: String
  /// Seconds for which the CPE waits before it begins.
  package var delay: Int
  package var successURL: String
  package var failureURL: String

  /// The FileType of a Download; others than these are written in full.
  package struct FileType: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
      self.rawValue = rawValue
    }

    package static let firmware = FileType(rawValue: "1 Firmware Upgrade Image")
    package static let webContent = FileType(rawValue: "2 Web Content")
    package static let configuration = FileType(rawValue: "3 Vendor Configuration File")
  }

  package init(
    commandKey: String, fileType: FileType, url: String, username: String = "", password: String = "",
    fileSize: Int = 0, targetFileName: String = "", delay: Int = 0, successURL: String = "", failureURL: String = ""
  ) {
    self.commandKey = commandKey
    self.fileType = fileType
    self.url = url
    self.username = username
    self.password = password
    self.fileSize = fileSize
    self.targetFileName = targetFileName
    self.delay = delay
    self.successURL = successURL
    self.failureURL = failureURL
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) throws(EnvelopeError) {
    commandKey = element.text(of: "CommandKey", &warnings)
    fileType = FileType(rawValue: element.word(of: "FileType", &warnings))
    url = element.child("URL")?.text.trimmed ?? ""
    guard !url.isEmpty else { throw .missing("Download.URL", line: element.line) }
    username = element.text(of: "Username", &warnings)
    password = element.text(of: "Password", &warnings)
    fileSize = element.number(of: "FileSize", default: 0, &warnings)
    targetFileName = element.word(of: "TargetFileName", &warnings)
    delay = element.number(of: "DelaySeconds", default: 0, &warnings)
    successURL = element.word(of: "SuccessURL", &warnings)
    failureURL = element.word(of: "FailureURL", &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("CommandKey", text: commandKey)
    writer.element("FileType", text: fileType.rawValue)
    writer.element("URL", text: url)
    writer.element("Username", text: username)
    writer.element("Password", text: password)
    writer.element("FileSize", number: fileSize)
    writer.element("TargetFileName", text: targetFileName)
    writer.element("DelaySeconds", number: delay)
    writer.element("SuccessURL", text: successURL)
    writer.element("FailureURL", text: failureURL)
  }
}

package struct DownloadResponse: Hashable, Sendable {
  /// `pending`: a TransferComplete will follow.
  package var status: CompletionStatus
  /// Nil where it is not known, as while the transfer is pending.
  package var startTime: Timestamp?
  package var completeTime: Timestamp?

  package init(status: CompletionStatus, startTime: Timestamp? = nil, completeTime: Timestamp? = nil) {
    self.status = status
    self.startTime = startTime
    self.completeTime = completeTime
  }

  /// Without a Status it is pending: nothing is done that the CPE did not confirm.
  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    status = element.status(default: .pending, &warnings)
    startTime = element.moment(of: "StartTime", &warnings)
    completeTime = element.moment(of: "CompleteTime", &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("Status", text: status.text)
    writer.element("StartTime", text: DateTime.encode(startTime))
    writer.element("CompleteTime", text: DateTime.encode(completeTime))
  }
}
