import CWMP
import Net
import Provisioning
import Store
import Testing

/// What both stores do with tasks and parameters.
struct TaskContractTests {
  private func task(_ number: Int64, _ name: String) -> DeviceTask {
    DeviceTask(number: number, device: device(name).id, request: .reboot, created: noon)
  }

  private func ended(_ number: Int64, _ name: String) -> DeviceTask {
    var queue = TaskQueue([task(number, name)])
    _ = queue.cancel(number, at: noon)
    return queue.tasks[0]
  }

  @Test(arguments: Engine.allCases)
  func `tasks are what they were when they were last written`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      #expect(try store.lastTask() == 0)
      try store.commit([.task(task(1, "a")), .task(task(2, "b")), .task(task(3, "a"))])
      #expect(try store.tasks(of: nil, open: true, limit: 10).map(\.number) == [3, 2, 1])
      #expect(try store.tasks(of: device("a").id, open: true, limit: 1).map(\.number) == [3])
      try store.commit([.task(ended(3, "a"))])
      #expect(try store.tasks(of: device("a").id, open: true, limit: 10) == [task(1, "a")])
      #expect(try store.tasks(of: device("a").id, open: false, limit: 10).map(\.number) == [3, 1])
      #expect(try store.task(3) == ended(3, "a"))
      #expect(try store.task(4) == nil)
      #expect(try store.lastTask() == 3)
    }
  }

  @Test(arguments: Engine.allCases)
  func `what a router tells of a parameter joins what was known of it`(engine: Engine) async throws {
    let later = noon.advanced(bySeconds: 60)
    try await engine.withStore { store async throws in
      let id = device("a").id
      try store.commit([.parameters(id, [KnownParameter(path: "Device.A", seen: noon)])])
      #expect(try store.parameter("Device.A", of: id) == nil)
      try store.commit([
        .device(device("a")),
        .parameters(
          id,
          [
            KnownParameter(path: "Device.B.", isWritable: true, seen: noon),
            KnownParameter(path: "Device.A", isWritable: false, seen: noon),
          ]),
      ])
      try store.commit([.parameters(id, [KnownParameter(path: "Device.A", type: .int, value: "-1", seen: later)])])
      let joined = KnownParameter(path: "Device.A", isWritable: false, type: .int, value: "-1", seen: later)
      #expect(try store.parameter("Device.A", of: id) == joined)
      #expect(
        try store.parameters(of: id, below: "Device.", after: "", limit: 10).map(\.path) == ["Device.A", "Device.B."])
      #expect(try store.parameters(of: id, below: "Device.", after: "Device.A", limit: 10).map(\.path) == ["Device.B."])
      #expect(try store.parameters(of: id, below: "Device.B", after: "", limit: 10).map(\.path) == ["Device.B."])
      try store.commit([.forgetParameters(id, before: later)])
      #expect(try store.parameters(of: id, below: "", after: "", limit: 10) == [joined])
    }
  }

  @Test(arguments: Engine.allCases)
  func `devices are found by the end of a path and a value`(engine: Engine) async throws {
    func known(_ path: String, _ value: String) -> KnownParameter {
      KnownParameter(path: path, type: .string, value: value, seen: noon)
    }
    try await engine.withStore { store async throws in
      try store.commit([
        .device(device("a")), .device(device("b")),
        .parameters(device("a").id, [known("InternetGatewayDevice.X.Y", "1"), known("InternetGatewayDevice.XY", "1")]),
        .parameters(device("b").id, [known("Device.X.Y", "2")]),
      ])
      func found(_ path: String, _ value: String?) throws -> Set<String> {
        Set(
          try store.devices(withParameter: path, value: value, limit: 10).map {
            "\($0.device.serialNumber) \($0.parameter.path)"
          })
      }
      #expect(try found("Y", nil) == ["a InternetGatewayDevice.X.Y", "b Device.X.Y"])
      #expect(try found("X.Y", "1") == ["a InternetGatewayDevice.X.Y"])
      #expect(try found("Device.X.Y", "2") == ["b Device.X.Y"])
      #expect(try found("X.Y", "3") == [])
      #expect(try store.devices(withParameter: "Y", value: nil, limit: 1).count == 1)
    }
  }
}
