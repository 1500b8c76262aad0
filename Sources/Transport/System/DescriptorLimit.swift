import CLinux

/// The descriptors that the process may have open at once.
package enum DescriptorLimit {
  /// Raises the limit to so many, as far as the system allows it, and says what it is then: never less than it was.
  package static func allow(_ count: Int) -> Int {
    Int(max(0, linux_descriptors_allow(UInt64(max(0, count)))))
  }
}
