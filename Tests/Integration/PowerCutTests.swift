import Foundation
import Net
import SQLiteStore
import Testing

/// The power goes while leases are given: what was acknowledged is on the disk.
@Suite(.serialized)
struct PowerCutTests {
  private static let rounds = 20
  private static let server = IPv4Address(10, 64, 0, 1)
  static let configuration = """
    subnets:
      - subnet: 10.64.0.0/16
        pool: 10.64.1.0-10.64.255.254
        lease-time: 1h
    """

  /// The daemon is held while the disk is copied, so that the copy is of one moment; what it has not synced by then is
  /// in the kernel's memory, and not in the copy.
  @Test(.enabled("this machine has no loop device to mount a disk by", Volume.mountsImages))
  func `after a power cut at any of twenty moments every lease acknowledged before it is there`() async throws {
    try await Lab.with { lab in
      try await Self.addSubnet(to: lab)
      let disk = try await Volume.ext4("disk", megabytes: 512, in: lab)
      let daemon = try await Daemon(
        in: lab, configuration: Self.configuration, state: disk.folder, arguments: ["--log-level", "error"])
      let clients = try ClientStream(relay: IPv4Address(10, 64, 0, 2), of: Self.server, in: lab.client())
      let start = ContinuousClock.now
      var promised: [IPv4Address: MACAddress] = [:]
      for round in 0..<Self.rounds {
        try await Task.sleep(for: .milliseconds(Int.random(in: 50...250)))
        daemon.program.signal(SIGSTOP)
        // What was sent before it was held counts as acknowledged.
        try await Task.sleep(for: .milliseconds(5))
        let before = promised.count
        promised = clients.acknowledged
        #expect(promised.count > before, "no lease was given in round \(round)")
        let cut = try await disk.cut("cut-\(round)", in: lab) { daemon.program.signal(SIGCONT) }
        try expect(promised, in: cut, round)
        try await cut.unmount()
      }
      let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
      print("\(promised.count) leases in \(seconds) s were there after \(Self.rounds) power cuts")

      // And the whole daemon on such a disk.
      await clients.stop()
      promised = clients.acknowledged
      let cut = try await disk.cut("last", in: lab) {}
      try await daemon.kill()
      try await disk.unmount()
      let next = try await Daemon(in: lab, configuration: Self.configuration, state: cut.folder)
      let kept = try await next.leases()
      #expect(promised.allSatisfy { kept[$0.key] == $0.value })
      try await next.stop()
      try await cut.unmount()
    }
  }

  private func expect(_ promised: [IPv4Address: MACAddress], in volume: Volume, _ round: Int) throws {
    let store = try SQLiteStore(path: volume.folder.appending(path: "usher.db").path)
    var kept: [IPv4Address: MACAddress] = [:]
    for lease in try store.leases() where lease.state == .bound { kept[lease.address] = lease.hardware }
    try store.close()
    let lost = promised.filter { kept[$0.key] != $0.value }
    #expect(lost.count == 0, "\(lost.count) of \(promised.count) leases were lost in round \(round)")
  }

  /// Room for more leases than the lab's own subnet has.
  static func addSubnet(to lab: Lab) async throws {
    try await run("ip", "address", "add", "10.64.0.1/16", "dev", Lab.port, in: lab.appliance)
    try await run("ip", "address", "add", "10.64.0.2/16", "dev", "eth0", in: lab.client())
  }
}
