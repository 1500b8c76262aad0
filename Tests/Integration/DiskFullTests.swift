import Foundation
import Net
import Testing

/// The disk takes no more writes for a time: nobody is promised anything, the operator is told, and it passes by itself.
@Suite(.serialized)
struct DiskFullTests {
  @Test func `on a full disk nobody is answered, the status says why, and with room again it serves again`()
    async throws
  {
    try await Lab.with { lab in
      let disk = try await Volume.memory("disk", megabytes: 8, in: lab)
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration, state: disk.folder)
      try await expectOutage(
        of: daemon, in: lab, saying: "full", from: { try await disk.fill() }, to: { try disk.makeRoom() })
      try await disk.unmount()
    }
  }

  @Test(arguments: [EROFS, EIO])
  func `on a disk that takes no writes nobody is answered, and when it does again, without a restart, they are`(
    error: Int32
  ) async throws {
    try await Lab.with { lab in
      let state = lab.folder.appending(path: "state")
      let disk = try await FaultyDisk(for: state, in: lab)
      let daemon = try await Daemon(
        in: lab, configuration: RealClientTests.configuration, state: state, environment: disk.environment)
      try await expectOutage(
        of: daemon, in: lab, saying: "cannot be written", from: { try disk.failAll(with: error) },
        to: { try disk.heal() })
    }
  }

  /// The kernel's own answer to a broken disk: what is written is lost from then on, and only a new mount helps.
  @Test(.enabled("this machine has no loop device to mount a disk by", Volume.mountsImages))
  func `on a file system that the kernel made read-only nobody is answered, and mounted anew it has every lease`()
    async throws
  {
    try await Lab.with { lab in
      let disk = try await Volume.ext4("disk", megabytes: 64, in: lab)
      var daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration, state: disk.folder)
      #expect(try await asks(in: lab))
      let promised = try await daemon.leases()
      #expect(promised.count == 1)
      // Somebody in another network namespace: it has a mount of its own of the disk, which stays.
      let bystander = try Program(["sleep", "600"], in: lab.client())
      try await disk.breakDown()
      #expect(try await asks(in: lab) == false)
      #expect(try await daemon.counter("dhcp.unanswered.commitFailed") > 0)
      #expect(try await daemon.problems().contains { $0.contains("cannot be written") })

      try await daemon.kill()
      try await disk.mountAnew()
      daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration, state: disk.folder)
      #expect(try await daemon.leases() == promised)
      #expect(try await asks(in: lab))
      #expect(bystander.isRunning)
      try await daemon.stop()
      try await disk.unmount()
    }
  }

  private func expectOutage(
    of daemon: Daemon, in lab: Lab, saying words: String, from begin: () async throws -> Void,
    to end: () async throws -> Void
  ) async throws {
    #expect(try await asks(in: lab))
    #expect(try await daemon.problems() == [])
    let promised = try await daemon.leases()

    try await begin()
    // The store's log may still have room of its own.
    #expect(try await eventually(within: 20) { try await !asks(in: lab) })
    let unanswered = try await daemon.counter("dhcp.unanswered.commitFailed")
    #expect(unanswered > 0)
    #expect(try await daemon.counter("store.failed.unavailable") > 0)
    let problems = try await daemon.problems()
    #expect(problems.count == 1 && problems[0].contains(words) && problems[0].contains("no lease is given"))
    #expect(try await daemon.usher("status").output.contains(words))
    let log = daemon.program.errors
    #expect(log.count(of: "leases cannot be committed; nobody is answered until they can") == 1, "\(log)")
    #expect(try await daemon.leases() == promised)

    try await end()
    #expect(try await asks(in: lab))
    #expect(try await eventually(within: 30) { try await daemon.problems() == [] })
    #expect(daemon.program.errors.count(of: "leases are committed again") == 1)
    #expect(try await daemon.leases().count == 1)
    try await daemon.stop()
  }

  /// Whether a client that is plugged in gets a lease within three seconds.
  private func asks(in lab: Lab) async throws -> Bool {
    try await run(
      "udhcpc", "-n", "-q", "-f", "-i", "eth0", "-s", "/bin/true", "-t", "3", "-T", "1", in: lab.client()
    ).status == 0
  }
}

extension String {
  fileprivate func count(of text: String) -> Int { ranges(of: text).count }
}
