import Foundation
import Testing

/// Exit codes are one scheme over all commands: 0 done, 1 failed, 2 configuration, 3 no daemon, 64 usage.
struct ExitCodeTests {
  /// A command as the parser describes it.
  private struct Command: Decodable {
    let commandName: String
    var subcommands: [Command]?

    /// The words of this command and of all below it.
    func paths(_ above: [String] = []) -> [[String]] {
      let path = above + [commandName]
      return [path] + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap { $0.paths(path) }
    }
  }

  private struct Description: Decodable {
    let command: Command
  }

  /// Every command there is, without the program's name.
  private static func commands() async throws -> [[String]] {
    let dump = try await Program([try Daemon.binary, "--experimental-dump-help"]).result()
    let description = try JSONDecoder().decode(Description.self, from: Data(dump.output.utf8))
    return description.command.paths().map { Array($0.dropFirst()) }
  }

  private func usher(_ words: [String]) async throws -> Program.Result {
    try await Program([try Daemon.binary] + words).result()
  }

  @Test func `the help and the README tell the codes`() async throws {
    let help = try await usher(["--help"])
    let readme = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "README.md"), encoding: .utf8)
    for code in [0, 1, 2, 3, 64] {
      #expect(help.output.contains(try Regex("(?m)^ +\(code)  [a-z]")), "\(help.output)")
      #expect(readme.contains("| \(code) |"))
    }
  }

  @Test func `each command has its help, and tells wrong options with its own usage`() async throws {
    let commands = try await Self.commands()
    #expect(commands.count > 35)
    for words in commands {
      let help = try await usher(words + ["--help"])
      #expect(help.status == 0 && help.errors.isEmpty, "\(words)")
      let wrong = try await usher(words + ["--no-such-option"])
      #expect(wrong.status == 64 && wrong.output.isEmpty, "\(words): \(wrong.status)")
      #expect(
        wrong.errors.contains("Usage: \((["usher"] + words).joined(separator: " "))"), "\(words): \(wrong.errors)")
    }
  }

  @Test func `a word that is nearly a command is told with that, and with its usage`() async throws {
    for words in try await Self.commands() where !words.isEmpty {
      let (above, name) = (words.dropLast(), words[words.count - 1])
      let wrong = Self.misspelled(name)
      let result = try await usher(above + [wrong])
      #expect(result.status == 64, "\(words): \(result.status)")
      #expect(
        result.errors.contains("There is no command \"\(wrong)\"; did you mean \"\(words.joined(separator: " "))\"?")
          && result.errors.contains("Usage: usher \(words.joined(separator: " "))"), "\(words): \(result.errors)")
    }
  }

  /// The last two letters change their places, or where they are the same, the last one is there once more.
  private static func misspelled(_ name: String) -> String {
    let (start, end) = (String(name.dropLast(2)), String(name.suffix(2)))
    let turned = String(end.reversed())
    return start.isEmpty || turned == end ? name + String(end.suffix(1)) : start + turned
  }

  @Test(arguments: [
    ("option43 decode zz", "\"zz\" is not an even number of hexadecimal digits.", "Usage: usher option43 decode "),
    ("option43 lint 0", "\"0\" is not an even number", "Usage: usher option43 lint "),
    ("option43 encode http://a/ --dialect brodband-forum", "broadband-forum", "Usage: usher option43 encode "),
    ("task cancell 5", "did you mean \"task cancel\"?", "Usage: usher task cancel "),
    ("task zzzz 5", "of `usher task`: it has ask, list, show, cancel.", "Usage: usher task "),
    ("leases 192.0.2.1", "of `usher leases`: it has list, show", "Usage: usher leases "),
    ("journey --folow", "Did you mean '--follow'?", "Usage: usher journey "),
    ("task --al", "Did you mean '--all'?", "Usage: usher task list "),
    ("--control /nowhere journey", "stand behind their command: `usher journey … --control`", "Usage: usher journey "),
    ("--contrl /nowhere task list", "`usher task list … --control`", "Usage: usher task list "),
    ("check --manual dhpc", "did you mean \"dhcp\"?", "Usage: usher check "),
    ("schema devises", "did you mean \"devices\"?", "Usage: usher schema "),
    ("journey --follow --until provisionde", "did you mean \"provisioned\"?", "Usage: usher journey "),
    ("serve --log-level inof", "did you mean \"info\"?", "Usage: usher serve "),
  ])
  func `what is written wrong is told with what was meant, and the usage of that`(
    words: String, told: String, usage: String
  ) async throws {
    let result = try await usher(words.split(separator: " ").map(String.init))
    #expect(result.status == 64 && result.output.isEmpty, "\(result.status)")
    #expect(result.errors.contains(told) && result.errors.contains(usage), "\(result.errors)")
  }

  /// What each command that asks a daemon is called with.
  private static let asking: [String] = [
    "journey", "journey A1", "journey --follow", "devices", "leases", "leases list", "leases show 192.0.2.1",
    "leases release 192.0.2.1", "leases reserve 192.0.2.1", "leases unreserve 192.0.2.1", "files", "files list",
    "files add /etc/hostname", "files get a --output /tmp/usher-of-nobody", "files remove a", "status", "admit A1",
    "credentials", "wake A1",
    "wake --all", "task", "task list", "task list A1", "task A1", "task ask A1 reboot", "task show 1", "task cancel 1",
    "parameters A1", "find A", "transcript", "transcript list", "transcript show 1", "transcript replay", "reload",
  ]

  @Test func `without a daemon each command that asks one ends with 3, and says so in one sentence`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for words in Self.asking {
      let result = try await usher(
        words.split(separator: " ").map(String.init) + ["--control", folder.appending(path: "control").path])
      #expect(result.status == 3 && result.output.isEmpty, "\(words): \(result.status)")
      #expect(
        result.errors.hasPrefix("Error: No daemon answers at ") && result.errors.split(separator: "\n").count == 1,
        "\(words): \(result.errors)")
    }
  }

  @Test func `whoever may not use the socket is told that, with the cure, by each command`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      // The folder may be gone through, the socket may not be used; then neither.
      for (mode, place) in [(0o755, daemon.control), (0o700, lab.folder.path)] {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: lab.folder.path)
        for words in Self.asking {
          let result = try await Program(
            ForeignUser.running(
              [try ForeignUser.binary()] + words.split(separator: " ").map(String.init)
                + ["--control", daemon.control])
          ).result()
          #expect(result.status == 3 && result.output.isEmpty, "\(words): \(result.status)")
          #expect(
            result.errors.hasPrefix("Error: You may not use the control socket \(daemon.control): only root ")
              && result.errors.contains("\(place). Run the command as root (sudo)"), "\(words): \(result.errors)")
        }
      }
      try await daemon.stop()
    }
  }

  @Test func `a daemon's refusals end with 1, names of what there is not with 64, a wrong configuration with 2`()
    async throws
  {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: ProvisioningTests.configuration)
      for (words, status, told) in [
        ("journey \(ProvisioningTests.serial)", 1, "of the inventory, and has not been seen yet"),
        ("admit \(ProvisioningTests.serial)", 1, "of the inventory, and has not been seen yet"),
        ("journey A1", 64, "No router A1 has been seen."), ("task show 9", 64, "There is no task 9 on record"),
        ("leases show 192.0.2.9", 64, "No lease of 192.0.2.9"), ("leases release x", 64, "not an IPv4 address"),
        ("leases unreserve 192.0.2.9", 1, "is not reserved"),
        ("files get nothing", 64, "nothing"), ("files add /nowhere", 1, "/nowhere"), ("status", 0, ""),
        ("journey --follow --until provisioned --within 1", 1, ""),
      ] {
        let result = try await Program(
          [try Daemon.binary] + words.split(separator: " ").map(String.init) + ["--control", daemon.control]
        ).result()
        #expect(
          result.status == status && (told.isEmpty || result.errors.contains(told)),
          "\(words): \(result.status) \(result.errors)")
      }
      _ = try lab.write("acs: {nmae: a}\n", to: "usher.yaml")
      #expect(try await daemon.usher("reload").status == 2)
      #expect(try await usher(["check", lab.folder.appending(path: "usher.yaml").path]).status == 2)
      #expect(try await usher(["check", lab.folder.appending(path: "nowhere.yaml").path]).status == 2)
      try await daemon.stop()
    }
  }
}
