import XML

/// GetQueuedTransfersResponse (TR-069 annex A.4.1.1). The request has no arguments; it is deprecated in favor of
/// GetAllQueuedTransfers, which CPEs of CWMP 1.0 do not know.
package struct GetQueuedTransfersResponse: Hashable, Sendable {
  package var transfers: [QueuedTransfer]

  /// How many transfers a CPE queues at most (TR-069 annex A.3.2.8).
  package static let limit = 16

  package init(transfers: [QueuedTransfer]) {
    self.transfers = transfers
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    transfers = []
    for entry in element.entries(of: "TransferList", limit: Self.limit, &warnings) {
      transfers.append(QueuedTransfer(decoding: entry, &warnings))
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.array("TransferList", of: "cwmp:QueuedTransferStruct", transfers) { writer, transfer in
      writer.element("QueuedTransferStruct") { transfer.encode(into: &$0) }
    }
  }
}

/// QueuedTransferStruct.
package struct QueuedTransfer: Hashable, Sendable {
  package enum State: Int, Hashable, Sendable {
    case notStarted = 1
    case inProgress = 2
    /// Its TransferComplete has not been answered yet.
    case completed = 3
  }

  /// Of the request.
  package var commandKey: String
  package var state: State

  package init(commandKey: String, state: State) {
    self.commandKey = commandKey
    self.state = state
  }

  /// Without a readable State it has not begun: nothing is done that the CPE did not confirm.
  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    commandKey = element.text(of: "CommandKey", &warnings)
    let number = element.number(of: "State", default: State.notStarted.rawValue, &warnings)
    let state = State(rawValue: number)
    if state == nil { warnings.add(.illegalValue(element: "\(element.name).State", text: String(number))) }
    self.state = state ?? .notStarted
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("CommandKey", text: commandKey)
    writer.element("State", number: state.rawValue)
  }
}
