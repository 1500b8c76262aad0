import ArgumentParser
import Foundation
import Management

struct ControlOptions: ParsableArguments {
  static let defaultPath = "/run/usher/control"

  @Option(help: "The control socket of the running daemon.")
  var control = ControlOptions.defaultPath

  var client: ControlClient { ControlClient(path: control) }
}

struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON.")
  var json = false

  /// Prints `report` as JSON where that was asked for; false where it was not.
  func printJSON(_ report: some Encodable) throws -> Bool {
    guard json else { return false }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(report), as: UTF8.self))
    return true
  }
}

/// A failure that is told in one sentence, without the usage text.
struct Failure: Error, CustomStringConvertible {
  let description: String
  /// Whether the command was given something that there is not: the exit code is that of wrong usage.
  let isMistake: Bool

  init(_ description: String, isMistake: Bool = false) {
    self.description = description
    self.isMistake = isMistake
  }
}
