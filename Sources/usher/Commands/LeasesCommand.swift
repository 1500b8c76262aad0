import ArgumentParser
import Management

struct LeasesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leases",
    abstract: "Lists the leases on record, shows one, takes one back, or keeps an address for one router.",
    subcommands: [List.self, Show.self, Release.self, Reserve.self, Unreserve.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the leases on record.")

    @OptionGroup var page: PageOptions
    @OptionGroup var control: ControlOptions
    @OptionGroup var output: OutputOptions
    @Flag(help: "Print CSV, with all that is known of each.")
    var csv = false

    func validate() throws {
      guard !csv || !output.json else { throw ValidationError("CSV or JSON? Name one of the two.") }
    }

    func run() async throws {
      var page = page
      // An export is whole.
      if csv || output.json { page.all = true }
      let leases: [LeaseReport] = try await page.rows { last, _, limit in
        try await control.client.get("/leases?after=\(last?.address ?? "")&limit=\(limit)")
      }
      if csv { return leases.csv.forEach { print($0) } }
      if try output.printJSON(leases) { return }
      var table = Table("ADDRESS", "HARDWARE", .text("HOST NAME"), "STATE", "EXPIRES", .text("RESERVED FOR"))
      for lease in leases {
        table.add(
          .text(lease.address), .text(lease.hardware), .text(lease.hostname), .text(lease.state),
          .moment(lease.expiry), .text(lease.reservation))
      }
      output.print(table)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Shows all that is known of one lease.")

    @Argument(help: "Its address.")
    var address: String
    @OptionGroup var control: ControlOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let lease: LeaseReport = try await control.client.get("/leases/\(address.percentEncoded)")
      if try output.printJSON(lease) { return }
      for column in LeaseReport.columns {
        guard let value = column.value(lease) else { continue }
        output.print(column.name.padding(to: 15), value)
      }
    }
  }

  struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "release",
      abstract: "Takes an address back, also out of quarantine. Its holder is refused when it next asks.")

    @Argument(help: "The address.")
    var address: String
    @OptionGroup var control: ControlOptions

    func run() async throws {
      let lease: LeaseReport = try await control.client.post("/leases/\(address.percentEncoded)/release")
      print("\(lease.address) is \(lease.state).")
    }
  }

  struct Reserve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reserve",
      abstract: "Keeps an address for one router, also when its lease ends, until it is unreserved.")

    @Argument(help: "The address, in a pool or not.")
    var address: String
    @Option(help: "The router: its hardware address, or its client identifier in hexadecimal. Default: who holds it.")
    var client: String?
    @OptionGroup var control: ControlOptions

    func run() async throws {
      let query = client.map { "?client=\($0.percentEncoded)" } ?? ""
      let lease: LeaseReport = try await control.client.post("/leases/\(address.percentEncoded)/reserve\(query)")
      print("\(lease.address) is reserved for \(lease.reservation ?? "").")
    }
  }

  struct Unreserve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "unreserve",
      abstract: "Lets an address go that was kept for one router. A lease of it lasts as long as it would.")

    @Argument(help: "The address.")
    var address: String
    @OptionGroup var control: ControlOptions

    func run() async throws {
      let _: LeaseReport? = try await control.client.post("/leases/\(address.percentEncoded)/unreserve")
      print("\(address) is not reserved any more.")
    }
  }
}

extension LeaseReport {
  fileprivate static let columns: [(name: String, value: @Sendable (LeaseReport) -> String?)] = [
    ("address", { $0.address }), ("hardware", { $0.hardware }), ("client-id", { $0.clientIdentifier }),
    ("hostname", { $0.hostname }), ("vendor-class", { $0.vendorClass }), ("state", { $0.state }),
    ("start", { $0.start }), ("expiry", { $0.expiry }), ("reservation", { $0.reservation }),
  ]
}

extension [LeaseReport] {
  /// A line of column names, then one for each lease (RFC 4180).
  fileprivate var csv: [String] {
    [LeaseReport.columns.map(\.name).joined(separator: ",")]
      + map { lease in LeaseReport.columns.map { Self.quoted($0.value(lease) ?? "") }.joined(separator: ",") }
  }

  /// In quotes where it has to be; a cell that a spreadsheet would take for a formula gets a quote mark before it, since
  /// clients choose these texts.
  private static func quoted(_ text: String) -> String {
    let isFormula = text.first.map { "=+-@".contains($0) } ?? false
    let safe = isFormula ? "'\(text)" : text
    guard safe.contains(where: { ",\"\n\r".contains($0) }) else { return safe }
    return "\"\(safe.replacing("\"", with: "\"\""))\""
  }
}
