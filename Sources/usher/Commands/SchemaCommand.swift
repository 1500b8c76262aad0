import ArgumentParser
import Management
import Net

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints the JSON Schema of what commands print with --json.",
    discussion: """
      Every key is there in each answer, null where there is nothing to say. Reports: \
      \(names.joined(separator: ", ")). Those of the streams are of one line.
      """)

  @Argument(help: "The report, such as devices or task list. All of them where none is named.")
  var report: [String] = []

  func run() throws {
    guard !report.isEmpty else {
      let all = Dictionary(Self.reports.map { ($0.name, $0.schema) }) { first, _ in first }
      return print(try WholeJSON.text(Document(schema: Document.dialect, definitions: all), .pretty))
    }
    let name = report.joined(separator: " ")
    guard let schema = Self.reports.first(where: { $0.name == name })?.schema else {
      let near = Spelling.nearest(to: name, among: Self.names).map { "; did you mean \"\($0)\"?" }
      throw Misuse("There is no report \(name.debugDescription)\(near ?? ": `usher schema --help` lists them.")")
    }
    print(try WholeJSON.text(schema, .pretty))
  }

  private struct Document: Encodable {
    static let dialect = "https://json-schema.org/draft/2020-12/schema"

    let schema: String
    let definitions: [String: JSONSchema]

    private enum CodingKeys: String, CodingKey {
      case schema = "$schema"
      case definitions = "$defs"
    }
  }

  private static var names: [String] { reports.map(\.name) }

  private static let reports: [(name: String, schema: JSONSchema)] = [
    ("journey", JSONSchema(of: [RouterReport].self)), ("journey ROUTER", JSONSchema(of: JourneyReport.self)),
    ("journey follow", JSONSchema(of: EventReport.self)), ("devices", JSONSchema(of: [DeviceReport].self)),
    ("leases", JSONSchema(of: [LeaseReport].self)), ("leases show", JSONSchema(of: LeaseReport.self)),
    ("files", JSONSchema(of: [FileReport].self)), ("status", JSONSchema(of: StatusReport.self)),
    ("credentials", JSONSchema(of: CredentialsReport.self)), ("wake", JSONSchema(of: WakeReport.self)),
    ("task ask", JSONSchema(of: TaskReport.self)), ("task list", JSONSchema(of: [TaskReport].self)),
    ("task show", JSONSchema(of: TaskReport.self)), ("parameters", JSONSchema(of: [ParameterReport].self)),
    ("find", JSONSchema(of: [ParameterReport].self)), ("transcript list", JSONSchema(of: [TranscriptReport].self)),
    ("option43 encode", JSONSchema(of: [String: String].self)),
    ("option43 decode", JSONSchema(of: Option43Report.self)), ("option43 lint", JSONSchema(of: LintReport.self)),
  ]
}
