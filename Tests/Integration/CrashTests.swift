import Foundation
import Net
import Synchronization
import Testing

/// `kill -9` at the worst moments, and a start on the same state folder.
@Suite(.serialized)
struct CrashTests {
  static let crowd = """
    subnets:
      - subnet: 192.0.2.0/24
        pool: 192.0.2.20-192.0.2.250
        lease-time: 1h
    """

  @Test func `kill -9 in the middle of 200 clients getting leases loses no acknowledged lease`() async throws {
    try await Lab.with { lab in
      var daemon = try await Daemon(in: lab, configuration: Self.crowd)
      try await run("ip", "address", "add", "192.0.2.2/24", "dev", "eth0", in: lab.client())
      var clients = try RelayedClients(
        count: 200, relay: IPv4Address(192, 0, 2, 2), of: IPv4Address(192, 0, 2, 1), in: lab.client())
      let deadline = ContinuousClock.now + .seconds(30)
      while clients.acknowledged.count < 100, ContinuousClock.now < deadline {
        try clients.step()
        try await Task.sleep(for: .microseconds(200))
      }
      try await daemon.kill()
      try? clients.receive()
      let promised = clients.acknowledged
      #expect((100..<200).contains(promised.count))

      daemon = try await Daemon(in: lab, configuration: Self.crowd)
      let kept = try await daemon.leases()
      for (hardware, address) in promised {
        #expect(kept[address] == hardware, "\(address) was acknowledged to \(hardware)")
      }
      print("\(promised.count) leases were acknowledged before the kill, \(kept.count) are on record")

      while !clients.isDone, ContinuousClock.now < deadline {
        try? clients.step()
        try await Task.sleep(for: .milliseconds(1))
      }
      #expect(clients.isDone)
      #expect(Set(clients.acknowledged.values).count == 200)
      #expect(try await daemon.leases().count == 200)
      try await daemon.stop()
    }
  }

  // MARK: - In the middle of a provisioning

  /// Short, so that a router whose download failed because the appliance was down comes again soon.
  private static let provisioning = ProvisioningTests.configuration.replacing(
    "inform-interval: 300", with: "inform-interval: 20")
  /// Most of the time each of them waits: for the router's next try, or the appliance's.
  private static let atOnce = 6

  @Test func `kill -9 after any message of a provisioning: the router still ends provisioned, its file delivered once`()
    async throws
  {
    let whole = try await provision(killAfter: nil)
    let download = try #require(whole.downloadStep)
    try #require(whole.steps > 20)
    let start = ContinuousClock.now
    // The longest first: a router that finds nobody where it fetches its file tries again after a minute.
    let steps = (1..<whole.steps).sorted { abs($0 - download - 2) < abs($1 - download - 2) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, step) in steps.enumerated() {
        if number >= Self.atOnce { try await group.next() }
        group.addTask { _ = try await provision(killAfter: step) }
      }
      try await group.waitForAll()
    }
    print("\(steps.count) kills took \(ContinuousClock.now - start)")
  }

  /// Provisions a router and, as soon as the message with this number is on the wire (POSTs and answers, from 1), kills
  /// the daemon and starts it again. Returns what was on the wire.
  private func provision(killAfter step: Int?) async throws -> WireTap.Record {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let first = try await Daemon(in: lab, configuration: Self.provisioning)
      let killed = Mutex<WireTap.Record?>(nil)
      let tap = try WireTap(in: lab) { record in
        guard record.steps == step else { return }
        killed.withLock { killed in
          guard killed == nil else { return }
          first.program.signal(SIGKILL)
          killed = record
        }
      }
      let router = try lab.router(ProvisioningTests.serial, arguments: ["--fault", "slow=50"])
      var daemon = first
      if step != nil {
        #expect(try await eventually(within: 30) { !first.program.isRunning })
        try await first.program.result(within: 5)
        daemon = try await Daemon(in: lab, configuration: Self.provisioning)
      }
      try await daemon.provisions(ProvisioningTests.serial, within: 110)
      let journey = try #require(try await daemon.journey(of: ProvisioningTests.serial))

      // Asked for once more only where the first time was not confirmed, or where it failed and the router said so.
      let isRepeatable = killed.withLock { $0.map { !$0.isConfirmed } ?? false } || journey.count("downloadFailed") > 0
      let requests = journey.count("downloadRequested")
      #expect(
        requests == 1 || (requests == 2 && isRepeatable),
        "\(requests) downloads were asked for, killed after \(step ?? 0)")
      #expect(journey.count("downloadCompleted") == 1, "killed after message \(step ?? 0)")
      let fetches = tap.record.fetches
      #expect(fetches >= 1 && fetches <= tap.record.downloads, "\(fetches) fetches, killed after \(step ?? 0)")
      tap.close()
      try await router.stop()
      try await daemon.stop()
      return tap.record
    }
  }
}
