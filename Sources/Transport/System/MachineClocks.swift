import CLinux
package import Net

/// What the clocks of the machine say at one moment.
package struct MachineClocks: Hashable, Sendable {
  /// The wall clock: right, or not yet set, or set wrong.
  package var wall: Timestamp
  /// Milliseconds since the machine booted, suspension counted.
  package var boot: Int64
  /// Which boot that was: no two are called alike.
  package var bootID: String

  package init(wall: Timestamp, boot: Int64, bootID: String) {
    self.wall = wall
    self.boot = boot
    self.bootID = bootID
  }

  package static func read() throws(FileError) -> MachineClocks {
    let bytes = try File.read("/proc/sys/kernel/random/boot_id", limit: 256)
    return MachineClocks(
      wall: SteadyClock.wall(), boot: linux_boot_milliseconds(),
      bootID: String(String(decoding: bytes, as: UTF8.self).prefix { !$0.isWhitespace }))
  }
}
