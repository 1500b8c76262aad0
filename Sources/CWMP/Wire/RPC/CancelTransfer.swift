import XML

/// CancelTransfer (TR-069 annex A.4.1.9): forgets a Download, ScheduleDownload or Upload that is not made yet. Its
/// response has no arguments, and no TransferComplete follows. From CWMP 1.2.
package struct CancelTransfer: Hashable, Sendable {
  /// Of the request that is to be forgotten; at most 32 characters.
  package var commandKey: String

  package init(commandKey: String) {
    self.commandKey = commandKey
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    commandKey = element.text(of: "CommandKey", &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("CommandKey", text: commandKey)
  }
}
