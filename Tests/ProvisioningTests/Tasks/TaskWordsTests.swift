import CWMP
import Net
import Testing

@testable import Provisioning

/// Why a task came to nothing, as operators are told.
struct TaskWordsTests {
  private let busy = TaskFailure.fault(code: 9002, text: "busy", parameters: [])

  private func at(_ seconds: Int64) -> Timestamp { noon.advanced(bySeconds: seconds) }

  /// What is told of a task after `change`; `attempts` is the limit.
  private func told(
    _ request: TaskRequest = .getRPCMethods, lifetime: Int64 = 3600, attempts: Int = 2,
    after change: (inout TaskQueue) -> Void
  ) -> String? {
    let task = DeviceTask(
      number: 1, device: msr, request: request, created: noon, lifetime: lifetime, attemptLimit: attempts)
    var queue = TaskQueue([task])
    change(&queue)
    return queue.tasks[0].trouble()
  }

  /// Sends the task and has it fail, at this second.
  private func fail(_ queue: inout TaskQueue, _ failure: TaskFailure? = nil, at second: Int64) {
    _ = queue.next(at: at(second))
    queue.fail(1, failure ?? busy, at: at(second))
  }

  @Test func `what goes well, or has not begun, is no trouble`() {
    #expect(told { _ in } == nil)
    #expect(told { $0.complete(1, TaskResult("done"), at: at(1)) } == nil)
  }

  @Test func `a failure is told with what comes next`() {
    let fault = "fault 9002, internal error (the router says \"busy\")"
    #expect(told { fail(&$0, at: 0) } == "\(fault); tried again at \(at(30))")
    #expect(
      told {
        fail(&$0, at: 0)
        fail(&$0, at: 30)
      } == "\(fault); given up after 2 attempts; ask again once that is mended")
    #expect(
      told(lifetime: 20) { fail(&$0, at: 0) }
        == "\(fault); given up after 1 attempt, for it expires at \(at(20)); ask again once that is mended")
    #expect(
      told { fail(&$0, .fault(code: 9001, text: "", parameters: []), at: 0) }
        == "fault 9001, request denied; not tried again, for it would fail again")
    #expect(
      told { fail(&$0, .impossible("the file is no longer here"), at: 0) }
        == "the file is no longer here; the router was not asked")
  }

  @Test func `what was not answered may have been done, unless it was only to be read`() {
    #expect(
      told(.reboot) { fail(&$0, .unanswered, at: 0) }
        == "the session ended before the router answered; it may have done it, and is not asked again")
    let reading: [TaskRequest] = [
      .getParameterValues(["A"]), .getParameterNames(path: "", nextLevel: false), .getParameterAttributes(["A"]),
      .getRPCMethods, .getQueuedTransfers, .discover(path: ""),
    ]
    for request in reading {
      #expect(
        told(request) { fail(&$0, .unanswered, at: 0) }
          == "the session ended before the router answered; given up after 1 attempt; ask again")
    }
  }

  @Test func `what expired, or was taken back, is told with how far it came`() {
    #expect(
      told { $0.passTime(to: at(3600)) } == "it expired before the router came; ask again if it is still wanted")
    #expect(
      told {
        fail(&$0, at: 0)
        $0.passTime(to: at(3600))
      }?.hasPrefix("it expired after 1 attempt; the last failed with fault 9002, internal error") == true)
    #expect(told { _ = $0.cancel(1, at: at(1)) } == "an operator took it back before it was sent")
    #expect(
      told {
        fail(&$0, at: 0)
        _ = $0.cancel(1, at: at(1))
      }?.hasPrefix("an operator took it back after 1 attempt; the last failed with fault 9002") == true)
    #expect(
      told(.upload(fileType: "2 Vendor Log File", delay: 600)) { queue in
        _ = queue.next(at: at(0))
        queue.transferCanceled(commandKey: "task-1-1", by: 7, at: at(1))
      } == "the router canceled the transfer, as task 7 asked")
  }

  @Test func `a long failure is cut, and what comes next is not`() {
    let parameters = (0..<20).map {
      TaskFailure.Parameter(path: "Device.Some.Parameter.\($0)", code: 9007, text: String(repeating: "x", count: 200))
    }
    var queue = TaskQueue([DeviceTask(number: 1, device: msr, request: .getRPCMethods, created: noon)])
    fail(&queue, .fault(code: 9003, text: "", parameters: parameters), at: 0)
    let told = queue.tasks[0].trouble(longest: 300) ?? ""
    #expect(told.count < 400 && told.hasSuffix("…; not tried again, for it would fail again"), "\(told)")
  }
}
