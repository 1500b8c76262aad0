import CWMP
import Management
import Provisioning
import Testing

struct TaskOrderTests {
  private func request(_ words: String...) throws -> TaskRequest {
    try TaskOrder(words: words).request { $0 == "~.Interval" ? .unsignedInt : nil }
  }

  @Test func `words are what TR-069 has methods for`() throws {
    #expect(try request("get", "A.", "B") == .getParameterValues(["A.", "B"]))
    #expect(
      try request("set", "~.Interval=300", "B:boolean=1", "C=a=b")
        == .setParameterValues([
          ParameterValue(path: "~.Interval", value: "300", type: .unsignedInt),
          ParameterValue(path: "B", value: "1", type: .boolean), ParameterValue(path: "C", value: "a=b", type: .string),
        ]))
    #expect(try request("names") == .getParameterNames(path: "", nextLevel: false))
    #expect(try request("notify", "A=active") == .setParameterAttributes([.init(path: "A", notification: 2)]))
    #expect(try request("add", "A.B") == .addObject(path: "A.B."))
    #expect(try request("DeleteObject", "A.B.1.") == .deleteObject(path: "A.B.1."))
    #expect(
      try request("download", "f.cfg")
        == .download(
          .init(name: "f.cfg", fileType: "3 Vendor Configuration File", targetFileName: "f.cfg"), delay: 0))
    #expect(
      try request("schedule-download", "http://a/b", "10", "20")
        == .scheduleDownload(
          .init(url: "http://a/b", fileType: "3 Vendor Configuration File"), start: 10, end: 20, mode: "1 At Any Time"))
    #expect(try request("upload", "log") == .upload(fileType: "2 Vendor Log File", delay: 0))
    #expect(try request("inform", "30") == .scheduleInform(delay: 30))
    #expect(try request("cancel-transfer", "k") == .cancelTransfer(commandKey: "k"))
    #expect(try request("uninstall", "u") == .changeDUState([.uninstall(uuid: "u", version: "", environment: "")]))
    #expect(try request("discover") == .discover(path: ""))
  }

  @Test func `every word and every method is understood`() throws {
    for (word, method, _) in TaskOrder.words {
      let arguments = ["A.B=1", "10", "20"]
      let order = (0...3).lazy.compactMap { try? TaskOrder(words: [word] + arguments.prefix($0)) }.first
      let number = try? TaskOrder(words: [word, "5"])
      #expect((order ?? number)?.method == method, "\(word)")
      #expect(TaskOrder.methods.contains(method))
    }
  }

  @Test func `a mistake is told in words`() {
    let types =
      "There are string, int, unsignedInt, long, unsignedLong, boolean, dateTime, base64, hexBinary."
    func told(_ words: String...) -> String {
      do throws(TaskWordsError) {
        _ = try TaskOrder(words: words)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(told("get") == "get needs a path: write `get PATH…`.")
    #expect(told("schedule-download", "f", "1").hasSuffix(": write `schedule-download FILE|URL START END`."))
    for words in [["set", "A"], ["set", "=1"], ["notify", "A"], ["notify", "=off"]] {
      #expect(told(words[0], words[1]) == "\"\(words[1])\" gives no value to a parameter: write PATH=VALUE.")
    }
    #expect(told("set", "A:srting=1") == "There is no type srting; did you mean \"string\"? \(types)")
    #expect(told("set", "A:unsignedint=1").hasPrefix("There is no type unsignedint; did you mean \"unsignedInt\"?"))
    #expect(told("set", "A:number=1") == "There is no type number. \(types)")
    #expect(told("inform", "soon") == "\"soon\" is no number of seconds from 0 to 4294967295.")
    #expect(told("inform", "4294967296") == "\"4294967296\" is no number of seconds from 0 to 4294967295.")
    #expect(told("notify", "A=7") == "\"7\" is no notification: off, passive, active, or 0 to 6.")
    #expect(told("reboot", "now") == "reboot does not take \"now\": write `reboot`.")
    #expect(told("install", "http://a/b", "c").hasPrefix("install does not take \"c\": write `install URL`"))
    #expect(
      told("rebot").hasPrefix("\"rebot\" is nothing that a router can be asked; did you mean \"reboot\"? There are "))
    #expect(told("GetParametreValues", "A").contains("did you mean \"GetParameterValues\"?"))
    #expect(told("explode").hasPrefix("\"explode\" is nothing that a router can be asked. There are get PATH…;"))
  }

  @Test func `a value that is none of the router's type is refused before it is sent`() {
    #expect(throws: TaskOrderError.illegalValue(path: "~.Interval", value: "often", type: .unsignedInt, isKnown: true))
    {
      try request("set", "~.Interval=often")
    }
    #expect(throws: TaskOrderError.ourCredentials(path: "~.ManagementServer.Password")) {
      try request("set", "~.ManagementServer.Password=x")
    }
    #expect(throws: TaskOrderError.unknownMethod("Explode")) { try TaskOrder("Explode").request { _ in nil } }
    #expect(throws: TaskOrderError.illegalValue(path: "A.Password", value: "***", type: .int, isKnown: false)) {
      try request("set", "A.Password:int=hunter2")
    }
    #expect(throws: TaskOrderError.missing("a parameter", method: "SetParameterValues")) {
      try TaskOrder("SetParameterValues").request { _ in nil }
    }
  }

  @Test func `a time that no task can have is refused, not bent`() {
    func told(_ change: (inout TaskOrder) -> Void) -> String? {
      var order = TaskOrder("Reboot")
      change(&order)
      do throws(TaskOrderError) {
        _ = try order.request { _ in nil }
        return nil
      } catch {
        return "\(error)"
      }
    }
    #expect(told { $0.lifetime = 60 } == nil)
    #expect(told { $0.lifetime = 0 } == "A task's lifetime wants seconds from 1 to 31622400.")
    #expect(told { $0.lifetime = 31_622_401 } != nil)
    #expect(told { $0.attempts = 0 } == "A task's limit of attempts wants a number from 1 to 100.")
    #expect(told { $0.delay = -1 } == "A task's delay wants seconds from 0 to 4294967295.")
  }
}
