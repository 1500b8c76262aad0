/// Why a CPE informs (TR-069 section 3.7.1.5). Any text may come; the standard's codes have names here.
package struct EventCode: RawRepresentable, Hashable, Sendable, Codable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package static let bootstrap = EventCode(rawValue: "0 BOOTSTRAP")
  package static let boot = EventCode(rawValue: "1 BOOT")
  package static let periodic = EventCode(rawValue: "2 PERIODIC")
  package static let scheduled = EventCode(rawValue: "3 SCHEDULED")
  package static let valueChange = EventCode(rawValue: "4 VALUE CHANGE")
  package static let kicked = EventCode(rawValue: "5 KICKED")
  package static let connectionRequest = EventCode(rawValue: "6 CONNECTION REQUEST")
  package static let transferComplete = EventCode(rawValue: "7 TRANSFER COMPLETE")
  package static let diagnosticsComplete = EventCode(rawValue: "8 DIAGNOSTICS COMPLETE")
  package static let requestDownload = EventCode(rawValue: "9 REQUEST DOWNLOAD")
  package static let autonomousTransferComplete = EventCode(rawValue: "10 AUTONOMOUS TRANSFER COMPLETE")
  package static let stateChangeComplete = EventCode(rawValue: "11 DU STATE CHANGE COMPLETE")
  package static let autonomousStateChangeComplete = EventCode(rawValue: "12 AUTONOMOUS DU STATE CHANGE COMPLETE")
  package static let wakeup = EventCode(rawValue: "13 WAKEUP")
  package static let heartbeat = EventCode(rawValue: "14 HEARTBEAT")
  package static let rebootMethod = EventCode(rawValue: "M Reboot")
  package static let scheduleInformMethod = EventCode(rawValue: "M ScheduleInform")
  package static let downloadMethod = EventCode(rawValue: "M Download")
  package static let uploadMethod = EventCode(rawValue: "M Upload")
  package static let scheduleDownloadMethod = EventCode(rawValue: "M ScheduleDownload")
  package static let changeDUStateMethod = EventCode(rawValue: "M ChangeDUState")

  /// Those with a number, which is their place here.
  private static let numbered = [
    bootstrap, boot, periodic, scheduled, valueChange, kicked, connectionRequest, transferComplete,
    diagnosticsComplete, requestDownload, autonomousTransferComplete, stateChangeComplete,
    autonomousStateChangeComplete, wakeup, heartbeat,
  ]

  private static let methods = [
    rebootMethod, scheduleInformMethod, downloadMethod, uploadMethod, scheduleDownloadMethod, changeDUStateMethod,
  ]

  /// The code that a CPE meant: `1 Boot` is `1 BOOT`, as its number says; unknown codes stay as they are.
  init(meant text: String) {
    if let number = Self.number(of: text), Self.numbered.indices.contains(number) {
      self = Self.numbered[number]
    } else {
      let words = text.split(separator: " ", omittingEmptySubsequences: true)
      let method = Self.methods.first { $0.rawValue.lowercased() == words.joined(separator: " ").lowercased() }
      self = method ?? EventCode(rawValue: text)
    }
  }

  /// Its first word, where that is a number of one or two digits.
  private static func number(of text: String) -> Int? {
    let bytes = text.utf8.span
    var (place, number) = (0, 0)
    while place < bytes.count, bytes[place] == UInt8(ascii: " ") { place += 1 }
    let start = place
    while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]), place < start + 3 {
      number = number * 10 + Int(bytes[place] - UInt8(ascii: "0"))
      place += 1
    }
    let isWord = place == bytes.count || bytes[place] == UInt8(ascii: " ")
    return isWord && (1...2).contains(place - start) ? number : nil
  }
}

extension EventCode: CustomStringConvertible {
  package var description: String { rawValue }
}

/// EventStruct: an event and, for the `M` events, the command key of the request that led to it.
package struct InformEvent: Hashable, Sendable {
  package var code: EventCode
  package var commandKey: String

  /// Characters that are read of each: the standard's 64 and 32, and room for those who do not count.
  static let textLimit = 256

  package init(_ code: EventCode, commandKey: String = "") {
    self.code = code
    self.commandKey = commandKey
  }
}
