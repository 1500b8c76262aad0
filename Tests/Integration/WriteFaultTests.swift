import Foundation
import Net
import Testing

/// The disk refuses a write in the middle of giving a lease.
@Suite(.serialized)
struct WriteFaultTests {
  private static let most = 200

  @Test(arguments: [EIO, ENOSPC])
  func `whichever write of an exchange fails, the client gets its lease by asking again, and it is kept`(
    error: Int32
  ) async throws {
    try await Lab.with { lab in
      try await PowerCutTests.addSubnet(to: lab)
      let state = lab.folder.appending(path: "state")
      let disk = try await FaultyDisk(for: state, in: lab)
      func start() async throws -> Daemon {
        try await Daemon(
          in: lab, configuration: PowerCutTests.configuration, state: state, environment: disk.environment)
      }
      var daemon = try await start()
      var promised: [MACAddress: IPv4Address] = [:]
      var nth = 0
      var failed = 0
      repeat {
        nth += 1
        try disk.fail(nth: nth, with: error)
        promised.merge(try await exchange(nth, in: lab)) { $1 }
        // What is only seen is committed within a tenth of a second.
        _ = try await eventually(within: 0.3) { try disk.failed > 0 }
        failed = try disk.failed
        try disk.heal()
        if nth % 10 == 0 {
          try await daemon.kill()
          daemon = try await start()
        }
      } while failed > 0 && nth < Self.most
      print("an exchange has \(nth - 1) writes; each failed once with errno \(error)")
      #expect(nth > 5 && nth < Self.most)
      #expect(promised.count == nth)
      #expect(Set(promised.values).count == nth)

      try await daemon.kill()
      daemon = try await start()
      let kept = try await daemon.leases()
      for (hardware, address) in promised { #expect(kept[address] == hardware) }
      #expect(try await daemon.problems() == [])
      try await daemon.stop()
    }
  }

  /// One new client, until it has its lease.
  private func exchange(_ number: Int, in lab: Lab) async throws -> [MACAddress: IPv4Address] {
    var clients = try RelayedClients(
      count: 1, first: number, relay: IPv4Address(10, 64, 0, 2), of: IPv4Address(10, 64, 0, 1), in: lab.client(),
      wait: .milliseconds(100))
    let deadline = ContinuousClock.now + .seconds(10)
    while !clients.isDone, ContinuousClock.now < deadline {
      try clients.step()
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(clients.isDone, "client \(number) got no lease")
    return clients.acknowledged
  }
}
