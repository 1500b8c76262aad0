import Foundation
import Testing

/// What `usher check` and `usher reload` say of an inventory and of the templates that its rows go into.
struct InventoryFileTests {
  private static let configuration = """
    interfaces: [\(Lab.port)]
    inventory: routers.csv
    profiles:
      - name: branch
        parameters:
          ~.Time.NTPServer1: "{{ ntp }}"
        configuration:
          template: branch.cfg
    """

  private static let template = "sysname {{ hostname }}\nip address {{ loopback }} 32\n"

  private func check(_ inventory: Data, template: String = Self.template) async throws -> Program.Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "usher.yaml")
    try Self.configuration.write(to: file, atomically: true, encoding: .utf8)
    try template.write(to: folder.appending(path: "branch.cfg"), atomically: true, encoding: .utf8)
    try inventory.write(to: folder.appending(path: "routers.csv"))
    return try await Program([try Daemon.binary, "check", file.path]).result()
  }

  @Test func `all that is wrong with rows is told at once, each with its line, router, template and the cure`()
    async throws
  {
    let rows =
      "serial,profile,loopback,ntp\nA,branch,,192.0.2.5\nB,branch,10.0.0.2,\n"
      + "C,branch,\"10.0.0.3\nreboot\",1\nD,brunch,,\n"
    let result = try await check(Data(rows.utf8))
    #expect(result.status == 2)
    for told in [
      "line 2 of routers.csv (A) does not do for the configuration branch.cfg of profile \"branch\": line 2, "
        + "column 15: this router has no value for the variable \"loopback\"",
      "line 3 of routers.csv (B) does not do for the parameter ~.Time.NTPServer1 of profile \"branch\"",
      "a value in the column \"ntp\", or a default: {{ ntp | default",
      "line 4 of routers.csv (C) does not do for the configuration branch.cfg",
      "the value of \"loopback\" holds a line break", "line 6 of routers.csv names the profile \"brunch\"",
      "did you mean \"branch\"?",
    ] {
      #expect(result.errors.contains(told), "\(told)\n\(result.errors)")
    }
  }

  @Test func `a column that is missing is told once, at the template's own line, with the nearest name`() async throws {
    let result = try await check(Data("serial,profile,lopback,ntp\nA,branch,10.0.0.1,1\nB,branch,10.0.0.2,1\n".utf8))
    #expect(result.status == 2)
    #expect(result.errors.contains("usher.yaml:8:17: the configuration branch.cfg"), "\(result.errors)")
    #expect(result.errors.contains("no variable \"loopback\"; expected a column \"loopback\""), "\(result.errors)")
    #expect(result.errors.contains("did you mean \"lopback\"?"), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count { $0.contains("no variable") } == 1, "\(result.errors)")
  }

  @Test func `a column that nothing names is a warning, and the configuration is right`() async throws {
    let result = try await check(Data("serial,profile,loopback,ntp,remark\nA,branch,10.0.0.1,1,x\n".utf8))
    #expect(result.status == 0 && result.output.contains("is right"), "\(result.errors)")
    #expect(result.errors.contains("warning: the column \"remark\" of routers.csv"), "\(result.errors)")
  }

  @Test func `a table that a spreadsheet saved with semicolons, as UTF-16, is read`() async throws {
    let rows = "sep=;\r\nserial;profile;loopback;ntp;;\r\nA;branch;10.0.0.1;1;;\r\n;;;;;\r\n"
    let result = try await check(try #require(rows.data(using: .utf16LittleEndian)))
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
  }

  @Test func `what a spreadsheet spoiled is told with its line and the cure`() async throws {
    let rows = Data("serial,loopback,ntp\n2.10235E+19,10.0.0.1,1\nB,10.0.0.2,Z".utf8) + [0xFC] + Data("rich\n".utf8)
    let result = try await check(rows)
    #expect(result.status == 2)
    #expect(result.errors.contains("routers.csv: line 2, column 1: \"2.10235E+19\" is what a spreadsheet"))
    #expect(result.errors.contains("routers.csv: line 3, column 13: the byte 0xFC is not UTF-8"), "\(result.errors)")
  }

  @Test func `a reload with a row that cannot be rendered is refused, and what was served goes on`() async throws {
    try await Lab.with { lab in
      _ = try lab.write(Self.template, to: "branch.cfg")
      _ = try lab.write("serial,loopback,ntp\nA,10.0.0.1,1\n", to: "routers.csv")
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      _ = try lab.write("serial,loopback,ntp\nA,,1\n", to: "routers.csv")
      let refused = try await daemon.usher("reload")
      #expect(refused.status == 2 && refused.errors.contains("Nothing was changed"), "\(refused.errors)")
      #expect(refused.errors.contains("line 2 of routers.csv (A)"), "\(refused.errors)")
      try await daemon.stop()
    }
  }
}
