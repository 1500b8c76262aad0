import CWMP
import Net
import Testing

@testable import Provisioning

struct TaskSecretsTests {
  private static let word = "hunter2"
  private static let url = "http://user:hunter2@192.0.2.9/a.bin"

  private static let secret: [TaskRequest] = [
    .setParameterValues([
      ParameterValue(path: "A.Interval", value: "1"), ParameterValue(path: "~.A.X_KeyPassphrase", value: word),
    ]),
    .setParameterValues([ParameterValue(path: "A.DeviceConfig.ConfigFile", value: "password \(word)")]),
    .download(.init(url: url, fileType: "1 Firmware Upgrade Image"), delay: 0),
    .scheduleDownload(.init(url: url, fileType: "1 Firmware Upgrade Image"), start: 0, end: 9, mode: "1"),
    .changeDUState([.install(url: url, uuid: "", environment: ""), .update(url: url, uuid: "u", version: "")]),
  ]

  /// With all that is in it, however it would describe itself.
  private func dumped(_ value: some Any) -> String {
    var text = ""
    dump(value, to: &text)
    return text
  }

  @Test(arguments: secret) func `a request with secrets is told without them, and kept without them once it has ended`(
    request: TaskRequest
  ) {
    #expect("\(request)".contains(Self.word) == false)
    #expect(request.isConfidential)
    var queue = TaskQueue([DeviceTask(number: 1, device: msr, request: request, created: noon)])
    #expect(queue.tasks[0].request == request)
    _ = queue.cancel(1, at: noon)
    let kept = queue.tasks[0].request
    #expect(!dumped(kept).contains(Self.word) && dumped(request).contains(Self.word))
    #expect(kept.isConfidential && kept.method == request.method && "\(kept)" == "\(request)")
  }

  @Test func `a request without secrets is kept as it is`() {
    let requests: [TaskRequest] = [
      .setParameterValues([ParameterValue(path: "A.Interval", value: "1")]), .reboot,
      .getParameterValues(["A.Password"]), .download(.init(url: "http://h/a", fileType: "3"), delay: 0),
      .download(.init(name: "a.cfg", fileType: "3"), delay: 0),
      .changeDUState([.uninstall(uuid: "u", version: "", environment: "")]),
    ]
    for request in requests { #expect(!request.isConfidential && request.withoutSecrets == request) }
  }

  @Test func `a fault that repeats the secret is told without it`() {
    let values = ["A.Password": "hunter2", "A.Secret": "hunter2hunter2", "A.B": "plain"]
    let request = TaskRequest.setParameterValues(values.map { ParameterValue(path: $0.key, value: $0.value) })
    var queue = TaskQueue([DeviceTask(number: 1, device: msr, request: request, created: noon)])
    let sent = queue.next(at: noon)
    let fault = Fault(
      code: 9003, text: "no hunter2 and no plain",
      parameters: [
        ParameterFault(path: "A.Password", code: 9007, text: String(repeating: "x", count: 252) + "hunter2"),
        ParameterFault(path: "A.Secret", code: 9007, text: "hunter2hunter2"),
      ])
    if let sent { queue.answered(sent, .fault(fault), type: { _ in nil }, at: noon) }
    let told = dumped(queue.tasks)
    #expect(!told.contains("hunt") && told.contains("no *** and no plain"))
  }

  @Test func `a value that cannot be sent is told without its secret`() {
    let problem = RequestProblem.illegalValue(path: "A.Password", value: "hunter2\u{1}", type: .string)
    #expect("\(problem.withoutSecrets)" == "A.Password is of type string, and \"***\" is none")
    let plain = RequestProblem.illegalValue(path: "A.B", value: "x", type: .int)
    #expect(plain.withoutSecrets == plain)
  }

  @Test(arguments: [
    "Device.WiFi.AccessPoint.1.Security.PreSharedKey", "Device.A.WEPKey", "Device.A.X_VENDOR_PrivateKey",
    "Device.A.AuthPassword", "Device.RADIUS.SharedSecret", "Device.A.X_PSK", "Device.A.AdminPasswd",
  ])
  func `what data models hide is a secret by its name`(path: String) {
    #expect(Goal.Parameter.isSecret(path))
  }

  @Test(arguments: ["Device.Passwords.1.Alias", "Device.A.KeepAlive", "Device.A.PublicKey", "Device.Secret.Enable"])
  func `other names are none`(path: String) {
    #expect(!Goal.Parameter.isSecret(path))
  }
}
