import Synchronization

/// Something that goes wrong again and again until its cause is gone: it is logged when it begins and when it is over,
/// not each time between.
final class Trouble: Sendable {
  private let isPresent = Atomic(false)

  /// Notes that it went wrong; true the first time.
  func begins() -> Bool {
    !isPresent.exchange(true, ordering: .relaxed)
  }

  /// Notes that it went well; true where it went wrong before.
  func ends() -> Bool {
    isPresent.exchange(false, ordering: .relaxed)
  }
}
