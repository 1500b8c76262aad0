import ArgumentParser
import Management

struct ParametersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parameters", abstract: "Shows what is known of a router's parameters.")

  @Argument(help: "The router: its serial number, hardware address, IP address or number.")
  var router: String
  @Argument(help: "Only those whose paths begin so; \"~.\" is the router's own root.")
  var path: String?
  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    var parameters: [ParameterReport] = []
    let target = "/routers/\(router.percentEncoded)/parameters?limit=5000&below=\((path ?? "").percentEncoded)"
    while true {
      let after = parameters.last?.path ?? ""
      let page: [ParameterReport] = try await control.client.get("\(target)&after=\(after.percentEncoded)")
      parameters += page
      guard page.count == 5000 else { break }
    }
    if try output.printJSON(parameters) { return }
    parameters.table.print()
  }
}

struct FindCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "find", abstract: "Finds the routers that have a parameter, with a value or any.")

  @Argument(help: "PATH or PATH=VALUE; the path may leave out what it begins with, such as the root.")
  var what: String
  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let parts = what.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let value = parts.count == 2 ? "&value=\(parts[1].percentEncoded)" : ""
    let found: [ParameterReport] = try await control.client.get(
      "/parameters?limit=10000&path=\(parts[0].percentEncoded)\(value)")
    if try output.printJSON(found) { return }
    var table = Table("DEVICE", "PARAMETER", "VALUE", "SEEN")
    for parameter in found { table.add(parameter.device, parameter.path, parameter.value, parameter.seen) }
    table.print()
  }
}

extension [ParameterReport] {
  fileprivate var table: Table {
    var table = Table("PARAMETER", "VALUE", "TYPE", "WRITABLE", "NOTIFICATION", "SEEN")
    for parameter in self {
      table.add(
        parameter.path, parameter.value, parameter.type, parameter.writable.map { $0 ? "yes" : "no" },
        parameter.notification.map {
          ["off", "passive", "active"].indices.contains($0) ? ["off", "passive", "active"][$0] : String($0)
        },
        parameter.seen)
    }
    return table
  }
}
