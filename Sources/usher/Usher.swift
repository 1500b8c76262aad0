import ArgumentParser

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

  static func main() async {
    do {
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
