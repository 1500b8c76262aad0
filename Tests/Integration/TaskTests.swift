import Foundation
import Testing

/// What an operator asks of a router, from the command line to the simulated router and back.
@Suite(.serialized)
struct TaskTests {
  private static let serial = ProvisioningTests.serial
  private static let configuration = ProvisioningTests.configuration.replacing(
    "acs:\n", with: "acs:\n  transcripts: {keep: all, number: 100}\n")

  /// A provisioned router, at rest, in a lab of its own.
  private func provisioned(_ body: (Lab, Daemon, Program) async throws -> Void) async throws {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let router = try lab.router(Self.serial, arguments: ["--state", lab.folder.path])
      try await daemon.provisions(Self.serial, within: 60)
      try await body(lab, daemon, router)
      try await router.stop()
      try await daemon.stop()
    }
  }

  /// `usher task ask` with `words`, once the router is out of its session: in one, it would not hear that it is wanted.
  private func ask(
    _ words: [String], of daemon: Daemon, _ router: Program, wait: Int = 15
  ) async throws -> Program.Result {
    _ = try await eventually(within: 20) { router.output.hasSuffix("CWMP: the session is over.\n") }
    let all = ["task", "ask", Self.serial] + words + ["--wake", "--wait", "\(wait)", "--control", daemon.control]
    return try await Program([try Daemon.binary] + all).result()
  }

  @Test func `each method is asked by a word, and its answer or its fault is told in words`() async throws {
    try await provisioned { lab, daemon, router in
      let cases: [(words: String, status: Int32, told: [String])] = [
        ("methods", 0, ["GetRPCMethods\ndone: GetRPCMethods, SetParameterValues, "]),
        ("get ~.DeviceInfo.SpecVersion", 0, ["done: 1 value\n  InternetGatewayDevice.DeviceInfo.SpecVersion = 1.0\n"]),
        (
          "get ~.Nonsense", 1,
          ["failed: fault 9005, invalid parameter name (the router says \"Invalid parameter name: "]
        ),
        ("set ~.Time.NTPServer2=192.0.2.9", 0, ["done: applied"]),
        (
          "set ~.ManagementServer.PeriodicInformInterval:string=often", 1,
          [
            "failed: InternetGatewayDevice.ManagementServer.PeriodicInformInterval = \"often\": fault 9006, "
              + "invalid parameter type (the router says \"Invalid parameter type: unsignedInt expected\"); "
              + "the router has it as unsignedInt; not tried again, for it would fail again\n"
          ]
        ),
        (
          "set ~.ManagementServer.PeriodicInformInterval=often", 64,
          ["PeriodicInformInterval is of type unsignedInt, as the router says, and \"often\" is not."]
        ),
        ("names ~.Time.", 0, ["done: 5 names\n", "  InternetGatewayDevice.Time.NTPServer1 (writable)\n"]),
        ("notify ~.Time.NTPServer1=active", 0, ["done: applied"]),
        (
          "attributes ~.Time.", 0,
          [
            "done: attributes of 4 parameters\n", "  InternetGatewayDevice.Time.NTPServer1: active\n",
            "  InternetGatewayDevice.Time.NTPServer2: off\n",
          ]
        ),
        ("add ~.LANDevice.1.Hosts", 1, ["AddObject ~.LANDevice.1.Hosts.\nfailed: fault 9005, "]),
        ("delete ~.LANDevice.1.Hosts.1.", 1, ["failed: fault 9005, "]),
        ("inform 600", 0, ["done: accepted"]),
        ("install http://192.0.2.1/x", 1, ["failed: fault 9000, method not supported (the router says "]),
        ("discover ~.Nonsense.", 1, ["failed: fault 9005, "]), ("discover", 0, ["done: 52 parameters and objects"]),
        ("download nothing.cfg", 64, ["There is no file nothing.cfg here"]),
        ("download ftp://192.0.2.1/x", 1, ["fault 9013, unsupported protocol for the transfer"]),
        ("explode", 64, ["\"explode\" is nothing that a router can be asked. There are get PATH…; "]),
        ("reboot --wait -1", 64, []),
      ]
      for (words, status, told) in cases {
        let result = try await ask(words.split(separator: " ").map(String.init), of: daemon, router)
        #expect(result.status == status, "\(words): \(result.output)\(result.errors)")
        for text in told { #expect((result.output + result.errors).contains(text), "\(words): \(result.output)") }
      }
      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(journey.events.contains { $0.text.hasSuffix("GetParameterNames ~.Time.: 5 names") })
      #expect(journey.events.contains { $0.trouble && $0.text.contains("ChangeDUState install http://192.0.2.1/x") })
      #expect(try await daemon.json("task").isEmpty)
    }
  }

  @Test func `files go to and fro, and the router boots and is reset, each to its end`() async throws {
    try await provisioned { lab, daemon, router in
      func done(_ words: String..., saying text: String) async throws {
        let result = try await ask(words, of: daemon, router)
        #expect(result.status == 0 && result.output.contains("done: \(text)"), "\(result.output)\(result.errors)")
      }
      func isOnRecord(_ part: String) async throws -> Bool {
        try await daemon.json("files").contains { ($0["name"] as? String)?.contains(part) == true }
      }
      try await done("upload", "config", saying: "the transfer is complete")
      #expect(try await isOnRecord("-configuration-task-1-1.cfg"))
      try await done("upload", "log", saying: "the transfer is complete")
      #expect(try await isOnRecord("-log-task-2-1.log"))

      let text = "#\n sysname by-task\n#\n cwmp\n  cwmp enable\n#\nreturn\n"
      #expect(try await daemon.usher("files", "add", try lab.write(text, to: "task.cfg")).status == 0)
      try await done("download", "task.cfg", saying: "the transfer is complete")
      #expect(try ProvisioningTests.startupConfiguration(of: Self.serial, in: lab) == text)

      // It is canceled at the router, and so here.
      let scheduled = try await ask(["schedule-download", "task.cfg", "600", "700"], of: daemon, router, wait: 2)
      #expect(scheduled.status == 1 && scheduled.output.contains("its command key is task-4-1"), "\(scheduled.output)")
      let transfers = try await ask(["transfers"], of: daemon, router)
      #expect(transfers.output.contains("done: 1 transfer\n  task-4-1: not started, 3 Vendor Configuration File\n"))
      try await done("cancel-transfer", "task-4-1", saying: "canceled")
      #expect(try await daemon.usher("task", "show", "4").output.contains("\ncanceled: "))
      let canceled = try #require(try await daemon.journey(of: Self.serial)).events.last { $0.event == "taskCanceled" }
      #expect(canceled?.text.hasSuffix("the router canceled the transfer, as task 6 asked") == true)

      try await done("reboot", saying: "it has rebooted")
      #expect(try await daemon.usher("files", "add", try lab.write("9.9.9 of a test\n", to: "new.ipe")).status == 0)
      try await done("download", "new.ipe", saying: "the transfer is complete")
      try await done("reboot", saying: "it has rebooted")
      #expect(try await daemon.json("devices").first?["softwareVersion"] as? String == "9.9.9 of a test")
      try await done("factory-reset", saying: "it was reset")
      try await daemon.provisions(Self.serial, within: 30)
      #expect(try await daemon.json("task").isEmpty)
    }
  }

  @Test func `what is asked of a router that is off waits, over kill -9 too, until it comes, expires or is taken back`()
    async throws
  {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let first = try await Daemon(in: lab, configuration: Self.configuration)
      let arguments = ["--cwmp-on", "--state", lab.folder.path]
      let router = try lab.router(Self.serial, arguments: arguments)
      try await first.provisions(Self.serial, within: 60)
      try await router.stop()

      let asked = try await first.usher("task", "ask", Self.serial, "get", "~.DeviceInfo.UpTime", "--wait", "1")
      #expect(asked.status == 1 && asked.output.contains("\nwaiting: for the router's next session"))
      #expect(try await first.usher("task", "ask", Self.serial, "reboot").status == 0)
      #expect(try await first.usher("task", "ask", Self.serial, "methods", "--lifetime", "2").status == 0)
      #expect(try await first.usher("task", "cancel", "2").output == "Task 2 is canceled.\n")
      #expect(try await first.usher("task", "cancel", "2").errors.contains("only what waits can be taken back"))
      try await first.kill()

      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let isExpired = try await eventually(within: 30) {
        try await daemon.usher("task", "show", "3").output.contains("\nexpired: ")
      }
      #expect(isExpired)
      #expect(try await daemon.json("task").compactMap { $0["task"] as? Int } == [1])
      let again = try lab.router(Self.serial, arguments: arguments)
      let isDone = try await eventually(within: 30) {
        try await daemon.usher("task", "show", "1").output.contains("\ndone: 1 value")
      }
      #expect(isDone)
      let journey = try #require(try await daemon.journey(of: Self.serial))
      #expect(
        journey.events.contains { $0.text.contains("did task 1, GetParameterValues ~.DeviceInfo.UpTime: 1 value") })
      #expect(journey.events.contains { $0.text.contains("it expired before the router came") })
      #expect(
        journey.events.contains {
          $0.text == "need not do task 2, Reboot: an operator took it back before it was sent" && !$0.trouble
        })
      // Numbers are not used again.
      #expect(try await daemon.usher("task", "ask", Self.serial, "methods").output.hasPrefix("task 4 for "))
      try await again.stop()
      try await daemon.stop()
    }
  }

  @Test func `the sessions of a provisioning are on record without secrets, and go today as they went`() async throws {
    try await provisioned { lab, daemon, router in
      let secret = "hunter2-is-secret"
      let locked = try await ask(["set", "~.ManagementServer.Password=\(secret)"], of: daemon, router)
      #expect(locked.status == 64 && locked.errors.contains("it would be locked out"))
      let set = try await ask(["set", "~.Services.Password=\(secret)"], of: daemon, router)
      #expect(set.status == 1 && set.output.contains("InternetGatewayDevice.Services.Password: fault 9005"))
      #expect(!set.output.contains(secret))
      let hidden = try await ask(["set", "~.DeviceConfig.ConfigFile=password \(secret)"], of: daemon, router)
      #expect(hidden.status == 0 && hidden.output.contains("SetParameterValues ~.DeviceConfig.ConfigFile\n"))
      #expect(!hidden.output.contains(secret))
      let typed = try await ask(["set", "~.Services.Password:int=\(secret)"], of: daemon, router)
      #expect(typed.errors.contains("and \"***\" is not") && !typed.errors.contains(secret))
      for words in [
        ["task", "--all"], ["task", "show", "2"], ["journey", Self.serial], ["parameters", Self.serial],
      ] {
        let told = try await Program([try Daemon.binary] + words + ["--json", "--control", daemon.control]).result()
        #expect(told.status == 0 && !told.output.contains(secret), "\(words)")
      }
      #expect(!daemon.program.output.contains(secret) && !daemon.program.errors.contains(secret))
      let isErased = try await eventually(within: 30) {
        try FileManager.default.contentsOfDirectory(at: lab.folder, includingPropertiesForKeys: nil)
          .filter { $0.lastPathComponent.hasPrefix("usher.db") }.allSatisfy {
            try Data(contentsOf: $0).firstRange(of: Data(secret.utf8)) == nil
          }
      }
      #expect(isErased)
      _ = try await eventually(within: 5) { router.output.hasSuffix("CWMP: the session is over.\n") }
      let kept = try await daemon.json("transcript", "list", Self.serial)
      #expect(kept.count >= 3)
      var all = ""
      for number in kept.compactMap({ $0["transcript"] as? Int }) {
        let shown = try await daemon.usher("transcript", "show", "\(number)")
        #expect(shown.output.hasPrefix("# usher transcript 1: 000FE2-MSR36-20-\(Self.serial)\n"))
        all += shown.output
      }
      #expect(all.contains("<Value xsi:type=\"xsd:string\">***</Value>"))
      #expect(!all.contains("sysname branch-0"))
      for word in [secret, "Authorization", "Digest ", "nonce", "usher-session"] {
        #expect(!all.contains(word), "\(word)")
      }
      let flash = try String(contentsOf: lab.folder.appending(path: "\(Self.serial).json"), encoding: .utf8)
      let passwords = flash.matches(of: #/Password" *: *"([^"]{6,})"/#).map { String($0.1) }
      #expect(!passwords.isEmpty)
      for password in passwords { #expect(!all.contains(password)) }

      let replay = try await daemon.usher("transcript", "replay")
      #expect(replay.status == 0 && replay.output.hasSuffix(" replayed, 0 went another way.\n"), "\(replay.output)")
    }
  }
}
