import DHCP
import Net
import Transport

/// A simulated HPE or H3C MSR with Comware 7 on an interface of this machine.
package struct SimulatedRouter: Sendable {
  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    case notEthernet(String)

    package var description: String {
      switch self {
      case .notEthernet(let name): "\(name) has no hardware address: a router's uplink is an Ethernet interface"
      }
    }
  }

  private let configuration: RouterConfiguration

  package init(configuration: RouterConfiguration) {
    self.configuration = configuration
  }

  /// Plugs the router in and runs it, through all its reboots, until the task is canceled; the interface then has no
  /// address of it. `console` gets what the router's console shows, line by line, from one thread at a time. Throws
  /// `CancellationError` at the end, or why the interface or the state directory cannot be used.
  package func run(console show: @escaping @Sendable (String) -> Void) async throws {
    let console = Console(show)
    let store = FlashStore(directory: configuration.stateDirectory, serialNumber: configuration.identity.serialNumber)
    var flash = try store.load() ?? factoryFlash
    var dropsSessionAfter = configuration.dropsSessionAfter
    while true {
      let interface = try NetworkInterface.named(configuration.interface)
      if !interface.isUp { try interface.bringUp() }
      var cycle = PowerCycle(
        configuration: configuration, interface: interface, console: console, store: store, flash: flash,
        dropsSessionAfter: dropsSessionAfter)
      let end = try await cycle.run()
      dropsSessionAfter = cycle.dropsSessionAfter
      flash = cycle.state.flash
      switch end {
      case .reboot:
        console.print("The system is rebooting.")
      case .factoryReset:
        console.print("The factory settings are restored; the system is rebooting.")
        let version = flash.nextSoftwareVersion ?? flash.softwareVersion
        flash = factoryFlash
        flash.softwareVersion = version
      }
      try store.save(flash)
      try await Task.sleep(for: .milliseconds(configuration.timing.reboot))
    }
  }

  private var factoryFlash: Flash {
    Flash(
      softwareVersion: configuration.identity.softwareVersion,
      connectionRequestPath: Randomness.token(characters: 16))
  }
}

extension RouterConfiguration {
  var dropsSessionAfter: Int? {
    for case .dropSession(let number) in faults { return number }
    return nil
  }

  /// Milliseconds before each message.
  var delay: Int64 {
    for case .slow(let milliseconds) in faults { return milliseconds }
    return 0
  }
}
