import ArgumentParser
import Foundation
import Journey
import Management
import Net

struct JourneyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journey", abstract: "Shows how far a router has come and, if it stopped, why.")

  @Argument(help: "Its serial number, hardware address, IP address or number. All routers where it is left out.")
  var router: String?
  @Flag(help: "Show what happens as it happens.")
  var follow = false
  @Option(help: "With --follow: end with success once the router (or any) reaches this milestone.")
  var until: String?
  @Option(
    help: "With --until: give up after so many seconds, with the reason and exit code \(ExitStatus.failed.rawValue).")
  var within: Int?
  @OptionGroup var page: PageOptions
  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if until != nil || within != nil, !follow { throw ValidationError("--until and --within go with --follow.") }
    if within != nil, until == nil { throw ValidationError("--within goes with --until.") }
    if let until, Milestone(rawValue: until) == nil {
      let names = Milestone.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      let near = Spelling.nearest(to: until, among: Milestone.allCases.map(\.rawValue))
      throw ValidationError(
        "There is no milestone \"\(until)\"\(near.map { "; did you mean \"\($0)\"?" } ?? "; the milestones are \(names).")"
      )
    }
    if let within, !(1...86_400).contains(within) {
      throw ValidationError("--within wants seconds from 1 to 86400.")
    }
  }

  func run() async throws {
    if follow {
      try await followEvents()
    } else if let router {
      try await show(router)
    } else {
      try await showAll()
    }
  }

  private func show(_ router: String) async throws {
    let report: JourneyReport = try await control.client.get("/routers/\(router.percentEncoded)")
    if try output.printJSON(report) { return }
    let printer = JourneyPrinter(style: .standardOutput, showsName: false, width: output.width)
    for event in report.events { printer.lines(of: event).forEach { print($0) } }
    print()
    for line in printer.summary(of: report.router) { print(line) }
  }

  private func showAll() async throws {
    let routers: [RouterReport] = try await page.rows { last, _, limit in
      try await control.client.get("/routers?after=\(last?.router ?? 0)&limit=\(limit)")
    }
    if try output.printJSON(routers) { return }
    if routers.isEmpty {
      print("No router has been seen yet. Once one asks for an address, it is listed here.")
      return
    }
    var table = Table(
      .name("ROUTER"), "ADDRESS", "STANDING", .text("REACHED"), .text("MISSING"), .note("WHY"))
    for router in routers {
      table.add(
        .text(router.serialNumber ?? router.hardware ?? "#\(router.router)"), .text(router.address),
        .text(router.standing), .text(router.milestone), .text(router.missing), .text(router.cause))
    }
    output.print(table)
  }

  private func followEvents() async throws {
    let printer = JourneyPrinter(style: .standardOutput, showsName: router == nil, width: output.width)
    let query = router.map { "?router=\($0.percentEncoded)" } ?? ""
    let deadline = within.map { ContinuousClock.now + .seconds($0) }
    var last: EventReport?
    let ended = try await control.client.follow("/events/follow\(query)", until: deadline) { (event: EventReport) in
      last = event
      if output.json {
        print(try WholeJSON.text(event))
      } else {
        printer.lines(of: event).forEach { print($0) }
      }
      fflush(nil)
      return until != nil && event.milestone == until
    }
    guard until != nil else { return }
    let name = router ?? last.map { "\($0.router)" }
    if !output.json, let name,
      let report: JourneyReport = try? await control.client.get("/routers/\(name.percentEncoded)")
    {
      print()
      for line in printer.summary(of: report.router) { print(line) }
    }
    guard ended else {
      if last == nil { print("Nothing was heard of \(router ?? "any router").") }
      throw ExitCode(.failed)
    }
  }
}

extension String {
  /// Fit for one segment of a path or a value of a query.
  var percentEncoded: String {
    addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~"))) ?? self
  }
}
