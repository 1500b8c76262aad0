import CWMP
import DHCP
import Journey
import Net
import Store
import Testing

/// What every engine must do.
struct StoreContractTests {
  @Test(arguments: Engine.allCases)
  func `a new store holds nothing`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      #expect(try store.leases().isEmpty)
      #expect(try store.routers().isEmpty)
      #expect(try store.lastRouter() == RouterID(rawValue: 0))
      #expect(try store.devices().isEmpty)
      #expect(try store.device(device("1").id) == nil)
      #expect(try store.events(of: nil, after: 0, limit: 10).isEmpty)
      #expect(try store.lastEvent() == 0)
      #expect(try store.setting(named: "password") == nil)
    }
  }

  @Test(arguments: Engine.allCases)
  func `leases come back whole and in order of address`(engine: Engine) async throws {
    let full = Lease(
      address: .broadcast, client: .identifier([0, 255, 1]), hardware: .broadcast, state: .declined,
      start: .distantPast, expiry: .distantFuture, hostname: "böse'; DROP TABLE lease; --", vendorClass: "H3C. MSR",
      relayInformation: [1, 2, 0, 255])
    let bare = Lease(
      address: .unspecified, client: .identifier([]), hardware: nil, state: .released,
      start: Timestamp(rawValue: .min), expiry: noon)
    let emptied = Lease(
      address: IPv4Address(10, 0, 0, 0), client: .hardware(type: 32, address: []), hardware: nil, state: .bound,
      start: noon, expiry: noon, hostname: "", vendorClass: "", relayInformation: [])
    try await engine.withStore { store async throws in
      try store.commit([.lease(full), .lease(emptied), .lease(bare)])
      #expect(try store.leases() == [bare, emptied, full])
    }
  }

  @Test(arguments: Engine.allCases)
  func `the newest row of an address wins, within a commit and across commits`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      var released = lease(1)
      released.state = .released
      try store.commit([.lease(lease(1, start: .distantPast)), .lease(released), .lease(lease(2))])
      #expect(try store.leases() == [released, lease(2)])
      try store.commit([.lease(lease(1))])
      #expect(try store.leases() == [lease(1), lease(2)])
    }
  }

  @Test(arguments: Engine.allCases)
  func `routers come back whole and in order of number`(engine: Engine) async throws {
    let full = Router(
      id: RouterID(rawValue: 7), hardware: MACAddress(rawValue: 0x000F_E200_0001), address: IPv4Address(10, 0, 0, 1),
      device: "000FE2-MSR-1", serialNumber: "1", vendorClass: "H3C", hostname: "msr", firstSeen: noon)
    let bare = Router(id: RouterID(rawValue: 3), firstSeen: .distantPast)
    try await engine.withStore { store async throws in
      try store.commit([.router(full), .router(bare)])
      #expect(try store.routers() == [bare, full])
      try store.commit([.router(router(7))])
      #expect(try store.routers() == [bare, router(7)])
    }
  }

  @Test(arguments: Engine.allCases)
  func `a merged router is gone, its events go on under the other, its number stays used`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      try store.commit([.router(router(1)), .router(router(2)), .event(event(2, "a")), .event(event(1, "b"))])
      try store.commit([
        .event(event(2, "c")), .merge(RouterID(rawValue: 2), into: RouterID(rawValue: 1)), .event(event(1, "d")),
      ])
      #expect(try store.routers() == [router(1)])
      #expect(try store.texts(of: 1) == ["a", "b", "c", "d"])
      #expect(try store.texts(of: 2) == [])
      #expect(try store.lastRouter() == RouterID(rawValue: 2))
    }
  }

  @Test(arguments: Engine.allCases)
  func `a router merged into itself stays`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      try store.commit([.router(router(1)), .event(event(1, "a"))])
      try store.commit([.merge(RouterID(rawValue: 1), into: RouterID(rawValue: 1))])
      #expect(try store.routers() == [router(1)])
      #expect(try store.texts(of: 1) == ["a"])
    }
  }

  @Test(arguments: Engine.allCases)
  func `events are numbered in the order of their commits and read in parts`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      let later = event(1, "earlier clock", at: .distantPast)
      try store.commit([.event(event(1, "a")), .event(event(2, "b"))])
      try store.commit([.event(later)])
      let all = try store.events(of: nil, after: 0, limit: .max)
      #expect(all.map(\.event) == [event(1, "a"), event(2, "b"), later])
      #expect(all.map(\.number) == all.map(\.number).sorted())
      #expect(Set(all.map(\.number)).count == 3)
      #expect(all.allSatisfy { $0.number > 0 })
      #expect(try store.lastEvent() == all.last?.number)

      #expect(try store.events(of: nil, after: all[0].number, limit: 1) == [all[1]])
      #expect(try store.events(of: RouterID(rawValue: 1), after: all[0].number, limit: 9) == [all[2]])
      #expect(try store.events(of: nil, after: all[2].number, limit: 9).isEmpty)
      #expect(try store.events(of: nil, after: .min, limit: 0) == [all[0]])
      #expect(try store.events(of: nil, after: .max, limit: .min).isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func `of each router's events the newest are kept`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      try store.commit([.event(event(2, "other"))])
      for round in 0..<25 {
        try store.commit((0..<100).map { .event(event(1, "\(round * 100 + $0)")) })
      }
      let texts = try store.texts(of: 1)
      #expect(texts.count >= EventLimit.kept)
      #expect(texts.count <= EventLimit.kept + EventLimit.slack)
      #expect(texts == (2_500 - texts.count..<2_500).map(String.init))
      #expect(try store.texts(of: 2) == ["other"])
      #expect(try store.lastEvent() == 2_501)
    }
  }

  @Test(arguments: Engine.allCases)
  func `a merge does not make a router's events more than are kept`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      try store.commit((0..<900).map { .event(event(1, "one \($0)")) })
      try store.commit((0..<900).map { .event(event(2, "two \($0)")) })
      try store.commit([.merge(RouterID(rawValue: 1), into: RouterID(rawValue: 2))])
      #expect(
        try store.texts(of: 2) == (800..<900).map { "one \($0)" } + (0..<900).map { "two \($0)" })
    }
  }

  @Test(arguments: Engine.allCases)
  func `a device comes back whole`(engine: Engine) async throws {
    var full = device("1 - ü")
    full.softwareVersion = "7.1.064"
    full.hardwareVersion = ""
    full.provisioningCode = "\u{0}\u{FFFD}"
    full.connectionRequestURL = "http://10.0.0.1:7547/"
    full.lastInform = noon.advanced(bySeconds: 60)
    full.lastBoot = noon
    full.admission = .admitted(by: "inventory")
    full.credentials = .confirmed(SealedCredentials(username: "u1", secrets: [0, 255]))
    full.parameters = [ParameterFact(path: "InternetGatewayDevice.A", value: "<&>", moment: noon)]
    full.transfer = Transfer(
      commandKey: "k", fileType: "3 Vendor Configuration File", fileName: "f", digest: "d", moment: noon,
      state: .failed(code: 9010, text: "no"), attempt: 2)
    full.reboot = Reboot(commandKey: "r", moment: noon, state: .accepted)
    full.configuration = "d"
    full.verified = Verification(fingerprint: "f", moment: noon)
    let bare = device("2")
    try await engine.withStore { store async throws in
      try store.commit([.device(full), .device(bare)])
      #expect(try store.device(full.id) == full)
      #expect(try store.device(bare.id) == bare)
      #expect(try store.devices() == [full, bare])
      try store.commit([.device(device("1 - ü"))])
      #expect(try store.device(full.id) == device("1 - ü"))
    }
  }

  @Test(arguments: Engine.allCases)
  func `devices whose ids join to the same words are two devices`(engine: Engine) async throws {
    let one = Device(
      id: DeviceID(oui: "000FE2", productClass: "A", serialNumber: "B-C"), manufacturer: "", dataModel: .device,
      firstInform: noon)
    let other = Device(
      id: DeviceID(oui: "000FE2", productClass: "A-B", serialNumber: "C"), manufacturer: "", dataModel: .device,
      firstInform: noon)
    try await engine.withStore { store async throws in
      try store.commit([.device(one), .device(other)])
      #expect(try store.devices().count == 2)
    }
  }

  @Test(arguments: Engine.allCases)
  func `a contact moves the last Inform of a known device and nothing else`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      let later = noon.advanced(bySeconds: 300)
      try store.commit([.device(device("1")), .device(device("2"))])
      try store.commit([.contact(device("2").id, later), .contact(device("3").id, later)])
      var second = device("2")
      second.lastInform = later
      #expect(try store.devices() == [second, device("1")])
    }
  }

  @Test(arguments: Engine.allCases)
  func `files come back whole and in order of name, and go`(engine: Engine) async throws {
    let uploaded = try file(
      "a%20-log", .log, size: 0, digest: "", from: .device(DeviceID(oui: "000FE2", productClass: "", serialNumber: "ü"))
    )
    try await engine.withStore { store async throws in
      #expect(try store.files() == [])
      try store.commit([.file(try file("b.ipe")), .file(uploaded), .file(try file("B", size: .max))])
      #expect(try store.files() == [try file("B", size: .max), uploaded, try file("b.ipe")])
      #expect(try store.file(named: uploaded.name) == uploaded)
      try store.commit([.file(try file("b.ipe", .other, digest: "cd")), .fileRemoved(uploaded.name)])
      try store.commit([.fileRemoved(uploaded.name)])
      #expect(try store.files() == [try file("B", size: .max), try file("b.ipe", .other, digest: "cd")])
      #expect(try store.file(named: uploaded.name) == nil)
    }
  }

  @Test(arguments: Engine.allCases)
  func `a setting is what was set last`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      try store.commit([.setting(name: "key", value: [1]), .setting(name: "other", value: [])])
      try store.commit([.setting(name: "key", value: [0, 255])])
      #expect(try store.setting(named: "key") == [0, 255])
      #expect(try store.setting(named: "other") == [])
      #expect(try store.setting(named: "KEY") == nil)
    }
  }

  @Test(arguments: Engine.allCases)
  func `a reader never sees half a commit`(engine: Engine) async throws {
    try await engine.withStore { store async throws in
      try store.commit([.lease(lease(1)), .lease(lease(2))])
      try await withThrowingTaskGroup(of: Int.self) { group in
        group.addTask {
          for second in 1...200 {
            let start = noon.advanced(bySeconds: Int64(second))
            try store.commit([.lease(lease(1, start: start)), .lease(lease(2, start: start))])
          }
          return 0
        }
        for _ in 0..<2 {
          group.addTask {
            var torn = 0
            for _ in 0..<200 where Set(try store.leases().map(\.start)).count != 1 { torn += 1 }
            return torn
          }
        }
        for try await torn in group { #expect(torn == 0) }
      }
      #expect(try store.leases().map(\.start) == Array(repeating: noon.advanced(bySeconds: 200), count: 2))
    }
  }
}
