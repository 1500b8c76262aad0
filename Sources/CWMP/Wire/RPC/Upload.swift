package import Net
import XML

/// Upload (TR-069 annex A.4.1.5): the CPE sends a file of its own, by HTTP PUT.
package struct Upload: Hashable, Sendable {
  /// At most 32 characters; comes back in the TransferComplete.
  package var commandKey: String
  package var fileType: FileType
  /// At most 256 characters, without credentials in it.
  package var url: String
  package var username: String
  package var password: String
  /// Seconds for which the CPE waits before it begins.
  package var delay: Int

  /// The FileType of an Upload; others than these are written in full.
  package struct FileType: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
      self.rawValue = rawValue
    }

    package static let configuration = FileType(rawValue: "1 Vendor Configuration File")
    package static let log = FileType(rawValue: "2 Vendor Log File")
  }

  package init(
    commandKey: String, fileType: FileType, url: String, username: String = "", password: String = "", delay: Int = 0
  ) {
    self.commandKey = commandKey
    self.fileType = fileType
    self.url = url
    self.username = username
    self.password = password
    self.delay = delay
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) throws(EnvelopeError) {
    commandKey = element.text(of: "CommandKey", &warnings)
    fileType = FileType(rawValue: element.word(of: "FileType", &warnings))
    url = element.child("URL")?.text.trimmed ?? ""
    guard !url.isEmpty else { throw .missing("Upload.URL", line: element.line) }
    username = element.text(of: "Username", &warnings)
    password = element.text(of: "Password", &warnings)
    delay = element.number(of: "DelaySeconds", default: 0, &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("CommandKey", text: commandKey)
    writer.element("FileType", text: fileType.rawValue)
    writer.element("URL", text: url)
    writer.element("Username", text: username)
    writer.element("Password", text: password)
    writer.element("DelaySeconds", number: delay)
  }
}

package struct UploadResponse: Hashable, Sendable {
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
