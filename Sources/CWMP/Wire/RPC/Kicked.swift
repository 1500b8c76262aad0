import XML

/// Kicked (TR-069 annex A.4.2.1, deprecated): someone has used the kick URL of the CPE (annex D).
package struct Kicked: Hashable, Sendable {
  /// The arguments of the kick URL: at most 32, 64, 256 and 1024 characters.
  package var command: String
  package var referer: String
  package var argument: String
  /// Where the browser is to go next.
  package var next: String

  package init(command: String, referer: String, argument: String, next: String) {
    self.command = command
    self.referer = referer
    self.argument = argument
    self.next = next
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    command = element.text(of: "Command", &warnings)
    referer = element.text(of: "Referer", &warnings)
    argument = element.text(of: "Arg", &warnings)
    next = element.word(of: "Next", &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("Command", text: command)
    writer.element("Referer", text: referer)
    writer.element("Arg", text: argument)
    writer.element("Next", text: next)
  }
}

package struct KickedResponse: Hashable, Sendable {
  /// Where the CPE sends the browser; at most 1024 characters.
  package var nextURL: String

  private static let limit = 1024

  package init(nextURL: String) {
    self.nextURL = nextURL
  }

  /// The browser goes where it wants to go. What is too long for a response is left out.
  init(to kicked: Kicked) {
    self.init(nextURL: kicked.next.unicodeScalars.count <= Self.limit ? kicked.next : "")
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    nextURL = element.word(of: "NextURL", &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("NextURL", text: nextURL)
  }
}
