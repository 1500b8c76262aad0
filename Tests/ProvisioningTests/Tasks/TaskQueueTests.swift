import CWMP
import Net
import Testing

@testable import Provisioning

struct TaskQueueTests {
  private static let noon = Timestamp(rawValue: 1_800_000_000_000)
  private static let id = DeviceID(oui: "000FE2", productClass: "MSR", serialNumber: "1")

  private func task(_ number: Int64, _ request: TaskRequest, lifetime: Int64 = 3600) -> DeviceTask {
    DeviceTask(number: number, device: Self.id, request: request, created: Self.noon, lifetime: lifetime)
  }

  private func at(_ seconds: Int64) -> Timestamp { Self.noon.advanced(bySeconds: seconds) }

  private func state(_ queue: TaskQueue, _ number: Int64) -> DeviceTask.State? {
    queue.tasks.first { $0.number == number }?.state
  }

  @Test func `tasks are sent in the order in which they were queued, each with its own key`() {
    var queue = TaskQueue([task(9, .reboot), task(7, .getRPCMethods)])
    let first = queue.next(at: at(1))
    #expect(first?.number == 7)
    #expect(first?.commandKey == "task-7-1")
    #expect(queue.takeChanges() == [first])
    queue.complete(7, TaskResult("GetRPCMethods"), at: at(2))
    #expect(queue.next(at: at(3))?.number == 9)
    #expect(queue.takeChanges().map(\.number) == [7, 9])
    #expect(queue.takeChanges() == [])
  }

  @Test func `a request whose answer was lost is repeated where that does no harm, and else fails`() {
    var queue = TaskQueue([task(1, .getParameterValues(["A"])), task(2, .addObject(path: "A."))])
    _ = queue.next(at: at(1))
    #expect(queue.next(at: at(2))?.commandKey == "task-1-2")
    queue.complete(1, TaskResult("1 values"), at: at(2))
    #expect(queue.next(at: at(3))?.number == 2)
    #expect(queue.next(at: at(4)) == nil)
    #expect(state(queue, 2) == .failed(.unanswered, at: at(4)))
  }

  @Test func `a fault that may pass is tried again later and later, up to the limit`() {
    let fault = TaskFailure.fault(code: 9002, text: "busy", parameters: [])
    var queue = TaskQueue([task(1, .getParameterValues(["A"]), lifetime: 86_400)])
    var now: Int64 = 0
    for delay: Int64 in [30, 300, 3600] {
      #expect(queue.next(at: at(now)) != nil)
      queue.fail(1, fault, at: at(now))
      #expect(state(queue, 1) == .waiting(notBefore: at(now + delay)))
      #expect(queue.next(at: at(now + delay - 1)) == nil)
      now += delay
    }
    #expect(queue.next(at: at(now)) != nil)
    queue.fail(1, fault, at: at(now))
    #expect(state(queue, 1) == .failed(fault, at: at(now)))
  }

  @Test func `a fault that will not pass is not tried again`() {
    for code in [9000, 9001, 9003, 9005, 9006, 9007, 9008, 9018] {
      var queue = TaskQueue([task(1, .reboot)])
      _ = queue.next(at: at(0))
      queue.fail(1, .fault(code: code, text: "", parameters: []), at: at(0))
      #expect(queue.tasks.first?.isOpen == false, "\(code)")
    }
  }

  @Test func `a task that the router did not come for in time expires`() {
    var queue = TaskQueue([task(1, .reboot, lifetime: 60)])
    #expect(queue.next(at: at(60)) == nil)
    #expect(state(queue, 1) == .expired(at: at(60)))
  }

  @Test func `what has waited too long ends though its router does not come`() {
    let tasks = [
      task(1, .reboot, lifetime: 60), task(2, .reboot, lifetime: 600), task(3, .getRPCMethods, lifetime: 60),
    ]
    var queue = TaskQueue(tasks)
    queue.passTime(to: at(59))
    #expect(queue.takeChanges() == [])
    queue.passTime(to: at(60))
    #expect(state(queue, 1) == .expired(at: at(60)) && state(queue, 3) == .expired(at: at(60)))
    _ = queue.next(at: at(70))
    queue.passTime(to: at(3669))
    #expect(state(queue, 2) == .requested(at: at(70)))
    queue.passTime(to: at(3670))
    #expect(state(queue, 2) == .failed(.unanswered, at: at(3670)))
  }

  @Test func `a transfer that is canceled at the router is canceled here, and not tried again`() {
    var queue = TaskQueue([
      task(1, .upload(fileType: "2 Vendor Log File", delay: 600)), task(2, .cancelTransfer(commandKey: "task-1-1")),
    ])
    _ = queue.next(at: at(0))
    queue.accept(1, TaskResult("accepted"), at: at(0))
    guard let cancel = queue.next(at: at(1)) else { return #expect(Bool(false)) }
    queue.answered(cancel, .response(.cancelTransfer), type: { _ in nil }, at: at(2))
    #expect(state(queue, 1) == .canceled(at: at(2), by: 2))
    #expect(state(queue, 2) == .done(TaskResult("canceled"), at: at(2)))
  }

  @Test func `what a router tells of secrets is not kept`() {
    var queue = TaskQueue([task(1, .getParameterValues(["A."]))])
    guard let sent = queue.next(at: at(0)) else { return #expect(Bool(false)) }
    let values = [ParameterValue(path: "A.Password", value: "hunter2"), ParameterValue(path: "A.B", value: "1")]
    let answer = GetParameterValuesResponse(parameters: values)
    queue.answered(sent, .response(.getParameterValues(answer)), type: { _ in nil }, at: at(1))
    #expect(!"\(queue.tasks)".contains("hunter2"))
    #expect("\(queue.tasks)".contains("2 values"))
  }

  @Test func `a transfer is done when its TransferComplete comes, of any attempt`() {
    var queue = TaskQueue([task(1, .upload(fileType: "1 Vendor Configuration File", delay: 0))])
    let sent = queue.next(at: at(0))
    queue.accept(1, TaskResult("accepted"), at: at(1))
    #expect(state(queue, 1) == .accepted(until: at(3601)))
    let foreign = ["task-2-1", "task-1-9", "file-1"].map {
      queue.transferCompleted(commandKey: $0, code: 0, text: "", at: at(2))
    }
    #expect(foreign == [false, false, false])
    let own = queue.transferCompleted(commandKey: sent?.commandKey ?? "", code: 0, text: "", at: at(2))
    #expect(own)
    #expect(queue.tasks.first?.isOpen == false)
  }

  @Test func `a transfer that fails is tried again, and one that is never told of too`() {
    var queue = TaskQueue([task(1, .upload(fileType: "2 Vendor Log File", delay: 0), lifetime: 86_400)])
    _ = queue.next(at: at(0))
    queue.accept(1, TaskResult("accepted"), at: at(0))
    _ = queue.transferCompleted(commandKey: "task-1-1", code: 9011, text: "no route", at: at(5))
    #expect(state(queue, 1) == .waiting(notBefore: at(35)))
    #expect(queue.next(at: at(40))?.attempts == 2)
    queue.accept(1, TaskResult("accepted"), at: at(40))
    #expect(queue.next(at: at(3639)) == nil)
    #expect(queue.next(at: at(3640)) == nil)
    #expect(state(queue, 1) == .waiting(notBefore: at(3640 + 300)))
  }

  @Test func `30 a TransferComplete without a key is that of the only transfer there is`() {
    let tasks = [task(1, .upload(fileType: "2 Vendor Log File", delay: 0)), task(2, .getRPCMethods)]
    var queue = TaskQueue(tasks)
    _ = queue.next(at: at(0))
    queue.accept(1, TaskResult("accepted"), at: at(0))
    let results = [false, true].map {
      queue.transferCompleted(commandKey: "", code: 0, text: "", isOnlyTransfer: $0, at: at(1))
    }
    #expect(results == [false, true])
  }

  @Test func `a Reboot is done when the router boots, a FactoryReset when it bootstraps`() {
    var queue = TaskQueue([task(1, .reboot), task(2, .factoryReset)])
    queue.booted(isBootstrap: true, commandKeys: [], at: at(0))
    #expect(queue.takeChanges() == [])
    _ = queue.next(at: at(1))
    queue.accept(1, TaskResult("accepted"), at: at(1))
    _ = queue.next(at: at(1))
    queue.booted(isBootstrap: false, commandKeys: ["task-1-1"], at: at(60))
    #expect(queue.tasks.map(\.isOpen) == [false, true])
    queue.booted(isBootstrap: true, commandKeys: [], at: at(61))
    #expect(queue.tasks.map(\.isOpen) == [false, false])
  }

  @Test func `only what was not sent can be taken back`() {
    var queue = TaskQueue([task(1, .reboot), task(2, .reboot)])
    _ = queue.next(at: at(0))
    let results = (queue.cancel(1, at: at(1)), queue.cancel(2, at: at(1)), queue.cancel(2, at: at(1)))
    #expect(results == (false, true, false))
  }

  @Test func `a fault tells parameter, value, the type that the router has, its own words, and hides secrets`() {
    let values = [
      ParameterValue(path: "~.A.Interval", value: "often", type: .string),
      ParameterValue(path: "~.A.Password", value: "hunter2"),
    ]
    var queue = TaskQueue([task(1, .setParameterValues(values))])
    let sent = queue.next(at: at(0)) ?? task(0, .reboot)
    let fault = Fault(
      code: 9003, text: "Invalid arguments",
      parameters: [
        ParameterFault(path: "Device.A.Interval", code: 9006, text: "not a number"),
        ParameterFault(path: "Device.A.Password", code: 9007, text: ""),
      ])
    queue.answered(sent, .fault(fault), type: { $0 == "Device.A.Interval" ? .unsignedInt : nil }, at: at(1))
    guard case .failed(let failure, _) = state(queue, 1) else { return #expect(Bool(false)) }
    #expect(
      "\(failure)"
        == "Device.A.Interval = \"often\": fault 9006, invalid parameter type (the router says \"not a number\")"
        + "; the router has it as unsignedInt; Device.A.Password: fault 9007, invalid parameter value")
    #expect(!"\(queue.tasks)".contains("hunter2"))
  }
}
