import ArgumentParser
import Management

struct CredentialsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "credentials",
    abstract: "Shows what routers log in with the first time: the ACS's URL, user name and password.",
    discussion: """
      For a router that is set up by hand, or another DHCP server's option 43. Each router gets credentials of its own in \
      its first session. The log says who has asked, by the user number that the kernel tells.
      """)

  @OptionGroup var control: ControlOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let report: CredentialsReport = try await control.client.post("/credentials")
    if try output.printJSON(report) { return }
    output.print("url         ", report.url)
    output.print("username    ", report.username)
    output.print("password    ", report.password)
    if !report.required { output.print("", "acs.authentication is none: no router is asked for them.") }
  }
}
