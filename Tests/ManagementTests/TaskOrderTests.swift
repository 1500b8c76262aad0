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
    func told(_ words: String...) -> String {
      do throws(TaskWordsError) {
        _ = try TaskOrder(words: words)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(told("get") == "get needs a path.")
    #expect(told("set", "A") == "\"A\" has no \"=\".")
    #expect(told("set", "A:int32=1").hasPrefix("There is no type int32; there are string, int,"))
    #expect(told("inform", "soon") == "\"soon\" is no number of seconds.")
    #expect(told("notify", "A=7") == "\"7\" is no notification: off, passive, active, or 0 to 6.")
    #expect(told("reboot", "now") == "reboot does not take \"now\".")
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
    #expect(throws: TaskOrderError.missing("a parameter", method: "SetParameterValues")) {
      try TaskOrder("SetParameterValues").request { _ in nil }
    }
  }
}
