import ArgumentParser
import Foundation
import Management
import Net
import Store

struct FilesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "files",
    abstract: "Lists the files that are kept, firmware and what routers uploaded; adds, gets and removes them.",
    subcommands: [List.self, Add.self, Get.self, Remove.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the files that are kept.")

    @OptionGroup var control: ControlOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let files: [FileReport] = try await control.client.get("/files")
      if try output.printJSON(files) { return }
      var table = Table(.name("NAME"), "KIND", "BYTES", "SHA-256", "SINCE", .note("FROM"))
      for file in files {
        table.add(
          .text(file.name), .text(file.kind), .number(file.size), .text(String(file.digest.prefix(12))),
          .moment(file.moment), file.device.map { .device($0) } ?? .text("operator"))
      }
      output.print(table)
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Takes a file in, such as firmware.")

    @Argument(help: "The path of the file.", completion: .file())
    var path: String
    @Option(help: "The name that it is kept under. Default: its own.")
    var name: String?
    @Option(
      help: "What it is for: firmware, configuration, log or other. Default: what its name ends in, else firmware.")
    var kind: String?
    @Flag(help: "Take the place of the file that has the name.")
    var replace = false
    @OptionGroup var control: ControlOptions

    func validate() throws {
      guard kind.map({ FileKind(rawValue: $0) != nil }) ?? true else {
        let near = Spelling.nearest(to: kind ?? "", among: FileKind.allCases.map(\.rawValue))
        throw ValidationError(
          "A file is for \(FileKind.allCases.map(\.rawValue).joined(separator: ", "))."
            + (near.map { " Did you mean \"\($0)\"?" } ?? ""))
      }
    }

    func run() async throws {
      let name = name ?? URL(filePath: path).lastPathComponent
      let query = "?kind=\(kind ?? Self.kind(of: name).rawValue)" + (replace ? "&replace=true" : "")
      let report = try await control.client.put("/files/\(name.percentEncoded)\(query)", file: path)
      print("\(report.name) is kept: \(report.size) bytes, SHA-256 \(report.digest).")
    }

    /// A router that is sent a configuration as firmware may take it for that.
    private static func kind(of name: String) -> FileKind {
      switch name.split(separator: ".").last?.lowercased() {
      case "cfg", "conf", "config", "xml": .configuration
      case "log": .log
      case "txt": .other
      default: .firmware
      }
    }
  }

  struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "get", abstract: "Writes a file that is kept into one of your own.")

    @Argument(help: "Its name.")
    var name: String
    @Option(name: [.customShort("o"), .long], help: "The path to write to. Default: its name, in this folder.")
    var output: String?
    @OptionGroup var control: ControlOptions

    func run() async throws {
      let path = output ?? name
      let count = try await control.client.download("/files/\(name.percentEncoded)", to: path)
      print("\(path) is written: \(count) bytes.")
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Keeps a file no longer.")

    @Argument(help: "Its name.")
    var name: String
    @OptionGroup var control: ControlOptions

    func run() async throws {
      try await control.client.delete("/files/\(name.percentEncoded)")
      print("\(name) is removed.")
    }
  }
}
