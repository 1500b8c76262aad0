import CLinux
import Glibc
package import Net

/// What the clocks of the machine say at one moment.
package struct MachineClocks: Hashable, Sendable {
  /// The wall clock: right, or not yet set, or set wrong.
  package var wall: Timestamp
  /// Milliseconds since the machine booted, suspension counted.
  package var boot: Int64
  /// Which boot that was: no two are called alike. Nil where the machine does not say.
  package var bootID: String?

  package init(wall: Timestamp, boot: Int64, bootID: String?) {
    self.wall = wall
    self.boot = boot
    self.bootID = bootID
  }

  package static func read() -> MachineClocks {
    MachineClocks(wall: SteadyClock.wall(), boot: linux_boot_milliseconds(), bootID: bootID)
  }

  /// Where the service manager hides the kernel's own file from us, it says it itself (`Environment=USHER_BOOT_ID=%b`).
  private static var bootID: String? {
    let told = getenv("USHER_BOOT_ID").map { String(cString: $0) }
    let kernel = try? File.read("/proc/sys/kernel/random/boot_id", limit: 256)
    let text = told ?? kernel.map { String(decoding: $0, as: UTF8.self) }
    // With hyphens or without.
    return text.map { $0.filter(\.isHexDigit).lowercased() }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
