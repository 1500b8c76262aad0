import ArgumentParser
import DHCP
import Management
import Net

struct Option43Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "option43", abstract: "Makes, reads and checks DHCP option 43.",
    subcommands: [Encode.self, Decode.self, Lint.self])
}

extension Option43Command {
  struct Encode: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "encode", abstract: "Prints option 43 for an ACS, as HPE/H3C, Kea, ISC dhcpd and dnsmasq want it.")

    @Argument(help: "The ACS's URL.")
    var url: String
    @Option(help: "The user name that the router logs in with.")
    var username: String?
    @Option(help: "Its password.")
    var password: String?
    @Option(help: "As dhcp.dialect in the configuration: \(Dialect.allCases.map(\.rawValue).joined(separator: ", ")).")
    var dialect = Dialect.comware
    @OptionGroup var output: OutputOptions

    func run() throws {
      do throws(Option43Error) {
        let parameters = ACSParameters(url: url, username: username, password: password)
        let bytes = try parameters.option43(in: dialect)?.encode() ?? []
        let forms = Option43Rendering.allCases.map { ($0.title, $0.render(bytes)) }
        if try printed(Dictionary(forms) { first, _ in first }) { return }
        for (title, text) in forms {
          print(title)
          for line in text.split(separator: "\n") { print("  " + line) }
          print()
        }
      } catch {
        throw Failure("\(error)")
      }
    }

    private func printed(_ forms: [String: String]) throws(Option43Error) -> Bool {
      (try? output.printJSON(forms)) ?? false
    }
  }

  struct Decode: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "decode", abstract: "Says what the bytes of an option 43 mean.")

    @Argument(help: "The option's value in hexadecimal digits; spaces, colons and dots between them are fine.")
    var hex: [String]
    @OptionGroup var output: OutputOptions

    func run() throws {
      let bytes = try bytes(of: hex)
      let option: Option43
      do throws(Option43Error) {
        option = try Option43(decoding: bytes)
      } catch {
        throw Failure("\(error). `usher option43 lint` says more.")
      }
      let report = Option43Report(option)
      if try output.printJSON(report) { return }
      for (name, value) in report.lines { print("\(name.padding(to: 18)) \(value.printable)") }
    }
  }

  struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "lint",
      abstract: "Says what is wrong with an option 43, and what it should be. Exit code 1 where something is.")

    @Argument(help: "The option's value in hexadecimal digits; spaces, colons and dots between them are fine.")
    var hex: [String]
    @OptionGroup var output: OutputOptions

    func run() throws {
      let inspection = Option43.inspect(try bytes(of: hex))
      let correction = inspection.correction.map { Hexadecimal.encode($0) }
      let report = LintReport(findings: inspection.findings.map { "\($0)" }, correction: correction)
      if try !output.printJSON(report) {
        for finding in inspection.findings { print("\(finding)".printable) }
        if inspection.findings.isEmpty { print("Nothing is wrong with it.") }
        if let correction { print("It should be \(correction)") }
      }
      if inspection.findings.contains(where: { $0.severity > .note }) { throw ExitCode(.failed) }
    }
  }
}

/// Throws where the words are not hexadecimal.
private func bytes(of words: [String]) throws(Misuse) -> [UInt8] {
  let pieces = words.joined(separator: " ").split { ":.,; -".contains($0) }
  let bare = pieces.map { $0.lowercased().hasPrefix("0x") ? $0.dropFirst(2) : $0 }.joined()
  guard let bytes = Hexadecimal.decode(bare) else {
    throw Misuse("\"\(words.joined(separator: " "))\" is not an even number of hexadecimal digits.")
  }
  return bytes
}

extension Dialect: ExpressibleByArgument {}
