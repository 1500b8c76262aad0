import ArgumentParser
import Management
import Transport

struct ControlOptions: ParsableArguments {
  static let defaultPath = "/run/usher/control"

  @Option(help: "The control socket of the running daemon.")
  var control = ControlOptions.defaultPath

  var client: ControlClient { ControlClient(path: control) }
}

struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON, in the form that `usher schema` tells.")
  var json = false
  @Flag(help: "Print lines as long as they are, also where the terminal is narrower.")
  var wide = false

  /// The columns that a line may have; nil where nothing limits it.
  var width: Int? { wide ? nil : TerminalSize.columns() }

  /// Prints `report` as JSON where that was asked for; false where it was not.
  func printJSON(_ report: some Encodable) throws -> Bool {
    guard json else { return false }
    print(try WholeJSON.text(report, .pretty))
    return true
  }

  func print(_ table: Table) {
    let lines = table.lines(width: width)
    for line in lines.head { Swift.print(Style.standardOutput(.strong, line)) }
    for line in lines.rows { Swift.print(line) }
  }

  /// Prints a text behind what stands before it, which may be styled.
  func print(_ prefix: String, styled: String? = nil, _ text: String) {
    let lines = text.printable.hanging(after: prefix.columns, width: width)
    if lines.first == "", let width {
      // The text begins below what stands before it.
      for line in prefix.wrapped(to: width) { Swift.print(line) }
    } else {
      Swift.print((styled ?? prefix) + (lines.first ?? ""))
    }
    for line in lines.dropFirst() { Swift.print(line) }
  }

  private func print(_ text: String) { Swift.print(text) }
}
