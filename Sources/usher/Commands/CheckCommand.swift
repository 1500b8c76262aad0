import ArgumentParser
import ConfigurationFile
import Net
import Transport

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Says what is wrong with a configuration, and where; starts nothing.")

  @Argument(help: "The configuration file; with --manual the section to show, such as dhcp or acs.tls.")
  var file: String?
  @Flag(help: "Print the configuration as it would be in force, every default written out.")
  var print = false
  @Flag(help: "Print what every option means, its range and its default; of one section where that is named.")
  var manual = false

  func validate() throws {
    if file == nil, !manual { throw ValidationError("Which file? `usher check --manual` lists the options.") }
  }

  func run() throws {
    if manual { return try printManual() }
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
      throw ExitCode(.configuration)
    }
  }

  private func printManual() throws {
    guard let section = file else { return Swift.print(Manual.text) }
    guard let text = Manual.text(of: section) else {
      let near = Spelling.nearest(to: section, among: Manual.names)
      throw Misuse(
        "There is no section \(section.debugDescription)"
          + (near.map { "; did you mean \"\($0)\"?" } ?? ": there are \(Manual.sections.joined(separator: ", "))."))
    }
    Swift.print(text)
  }
}
