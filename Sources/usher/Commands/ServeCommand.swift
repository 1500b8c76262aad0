import ArgumentParser
import ConfigurationFile
import Glibc
import Logging
import Net
import ServiceLifecycle
import Transport

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serves routers: DHCP, DNS, boot files and the ACS.")

  static let standardConfiguration = "/etc/usher/usher.yaml"

  @Option(help: "The configuration file. Default: \(ServeCommand.standardConfiguration), where it stands.")
  var config: String?
  @Option(name: [.customLong("interface")], help: "The interface to serve, in place of the configured ones.")
  var interfaces: [String] = []
  @Option(help: "The folder of leases, devices and keys.")
  var state = "/var/lib/usher"
  @Option(help: "Where the control socket is made.")
  var control = ControlOptions.defaultPath
  @Option(help: "What is logged: debug, info, warning or error.", transform: ServeCommand.level)
  var logLevel = Logger.Level.info

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    let level = logLevel
    LogOutput.begin()
    LoggingSystem.bootstrap { _ in ServiceLogHandler(logLevel: level) }
    TurnWatch.onLong { turn in
      let text = "\(Double(turn.microseconds) / 1000) ms of a processor: \(turn.work)"
      Logger(label: "usher").warning("a turn was long", metadata: ["name": "\(turn.loop)", "reason": "\(text)"])
    }
    let telling = Task {
      while (try? await Task.sleep(for: .seconds(1))) != nil { LogOutput.tellHeld() }
    }
    defer {
      telling.cancel()
      LogOutput.tellHeld(all: true)
      LogOutput.end()
    }
    do {
      let appliance = try await Appliance.start(
        Appliance.Start(configuration: configurationFile, interfaces: interfaces, state: state, control: control))
      try await appliance.serve()
    } catch let error as ConfigurationError {
      LogOutput.print("\(error)\nNothing was started.")
      throw ExitCode(.configuration)
    } catch let error as Failure {
      LogOutput.print("\(error) Nothing was started.")
      throw ExitCode(error.status)
    }
  }

  private static func level(_ text: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: text) else {
      let names = Logger.Level.allCases.map(\.rawValue)
      let near = Spelling.nearest(to: text, among: names).map { "; did you mean \"\($0)\"?" }
      throw ValidationError(
        "There is no log level \"\(text)\"\(near ?? ": there are \(names.joined(separator: ", ")).")")
    }
    return level
  }

  /// The standard one where anything of that name is there: without it every router would be admitted.
  private var configurationFile: String? {
    config ?? (File.isAbsent(Self.standardConfiguration) ? nil : Self.standardConfiguration)
  }
}
