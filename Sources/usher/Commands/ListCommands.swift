import ArgumentParser
import Management

struct DevicesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "Lists the devices that have informed the ACS.")

  @OptionGroup var page: PageOptions
  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let devices: [DeviceReport] = try await page.rows { _, skipped, limit in
      try await control.client.get("/devices?skip=\(skipped)&limit=\(limit)")
    }
    if try output.printJSON(devices) { return }
    var table = Table(.name("DEVICE"), .text("SOFTWARE"), "ADDRESS", "ADMISSION", "STANDING", "LAST INFORM")
    for device in devices {
      table.add(
        .device(device.device), .text(device.softwareVersion), .text(device.address), .text(device.admission),
        .text(device.standing), .moment(device.lastInform))
    }
    output.print(table)
  }
}

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Says what the daemon serves, what is wrong, and what it counted.")

  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let status: StatusReport = try await control.client.get("/status")
    if try output.printJSON(status) { return }
    let style = Style.standardOutput
    output.print("usher       ", "\(status.version), up since \(status.started)")
    output.print("ACS         ", status.url)
    for interface in status.interfaces {
      let address = interface.address ?? "without an address"
      output.print("interface   ", "\(interface.name) \(address) \(interface.subnet ?? "")")
    }
    output.print("routers     ", "\(status.routers), of them \(status.provisioned) provisioned")
    output.print("leases      ", status.dhcp ? "\(status.leases)" : "not given here (dhcp.enabled is off)")
    output.print("devices     ", "\(status.devices)")
    for client in status.leftAlone.prefix(10) {
      let said = [client.vendorClass, client.hostname].compactMap { $0?.printable }.map { "\"\($0)\"" }
      output.print(
        "left alone  ",
        ([client.hardware] + said).joined(separator: " ")
          + ", \(client.messages) \(client.messages == 1 ? "message" : "messages"), the last at \(client.lastSeen)")
    }
    if status.leftAlone.count > 10 { output.print("left alone  ", "\(status.leftAlone.count - 10) more, see --json") }
    for problem in status.problems { output.print("problem     ", styled: style(.bad, "problem     "), problem) }
    if status.problems.isEmpty { print(style(.good, "no problems")) }
    print()
    for (name, count) in status.counters.sorted(by: { $0.key < $1.key }) {
      output.print("\(name.padding(to: 44)) ", "\(count)")
    }
  }
}

struct ReloadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Makes the daemon read its configuration again, and take it whole or not at all.")

  @Flag(help: "Take it though routers that are provisioned will download a file or reboot.")
  var yes = false
  @OptionGroup var control: ControlOptions

  func run() async throws {
    let report: ReloadReport = try await control.client.post(yes ? "/reload?yes=1" : "/reload")
    for change in report.changes { print(change.printable) }
    let status = report.status
    print("Reloaded: \(status.interfaces.map(\.name).joined(separator: ", ")), ACS \(status.url)")
  }
}
