import ArgumentParser
import Foundation
import Management

struct WakeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wake", abstract: "Asks a router for a session now, and waits until it informs.",
    discussion: """
      The steps are shown as far as they went, then why the next one failed and what to try. The exit code is 0 only if \
      the router informed; with --all, if all did.
      """)

  @Argument(help: "Its serial number, hardware address, IP address or number.")
  var router: String?
  @Flag(help: "Wakes every router that has informed before.")
  var all = false
  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (router == nil) == all else { throw ValidationError("Name a router, or say --all.") }
  }

  func run() async throws {
    if let router {
      // It may have to wait for its turn behind others.
      let report: WakeReport = try await control.client.post("/routers/\(router.percentEncoded)/wake", within: 900)
      if try !output.printJSON(report) { show(report) }
      if !report.woken { throw ExitCode(.failed) }
    } else {
      try await wakeAll()
    }
  }

  private func show(_ report: WakeReport) {
    let style = Style.standardOutput
    print(style(.strong, report.router.printable))
    for step in report.steps {
      let mark = step.passed ? style(.good, "✓") : style(.bad, "✗")
      let stage = step.stage.padding(to: 12)
      output.print("  ✓ \(stage)", styled: "  \(mark) \(stage)", step.text)
    }
    if let advice = report.advice { output.print("  try: ", styled: "  " + style(.strong, "try: "), advice) }
  }

  private func wakeAll() async throws {
    var woken = 0
    var failed = 0
    let style = Style.standardOutput
    _ = try await control.client.follow("/wake", by: .post, until: nil) { (report: WakeReport) in
      if report.woken { woken += 1 } else { failed += 1 }
      if output.json {
        print(try WholeJSON.text(report))
      } else {
        let mark = report.woken ? style(.good, "✓") : style(.bad, "✗")
        let router = report.router.printable.padding(to: 22)
        output.print(
          "✓ \(router)  ", styled: "\(mark) \(router)  ", report.steps.last?.text ?? report.cause ?? "")
      }
      fflush(nil)
      return false
    }
    if !output.json { print("\(woken) informed, \(failed) did not.") }
    if failed > 0 { throw ExitCode(.failed) }
  }
}
