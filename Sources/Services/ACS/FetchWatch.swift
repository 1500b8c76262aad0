import CWMP
import Net
import Synchronization

/// Which devices have begun to fetch which files since the start, so that one which says that it took a file can be
/// believed or not. Where that is not known, nothing is said.
final class FetchWatch: Sendable {
  /// Devices that are remembered, and files of each.
  static let limit = 16_384
  static let filesOfDevice = 8

  private struct State {
    var digests: [DeviceID: [String]] = [:]
    /// Whether a fetch was forgotten to make room.
    var hasForgotten = false
  }

  private let start: Timestamp
  private let state = Mutex(State())

  init(since start: Timestamp) {
    self.start = start
  }

  /// `digest` is that of the file, or the beginning of it that stands in its URL.
  func note(_ digest: String, by device: DeviceID) {
    state.withLock { state in
      if state.digests[device] == nil, state.digests.count >= Self.limit {
        state.hasForgotten = true
        return
      }
      var files = state.digests[device, default: []]
      guard !files.contains(digest) else { return }
      if files.count >= Self.filesOfDevice {
        files.removeFirst()
        state.hasForgotten = true
      }
      state.digests[device] = files + [digest]
    }
  }

  /// Whether the device has begun to fetch the file that it was asked to at `asked`; nil where that is not known.
  func hasFetched(_ digest: String, by device: DeviceID, asked: Timestamp) -> Bool? {
    state.withLock { state in
      if state.digests[device]?.contains(where: { digest.hasPrefix($0) }) == true { return true }
      return asked < start || state.hasForgotten ? nil : false
    }
  }
}
