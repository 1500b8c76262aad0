import XML

/// GetAllQueuedTransfersResponse (TR-069 annex A.4.1.7): also of the transfers that no ACS asked for. The request has no
/// arguments. From CWMP 1.1.
package struct GetAllQueuedTransfersResponse: Hashable, Sendable {
  package var transfers: [DescribedTransfer]

  package static let limit = GetQueuedTransfersResponse.limit

  package init(transfers: [DescribedTransfer]) {
    self.transfers = transfers
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    transfers = []
    for entry in element.entries(of: "TransferList", limit: Self.limit, &warnings) {
      transfers.append(DescribedTransfer(decoding: entry, &warnings))
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.array("TransferList", of: "cwmp:AllQueuedTransferStruct", transfers) { $1.encode(into: &$0) }
  }
}

/// AllQueuedTransferStruct.
package struct DescribedTransfer: Hashable, Sendable {
  /// Empty key: it was not the ACS that asked for it.
  package var transfer: QueuedTransfer
  package var isDownload: Bool
  package var fileType: TransferFileType
  /// Bytes; 0 where it is not told.
  package var fileSize: Int
  package var targetFileName: String

  package init(
    _ transfer: QueuedTransfer, isDownload: Bool, fileType: TransferFileType, fileSize: Int = 0,
    targetFileName: String = ""
  ) {
    self.transfer = transfer
    self.isDownload = isDownload
    self.fileType = fileType
    self.fileSize = fileSize
    self.targetFileName = targetFileName
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    transfer = QueuedTransfer(decoding: element, &warnings)
    isDownload = element.boolean(of: "IsDownload", default: true, &warnings)
    fileType = TransferFileType(rawValue: element.word(of: "FileType", &warnings))
    fileSize = element.number(of: "FileSize", default: 0, &warnings)
    targetFileName = element.word(of: "TargetFileName", &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("AllQueuedTransferStruct") { writer in
      transfer.encode(into: &writer)
      writer.element("IsDownload", boolean: isDownload)
      writer.element("FileType", text: fileType.rawValue)
      writer.element("FileSize", number: fileSize)
      writer.element("TargetFileName", text: targetFileName)
    }
  }
}

/// The FileType of transfers of either direction, which counts otherwise than that of an Upload; others than these are
/// written in full.
package struct TransferFileType: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package static let firmware = TransferFileType(rawValue: "1 Firmware Upgrade Image")
  package static let webContent = TransferFileType(rawValue: "2 Web Content")
  package static let configuration = TransferFileType(rawValue: "3 Vendor Configuration File")
  package static let log = TransferFileType(rawValue: "4 Vendor Log File")
}
