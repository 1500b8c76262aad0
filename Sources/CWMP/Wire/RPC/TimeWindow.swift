import XML

/// TimeWindowStruct (TR-069 annex A.4.1.8): when a CPE may fetch and apply a file.
package struct TimeWindow: Hashable, Sendable {
  /// Seconds from the request on.
  package var start: Int
  /// Seconds from the request on.
  package var end: Int
  package var mode: Mode
  /// At most 256 characters, for who is asked to confirm.
  package var userMessage: String
  /// How often it is tried again within this window; less than 0 leaves it to the CPE.
  package var maxRetries: Int

  /// The WindowMode; others than these are written in full.
  package struct Mode: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
      self.rawValue = rawValue
    }

    package static let atAnyTime = Mode(rawValue: "1 At Any Time")
    package static let immediately = Mode(rawValue: "2 Immediately")
    package static let whenIdle = Mode(rawValue: "3 When Idle")
    package static let confirmationNeeded = Mode(rawValue: "4 Confirmation Needed")
  }

  package init(start: Int, end: Int, mode: Mode = .atAnyTime, userMessage: String = "", maxRetries: Int = -1) {
    self.start = start
    self.end = end
    self.mode = mode
    self.userMessage = userMessage
    self.maxRetries = maxRetries
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    start = element.number(of: "WindowStart", default: 0, &warnings)
    end = element.number(of: "WindowEnd", default: 0, &warnings)
    mode = Mode(rawValue: element.word(of: "WindowMode", &warnings))
    userMessage = element.text(of: "UserMessage", &warnings)
    maxRetries = element.integer(of: "MaxRetries", default: -1, &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("TimeWindowStruct") { writer in
      writer.element("WindowStart", number: start)
      writer.element("WindowEnd", number: end)
      writer.element("WindowMode", text: mode.rawValue)
      writer.element("UserMessage", text: userMessage)
      writer.element("MaxRetries", number: maxRetries)
    }
  }
}
