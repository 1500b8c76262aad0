import ArgumentParser
import CWMP
import Management

struct TaskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task", abstract: "Asks routers for what TR-069 has methods for, and says what came of it.",
    subcommands: [Ask.self, List.self, Show.self, Cancel.self], defaultSubcommand: List.self)

  struct Ask: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ask", abstract: "Queues something for a router's next session.",
      discussion: """
        What can be asked, in a word or by the method's own name:
        \(TaskOrder.choices.map { "  \($0)" }.joined(separator: "\n"))
        A path that begins with "~." is under the router's own root. A value's type is what the router says; \
        PATH:TYPE=VALUE says it otherwise. FILE is one of `usher files`, and its kind says what it is downloaded as. \
        KEY is what `transfers` or `usher task show` names.

        The task waits for the router's next session, and outlives restarts of the daemon; --wake has the router come \
        at once. What routers may be asked twice without harm is asked again where no answer came.
        """)

    @Argument(help: "The router: its serial number, hardware address, IP address or number.")
    var router: String
    @Argument(help: "What is asked, and of what.")
    var words: [String]
    @Option(help: "A transfer's FileType in full, such as \"1 Firmware Upgrade Image\".")
    var type: String?
    @Option(help: "The name that the router stores a downloaded file under.")
    var target: String?
    @Option(help: "Seconds that the router waits before a transfer.")
    var delay: Int?
    @Option(help: "Seconds until it is given up if the router has not come. Default: a week.")
    var lifetime: Int64?
    @Option(help: "How often it is tried where it fails in a way that may pass. Default: 4.")
    var attempts: Int?
    @Flag(help: "Only one level of names.")
    var nextLevel = false
    @Flag(help: "Ask even for a path that the router is not known to have.")
    var asSpelled = false
    @Flag(help: "Wake the router for it, as `usher wake` does.")
    var wake = false
    @Option(help: "Wait so many seconds for its end; exit code 1 where it fails, in part too, or does not end.")
    var wait: Int?
    @OptionGroup var control: ControlOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
      _ = try order()
      if let wait, wait < 0 { throw ValidationError("--wait wants a number of seconds, 0 or more.") }
    }

    func run() async throws {
      let target = "/routers/\(router.percentEncoded)"
      var task: TaskReport = try await control.client.post("\(target)/tasks", try order())
      if wake {
        let report: WakeReport = try await control.client.post("\(target)/wake", within: 900)
        if let failed = report.steps.last, !report.woken {
          StandardError.print("It was not woken, and the task waits. \(failed.stage): \(failed.text)".printable)
        }
      }
      let deadline = ContinuousClock.now + .seconds(wait ?? 0)
      while task.isOpen, ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(200))
        task = try await control.client.get("/tasks/\(task.task)")
      }
      if try !output.printJSON(task) { task.print(output) }
      if wait != nil, task.state != "done" || !task.refused.isEmpty { throw ExitCode(.failed) }
    }

    private func order() throws -> TaskOrder {
      do throws(TaskWordsError) {
        var order = try TaskOrder(words: words)
        try checkOptions(of: order.method)
        order.fileType = type ?? order.fileType
        order.targetFileName = self.target
        order.delay = delay ?? order.delay
        order.lifetime = lifetime
        order.attempts = attempts
        if nextLevel { order.nextLevel = true }
        if asSpelled { order.asSpelled = true }
        return order
      } catch {
        throw ValidationError("\(error)")
      }
    }

    /// Throws where an option goes with other methods only.
    private func checkOptions(of method: String) throws(TaskWordsError) {
      let options: [(name: String, isGiven: Bool, methods: [String])] = [
        ("--type", type != nil, ["Download", "ScheduleDownload", "Upload"]),
        ("--target", target != nil, ["Download", "ScheduleDownload"]),
        ("--delay", delay != nil, ["Download", "Upload"]), ("--next-level", nextLevel, ["GetParameterNames"]),
      ]
      for option in options where option.isGiven && !option.methods.contains(method) {
        throw .foreignOption(option.name, methods: option.methods, method: method)
      }
    }
  }

  struct List: AsyncParsableCommand, ListOfRouter {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Lists the tasks that have not ended, newest first.")

    @Argument(help: "Only those of this router.")
    var router: String?
    @Flag(help: "Those that have ended too.")
    var all = false
    @OptionGroup var control: ControlOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let query = (router.map { ["router=\($0.percentEncoded)"] } ?? []) + (all ? ["all=1"] : [])
      let tasks: [TaskReport] = try await control.client.get(
        "/tasks" + (query.isEmpty ? "" : "?" + query.joined(separator: "&")))
      if try output.printJSON(tasks) { return }
      var table = Table("TASK", .name("DEVICE"), .text("REQUEST"), "STATE", .note("WHAT CAME OF IT"))
      for task in tasks {
        table.add(
          .text(String(task.task)), .device(task.device), .text(task.request), .text(task.state), .text(task.text))
      }
      output.print(table)
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Shows one task, with the values that it brought.")

    @Argument(help: "Its number.")
    var task: Int64
    @OptionGroup var control: ControlOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
      let task: TaskReport = try await control.client.get("/tasks/\(task)")
      if try !output.printJSON(task) { task.print(output) }
    }
  }

  struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "cancel", abstract: "Takes back a task that the router does not have yet.")

    @Argument(help: "Its number.")
    var task: Int64
    @OptionGroup var control: ControlOptions

    func run() async throws {
      let task: TaskReport = try await control.client.post("/tasks/\(task)/cancel")
      print("Task \(task.task) is \(task.state).")
    }
  }
}

extension TaskReport {
  fileprivate func print(_ output: OutputOptions) {
    output.print("task \(task) for ", "\(DeviceID.name(of: device)): \(request)")
    output.print("\(state): ", text)
    if ["sent", "accepted"].contains(state), let commandKey { output.print("  ", "its command key is \(commandKey)") }
    for value in values { output.print("  ", "\(value.path) = \(value.value)") }
    for line in lines { output.print("  ", line) }
    if isCut { output.print("  ", "and more, which `usher parameters` shows") }
  }
}
