import XML

/// ScheduleInform (TR-069 annex A.4.1.2). Its response has no arguments.
package struct ScheduleInform: Hashable, Sendable {
  /// Seconds until the CPE informs with `3 SCHEDULED`; more than 0.
  package var delay: Int
  /// At most 32 characters; comes back with the event `M ScheduleInform`.
  package var commandKey: String

  package init(delay: Int, commandKey: String) {
    self.delay = delay
    self.commandKey = commandKey
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    delay = element.number(of: "DelaySeconds", default: 0, &warnings)
    commandKey = element.text(of: "CommandKey", &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("DelaySeconds", number: delay)
    writer.element("CommandKey", text: commandKey)
  }
}
