import ArgumentParser
import CWMP
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
    guard !parameters.isEmpty || path != nil else {
      throw Failure("None of its parameters is known yet; `usher task ask \(router) discover` reads them.".printable)
    }
    output.print(parameters.table)
  }
}

struct FindCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "find", abstract: "Finds the routers that have a parameter, with a value or any.")

  @Argument(help: "PATH or PATH=VALUE; the path may leave out what it begins with, such as the root.")
  var what: String
  @Option(help: "Show so many at most, 10000 or less.")
  var limit = 200
  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if !(1...10_000).contains(limit) { throw ValidationError("--limit wants a number from 1 to 10000.") }
  }

  func run() async throws {
    let parts = what.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let value = parts.count == 2 ? "&value=\(parts[1].percentEncoded)" : ""
    let found: [ParameterReport] = try await control.client.get(
      "/parameters?limit=\(limit)&path=\(parts[0].percentEncoded)\(value)")
    if try output.printJSON(found) { return }
    // Values may be long: they stand last.
    var table = Table(.name("DEVICE"), .name("PARAMETER"), "SEEN", .note("VALUE"))
    for parameter in found {
      table.add(.device(parameter.device), .text(parameter.path), .moment(parameter.seen), .text(parameter.value))
    }
    output.print(table)
    guard found.count == limit else { return }
    StandardError.print("There may be more than these \(limit): name a value, or more of the path, or --limit.")
  }
}

extension [ParameterReport] {
  fileprivate var table: Table {
    // Values may be long: they stand last.
    var table = Table(
      .name("PARAMETER"), "TYPE", .init("WRITABLE", short: "SET"), .init("NOTIFICATION", short: "NOTIFY"), "SEEN",
      .note("VALUE"))
    for parameter in self {
      table.add(
        .text(parameter.path), .text(parameter.type), .text(parameter.writable.map { $0 ? "yes" : "no" }),
        .text(parameter.notification.map { Notification(rawValue: $0).word }), .moment(parameter.seen),
        .text(parameter.value))
    }
    return table
  }
}
