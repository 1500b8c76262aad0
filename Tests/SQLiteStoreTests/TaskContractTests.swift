import CWMP
import Journey
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

  @Test(arguments: Engine.allCases)
  func `of each device the newest transcripts are kept`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      for number in 1...4 {
        try store.commit([
          .transcript(device("a").id, start: noon, bytes: [UInt8(number)], kept: 2),
          .transcript(device("b").id, start: noon, bytes: [9, 9], kept: 9),
        ])
      }
      #expect(try store.transcripts(of: device("a").id, limit: 10).map(\.number) == [7, 5])
      #expect(try store.transcripts(of: nil, limit: 3).map(\.number) == [8, 7, 6])
      #expect(try store.transcripts(of: device("b").id, limit: 1).first?.size == 2)
      #expect(try store.transcript(7) == [4])
      #expect(try store.transcript(3) == nil)
    }
  }

  @Test(arguments: Engine.allCases)
  func `lists come page by page, and routers by what they are known by`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      try store.commit(
        (1...5).map { .lease(lease($0)) } + (1...5).map { .router(router(Int64($0))) } + [
          .device(device("1")), .device(device("2")), .contact(device("1").id, noon.advanced(bySeconds: 60)),
        ])
      #expect(try store.leases(after: lease(2).address, limit: 2) == [lease(3), lease(4)])
      #expect(try store.routers(after: RouterID(rawValue: 3), limit: 10) == [router(4), router(5)])
      #expect(try store.router(RouterID(rawValue: 2)) == router(2))
      #expect(try store.devices(skipping: 1, limit: 5).map(\.id) == [device("2").id])
      if let serial = router(3).serialNumber {
        #expect(try store.routers(with: .serialNumber(serial)).contains(router(3)))
      }
      #expect(try store.routers(with: .hostname("nobody")) == [])
      let counts = try store.counts(at: lease(1).start)
      #expect(counts == StoredCounts(routers: 5, leases: 5, devices: 2))
    }
  }
}
