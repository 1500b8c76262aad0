import ArgumentParser
import ConfigurationFile
import Transport

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Says what is wrong with a configuration, and where; starts nothing.")

  @Argument(help: "The configuration file.")
  var file: String?
  @Flag(help: "Print the configuration as it would be in force, every default written out.")
  var print = false
  @Flag(help: "Print what every option means, its range and its default.")
  var manual = false

  func validate() throws {
    if file == nil, !manual { throw ValidationError("Which file? `usher check --manual` lists the options.") }
  }

  func run() throws {
    if manual { Swift.print(Manual.text) }
    guard let file else { return }
    do throws(ConfigurationError) {
      let source = try ConfigurationSource(path: file)
      for warning in source.warnings { StandardError.print("\(file): warning: \(warning)") }
      if print {
        Swift.print(Printer.yaml(source.settings), terminator: "")
      } else {
        Swift.print("\(file) is right.")
      }
    } catch {
      StandardError.print("\(error)")
      throw ExitCode.failure
    }
  }
}
