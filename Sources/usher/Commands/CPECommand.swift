import ArgumentParser
import CPE
import Foundation
import Transport

struct CPECommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cpe", abstract: "Plays an HPE/H3C MSR router with Comware 7 on an interface of this machine.",
    discussion: """
      It gets its address by DHCP, configures itself automatically where its CWMP is off, and serves the ACS that it is \
      led to, with all its reboots, until it is interrupted. The interface becomes the router's own: use one end of a \
      virtual cable in a network namespace.
      """)

  @Option(help: "The interface that is the router's uplink.")
  var interface: String
  @Option(help: "The router's serial number.")
  var serial: String
  @Option(help: "DHCP option 60; \"none\" leaves it out.")
  var vendorClass = "H3C.H3C MSR36-20"
  @Option(help: "The product class, as the Inform tells it.")
  var productClass = "MSR36-20"
  @Option(help: "The system software's version, as the Inform tells it.")
  var softwareVersion = "7.1.064, Release 0821P20"
  @Flag(
    exclusivity: .exclusive,
    help: "Whether CWMP is on from the factory, is turned on by option 43, or only by a boot file (the default).")
  var cwmp = CWMPFlag.cwmpOff
  @Option(help: "The directory that keeps the router's flash, so that the end of the process is a power cut.")
  var state: String?
  @Option(help: "The CA that the router trusts over https (PEM).")
  var ca: String?
  @Option(help: "The router's own certificate (PEM), with its key unless --key names that.")
  var certificate: String?
  @Option(help: "The key of the router's own certificate (PEM).")
  var key: String?
  @Option(
    help: """
      A fault to play, several by repetition: wrong-password, no-dns-query, no-dhcp-request, no-stun, \
      no-download, drop-session=MESSAGES, slow=MILLISECONDS.
      """)
  var fault: [PlayedFault] = []
  @Option(help: "Seconds from a failed automatic configuration to the next attempt.")
  var retry = 30
  @Option(help: "Seconds that a reboot takes.")
  var reboot = 5

  enum CWMPFlag: String, EnumerableFlag {
    case cwmpOff
    case cwmpOn
    case cwmpByOption43

    static func name(for value: CWMPFlag) -> NameSpecification {
      switch value {
      case .cwmpOff: .customLong("cwmp-off")
      case .cwmpOn: .customLong("cwmp-on")
      case .cwmpByOption43: .customLong("cwmp-by-option43")
      }
    }

    var start: RouterConfiguration.CWMPStart {
      switch self {
      case .cwmpOff: .needsBootFile
      case .cwmpOn: .enabled
      case .cwmpByOption43: .onOption43
      }
    }
  }

  func validate() throws {
    guard (1...64).contains(serial.utf8.count) else { throw ValidationError("--serial wants 1 to 64 characters.") }
    guard (1...255).contains(vendorClass.utf8.count) else {
      throw ValidationError("--vendor-class wants 1 to 255 characters, or \"none\".")
    }
    guard (0...3600).contains(retry), (0...3600).contains(reboot) else {
      throw ValidationError("--retry and --reboot want seconds from 0 to 3600.")
    }
  }

  func run() async throws {
    let identity = RouterIdentity(
      serialNumber: serial, productClass: productClass, softwareVersion: softwareVersion)
    var configuration = RouterConfiguration(
      interface: interface, identity: identity, vendorClass: vendorClass == "none" ? nil : vendorClass)
    configuration.cwmp = cwmp.start
    if let state { try Folder.make(state, mode: 0o700, toKeep: "the router's flash", option: "--state") }
    configuration.stateDirectory = state
    configuration.tls = CurlClient.TLSFiles(authority: ca, certificate: certificate, key: key)
    configuration.faults = fault
    configuration.timing.automaticConfigurationWait = Int64(retry) * 1000
    configuration.timing.reboot = Int64(reboot) * 1000
    let router = SimulatedRouter(configuration: configuration)

    let running = Task {
      try await router.run { line in
        print(line)
        fflush(nil)
      }
    }
    // The interface is left without an address, whatever ends the router.
    let signals = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { running.cancel() }
      source.resume()
      return source
    }
    defer { for source in signals { source.cancel() } }
    do {
      try await running.value
    } catch is CancellationError {
      return
    }
  }
}

extension PlayedFault: ExpressibleByArgument {}
