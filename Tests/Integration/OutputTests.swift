import Foundation
import Management
import Testing

/// What commands print fits the terminal, and its JSON fits its schema.
struct OutputTests {
  private static let serial = ProvisioningTests.serial

  /// A daemon with a router that is provisioned, one that did not come to the ACS, tasks, a file and transcripts.
  private func withHistory(_ body: (Daemon, Lab) async throws -> Void) async throws {
    try await Lab.with(clients: 2) { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(
        in: lab,
        configuration: ProvisioningTests.configuration.replacing(
          "acs:\n", with: "acs:\n  transcripts: {keep: all}\n", maxReplacements: 1))
      try await HandSession.boot(in: lab)
      let router = try lab.router(Self.serial, at: 1, arguments: ["--cwmp-on"])
      try await daemon.provisions(Self.serial, within: 60)
      let failed = try await daemon.usher(
        "task", "ask", Self.serial, "get", "InternetGatewayDevice.Nope.AndALongNameBehindIt", "--as-spelled", "--wake",
        "--wait", "20")
      #expect(failed.status == 1 && failed.output.contains("fault 9005"), "\(failed.output)\(failed.errors)")
      let upload = try await daemon.usher("task", "ask", Self.serial, "upload", "config", "--wake", "--wait", "20")
      #expect(upload.status == 0, "\(upload.output)\(upload.errors)")
      _ = try await eventually(within: 20) {
        try await daemon.usher("parameters", Self.serial, "--json").output.contains("NTPServer2")
      }
      try await body(daemon, lab)
      try await router.stop()
      try await daemon.stop()
    }
  }

  private static let listings = [
    "journey", "journey \(serial)", "devices", "leases", "leases show 192.0.2.101", "status", "files",
    "task list --all", "task show 1", "parameters \(serial)", "find DeviceInfo.SoftwareVersion", "transcript list",
    "credentials",
  ]

  private func lines(
    _ words: String, of daemon: Daemon, environment: [String: String] = [:]
  ) async throws -> [Substring] {
    let result = try await Program(
      [try Daemon.binary] + words.split(separator: " ").map(String.init) + ["--control", daemon.control],
      environment: environment
    ).result()
    #expect(result.status == 0 && !result.output.isEmpty, "\(words): \(result.errors)")
    return result.output.split(separator: "\n")
  }

  @Test func `no line is wider than the terminal, whatever the command, unless --wide asks for all`() async throws {
    try await withHistory { daemon, lab in
      for words in Self.listings {
        let free = try await lines(words, of: daemon)
        for width in [40, 60, 80, 100, 132] {
          let fitted = try await lines(words, of: daemon, environment: ["COLUMNS": "\(width)"])
          let widest = fitted.max { String($0).columns < String($1).columns } ?? ""
          #expect(String(widest).columns <= width, "\(words) at \(width): \(widest)")
          #expect(!fitted.joined().contains("%2D"), "\(words)")
        }
        let wide = try await lines(words + " --wide", of: daemon, environment: ["COLUMNS": "80"])
        // The counters and the journey may have gone on.
        if !["status", "journey \(Self.serial)"].contains(words) { #expect(wide == free) }
        #expect(!free.joined().contains("%2D"), "\(words)")
      }
      // A terminal says by itself how wide it is.
      for width in [50, 80] {
        let shown = try await Program([
          "script", "-qec",
          "stty cols \(width); \(try Daemon.binary) journey --control \(daemon.control); "
            + "\(try Daemon.binary) task list --all --control \(daemon.control)", "/dev/null",
        ]).result()
        let lines = shown.output.replacing(#/\u{1B}\[[0-9;]*m/#, with: "").split { $0.isNewline }
        #expect(lines.contains { $0.hasPrefix("  why: ") }, "\(shown.output)")
        #expect(lines.allSatisfy { String($0).columns <= width }, "\(shown.output)")
      }
      let followed = try await lines(
        "journey \(Self.serial) --follow --until provisioned --within 10", of: daemon, environment: ["COLUMNS": "60"])
      #expect(followed.allSatisfy { String($0).columns <= 60 })
      #expect(!followed.joined().contains("upgraded"))
      // What is shown as a device's name is understood as one.
      #expect(try await daemon.usher("journey", "000FE2-MSR36-20-\(Self.serial)").status == 0)
      withExtendedLifetime(lab) {}
    }
  }

  @Test func `what each command prints as JSON fits the schema that is told of it, to the last key`() async throws {
    try await withHistory { daemon, _ in
      let all = try await Program([try Daemon.binary, "schema"]).result()
      let names = try #require(
        (try JSONSerialization.jsonObject(with: Data(all.output.utf8)) as? [String: Any])?["$defs"] as? [String: Any]
      ).keys
      let commands = [
        "journey": "journey", "journey ROUTER": "journey \(Self.serial)", "devices": "devices", "leases": "leases",
        "leases show": "leases show 192.0.2.100", "files": "files", "status": "status", "credentials": "credentials",
        "wake": "wake \(Self.serial)", "task ask": "task ask \(Self.serial) methods", "task list": "task list --all",
        "task show": "task show 2", "parameters": "parameters \(Self.serial)",
        "find": "find DeviceInfo.SoftwareVersion",
        "transcript list": "transcript list", "option43 encode": "option43 encode http://192.0.2.1:7547/acs",
        "option43 decode": "option43 decode 687474703A2F2F612F62", "option43 lint": "option43 lint 687474703A2F2F61",
        "journey follow": "journey \(Self.serial) --follow --until provisioned --within 10",
      ]
      #expect(Set(names) == Set(commands.keys))
      for (name, words) in commands {
        let schema = try SchemaCheck(
          try await Program([try Daemon.binary, "schema"] + name.split(separator: " ").map(String.init)).result().output
        )
        let control = words.hasPrefix("option43") ? [] : ["--control", daemon.control]
        let result = try await Program(
          [try Daemon.binary] + words.split(separator: " ").map(String.init) + ["--json"] + control
        ).result(within: 30)
        // A stream is of lines.
        let answers = name == "journey follow" ? result.output.split(separator: "\n") : [Substring(result.output)]
        #expect(!answers.isEmpty && result.output.count > 10, "\(name): \(result.errors)")
        for answer in answers { #expect(try schema.faults(in: answer) == [], "\(name): \(answer)") }
      }
    }
  }

  @Test func `the check of a schema finds what is missing, of another type, and too much`() throws {
    let schema = try SchemaCheck(
      #"{"type":"object","properties":{"a":{"type":["integer","null"]},"b":{"type":"array","items":{"type":"string"}}},"required":["a","b"],"additionalProperties":false}"#
    )
    #expect(try schema.faults(in: #"{"a":null,"b":["x"]}"#) == [])
    #expect(try schema.faults(in: #"{"a":true,"b":[1],"c":0}"#).count == 3)
    #expect(try schema.faults(in: #"{"b":[]}"#) == ["$.a is missing"])
    #expect(try schema.faults(in: "[]") == ["$ is no object"])
  }
}
