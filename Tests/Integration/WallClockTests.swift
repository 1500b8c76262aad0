import Foundation
import Net
import Testing

/// Somebody sets the machine's clock. libfaketime plays that for the daemon alone; the boot clock goes on as it does.
@Suite(.serialized)
struct WallClockTests {
  private static let jumps = ["+1d", "-1d", "+3650d", "-3650d"]

  @Test(.enabled("Debian's libfaketime is not here", FakeClock.isInstalled), arguments: jumps)
  func `a clock that is set neither ends nor prolongs a lease, while running and across a restart`(jump: String)
    async throws
  {
    try await Lab.with { lab in
      let clock = try FakeClock(in: lab)
      var daemon = try await Daemon(
        in: lab, configuration: CrashTests.crowd, environment: clock.environment)
      try await run("ip", "address", "add", "192.0.2.2/24", "dev", "eth0", in: lab.client())
      try await bind(1, in: lab)
      let before = try await leases(of: daemon)
      #expect(before.map(\.state) == ["bound"])

      try clock.set(jump)
      #expect(try await leases(of: daemon) == before)
      try await bind(2, in: lab)
      let both = try await leases(of: daemon)
      #expect(both.map(\.state) == ["bound", "bound"])
      #expect(both.allSatisfy { $0.seconds == 3600 })
      #expect(abs(both[1].start.timeIntervalSince(before[0].start)) < 30)

      // The restart goes by the clock as it is now, and moves the leases along.
      try await daemon.kill()
      daemon = try await Daemon(in: lab, configuration: CrashTests.crowd, environment: clock.environment)
      let moved = try await leases(of: daemon)
      #expect(moved.map(\.address) == both.map(\.address))
      #expect(moved.map(\.state) == ["bound", "bound"])
      #expect(moved.allSatisfy { $0.seconds == 3600 })
      for (lease, old) in zip(moved, both) {
        let shift = lease.start.timeIntervalSince(old.start) - (try clock.offset(of: jump))
        #expect(abs(shift) < 30)
      }
      #expect(daemon.program.errors.contains("clock was set since the last start"))

      // Who comes back has the address that it had, and no other client gets it.
      #expect(try await bind(1, in: lab) == before[0].address)
      let third = try await bind(3, in: lab)
      #expect(!both.map(\.address).contains(third))

      // And back, as when the operator finds his mistake.
      try clock.set("+0")
      try await daemon.kill()
      daemon = try await Daemon(in: lab, configuration: CrashTests.crowd, environment: clock.environment)
      let back = try await leases(of: daemon)
      #expect(back.map(\.state) == ["bound", "bound", "bound"])
      #expect(back.allSatisfy { abs($0.start.timeIntervalSinceNow) < 60 })
      try await daemon.stop()
    }
  }

  private struct Row: Hashable {
    let address: String
    let state: String
    let start: Date
    let seconds: Int
  }

  private func leases(of daemon: Daemon) async throws -> [Row] {
    try await daemon.json("leases").map { lease in
      let start = try date(lease["start"])
      return Row(
        address: lease["address"] as? String ?? "", state: lease["state"] as? String ?? "", start: start,
        seconds: Int(try date(lease["expiry"]).timeIntervalSince(start)))
    }
  }

  private func date(_ text: Any?) throws -> Date {
    try Date(text as? String ?? "", strategy: .iso8601)
  }

  @discardableResult
  private func bind(_ number: Int, in lab: Lab) async throws -> String {
    var clients = try RelayedClients(
      count: 1, first: number, relay: IPv4Address(192, 0, 2, 2), of: IPv4Address(192, 0, 2, 1), in: lab.client())
    let deadline = ContinuousClock.now + .seconds(10)
    while !clients.isDone, ContinuousClock.now < deadline {
      try clients.step()
      try await Task.sleep(for: .milliseconds(1))
    }
    return try #require(clients.acknowledged.values.first).description
  }
}

/// A wall clock that can be set for the programs that are started with its environment.
struct FakeClock {
  let environment: [String: String]
  private let file: URL

  private static var library: String? {
    get throws {
      let libraries = URL(filePath: "/usr/lib")
      return try FileManager.default.contentsOfDirectory(atPath: libraries.path)
        .map { libraries.appending(path: "\($0)/faketime/libfaketimeMT.so.1").path }
        .first { FileManager.default.fileExists(atPath: $0) }
    }
  }

  static let isInstalled: @Sendable () async throws -> Bool = { try library != nil }

  init(in lab: Lab) throws {
    file = lab.folder.appending(path: "clock")
    environment = [
      "LD_PRELOAD": try #require(try Self.library), "FAKETIME_TIMESTAMP_FILE": file.path, "FAKETIME_NO_CACHE": "1",
      // The boot clock and the monotonic one are as they are, and so are the dates of files.
      "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
    ]
    try set("+0")
  }

  /// Such as `+1d`: off from the true one by so much.
  func set(_ offset: String) throws {
    try offset.write(to: file, atomically: true, encoding: .utf8)
  }

  func offset(of jump: String) throws -> Double {
    Double(try #require(Int(jump.dropLast()))) * 86_400
  }
}
