import ArgumentParser
import Glibc

@main
struct Usher: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usher",
    abstract: "Seats routers: DHCP, DNS, boot files and ACS in one, and the journey of each router across them.",
    discussion: ExitStatus.help,
    version: Version.current,
    subcommands: [
      ServeCommand.self, JourneyCommand.self, DevicesCommand.self, LeasesCommand.self, FilesCommand.self,
      StatusCommand.self, AdmitCommand.self, CredentialsCommand.self, WakeCommand.self, TaskCommand.self,
      ParametersCommand.self, FindCommand.self, TranscriptCommand.self, ReloadCommand.self, CheckCommand.self,
      Option43Command.self, SchemaCommand.self, CACommand.self, CPECommand.self,
    ])

  static func main() async {
    var running: (any ParsableCommand.Type)?
    do {
      try CommandTree.check(Array(CommandLine.arguments.dropFirst()))
      var command = try parseAsRoot()
      running = type(of: command)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      StandardError.print("Error: \(failure)")
      exit(withError: ExitCode(failure.status))
    } catch let misuse as Misuse {
      StandardError.print("Error: \(misuse)\n" + usage(of: misuse.command ?? running ?? Self.self))
      exit(withError: ExitCode(.usage))
    } catch {
      exit(withError: error)
    }
  }

  private static func usage(of command: any ParsableCommand.Type) -> String {
    let usage = usageString(for: command)
    let name = usage.split(separator: " ").prefix { !"<[-".contains($0.first ?? " ") }.joined(separator: " ")
    return "Usage: \(usage)\n  See '\(name) --help' for more information."
  }
}

enum Version {
  static let current = "0.1.0"
}
