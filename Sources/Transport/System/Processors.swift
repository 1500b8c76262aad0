import Glibc

package enum Processors {
  /// How many run now, 1 at least.
  package static var online: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

/// Holds the calling thread for a while.
package func pause(milliseconds: Int) {
  usleep(UInt32(clamping: milliseconds * 1000))
}
