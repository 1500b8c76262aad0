import CLinux
import Glibc

package enum Processors {
  /// How many run now, 1 at least.
  package static var online: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// How many of them this process may run on (its affinity), 1 at least.
  package static var usable: Int { Int(linux_processors_usable()) }
}

/// Holds the calling thread for a while.
package func pause(milliseconds: Int) {
  usleep(UInt32(clamping: milliseconds * 1000))
}
