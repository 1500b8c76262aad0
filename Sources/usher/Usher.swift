import ArgumentParser
import Net

@main
struct Usher: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usher",
    abstract: "Seats routers: DHCP, DNS, boot files and ACS in one, and the journey of each router across them.",
    version: Version.current,
    subcommands: [
      ServeCommand.self, JourneyCommand.self, DevicesCommand.self, LeasesCommand.self, FilesCommand.self,
      StatusCommand.self, AdmitCommand.self, WakeCommand.self, TaskCommand.self, ParametersCommand.self,
      FindCommand.self, TranscriptCommand.self, ReloadCommand.self, CheckCommand.self, Option43Command.self,
      CACommand.self, CPECommand.self,
    ])

  /// What a first word that is no command was meant to be: the parser would complain of the options behind it.
  private static func expectCommand() throws {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-") else { return }
    let names = configuration.subcommands.map { $0._commandName } + ["help"]
    guard !names.contains(word) else { return }
    let nearest = Spelling.nearest(to: word, among: names).map { "; did you mean \"\($0)\"?" }
    throw ValidationError("There is no command \(word.debugDescription)\(nearest ?? ": `usher --help` lists them.")")
  }

  static func main() async {
    do {
      try expectCommand()
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure where failure.isMistake {
      StandardError.print("Error: \(failure)")
      exit(withError: ExitCode.validationFailure)
    } catch {
      exit(withError: error)
    }
  }
}

enum Version {
  static let current = "0.1.0"
}
