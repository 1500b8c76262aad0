import ArgumentParser
import Management

struct AdmitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "admit", abstract: "Lets a quarantined router be provisioned, or one that was reset start anew.",
    discussion: """
      A router that has the serial number of another, which has the inventory's row, takes the row by this.
      """)

  @Argument(help: "Its serial number, hardware address, IP address, number or full name.")
  var router: String
  @Option(
    help: """
      Take the host at this address for the router, though it comes without the credentials that the router has. Those \
      hold until it has logged in with new ones. `usher status` shows who is held.
      """)
  var from: String?
  @OptionGroup var control: ControlOptions

  func run() async throws {
    let query = from.map { "?from=\($0.percentEncoded)" } ?? ""
    let report: RouterReport = try await control.client.post("/routers/\(router.percentEncoded)/admit\(query)")
    guard let from else {
      print("\(report.title) is admitted; it is provisioned from its next session on.")
      return
    }
    print(
      "\(report.title): who comes from \(from) within a day is taken for it and given new credentials; its own hold until "
        + "it has logged in with those.")
  }
}
