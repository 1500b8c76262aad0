import XML

/// Reboot (TR-069 annex A.3.2.9). Its response has no arguments. (``Reboot`` is what is remembered of one.)
package struct RebootRequest: Hashable, Sendable {
  /// At most 32 characters; comes back with the event `M Reboot`.
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
