package import Net
import XML

/// AutonomousTransferComplete (TR-069 annex A.3.3.3): how a transfer ended that the ACS had not asked for.
package struct AutonomousTransferComplete: Hashable, Sendable {
  package var announceURL: String
  package var transferURL: String
  package var isDownload: Bool
  package var fileType: String
  /// Bytes; 0 where it is not told.
  package var fileSize: Int
  package var targetFileName: String
  /// Nil where the transfer went well.
  package var fault: TransferFault?
  /// Nil where it is not known.
  package var startTime: Timestamp?
  package var completeTime: Timestamp?

  package init(
    announceURL: String = "", transferURL: String, isDownload: Bool, fileType: String, fileSize: Int = 0,
    targetFileName: String = "", fault: TransferFault? = nil, startTime: Timestamp? = nil,
    completeTime: Timestamp? = nil
  ) {
    self.announceURL = announceURL
    self.transferURL = transferURL
    self.isDownload = isDownload
    self.fileType = fileType
    self.fileSize = fileSize
    self.targetFileName = targetFileName
    self.fault = fault
    self.startTime = startTime
    self.completeTime = completeTime
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    announceURL = element.word(of: "AnnounceURL", &warnings)
    transferURL = element.word(of: "TransferURL", &warnings)
    isDownload = element.boolean(of: "IsDownload", default: true, &warnings)
    fileType = element.word(of: "FileType", &warnings)
    fileSize = element.number(of: "FileSize", default: 0, &warnings)
    targetFileName = element.word(of: "TargetFileName", &warnings)
    fault = TransferFault.decode(in: element, &warnings)
    startTime = element.moment(of: "StartTime", &warnings)
    completeTime = element.moment(of: "CompleteTime", &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("AnnounceURL", text: announceURL)
    writer.element("TransferURL", text: transferURL)
    writer.element("IsDownload", boolean: isDownload)
    writer.element("FileType", text: fileType)
    writer.element("FileSize", number: fileSize)
    writer.element("TargetFileName", text: targetFileName)
    TransferFault.encode(fault, into: &writer)
    writer.element("StartTime", text: DateTime.encode(startTime))
    writer.element("CompleteTime", text: DateTime.encode(completeTime))
  }
}
