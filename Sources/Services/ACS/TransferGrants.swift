import CWMP
import Net
import Provisioning
import Store
import Synchronization

/// Which transfers the URLs of files are for. A URL is good only while its device has the transfer that it was made for:
/// from the request that names it to the TransferComplete, or to the answer that says that all is done.
struct TransferGrants: Sendable {
  let devices: DeviceDirectory
  let tasks: TaskDirectory
  let store: FileStore
  let fetches = FetchCount()

  /// The command key of the transfer by which the device fetches a file whose digest begins so now; nil where there is
  /// none.
  func download(of digest: String, by id: DeviceID) -> String? {
    if let transfer = devices.device(id)?.transfer, transfer.isUnderWay, transfer.digest.hasPrefix(digest) {
      return transfer.commandKey
    }
    return tasks.open(of: id).first { file(of: $0)?.digest.hasPrefix(digest) == true }?.commandKey
  }

  private func file(of task: DeviceTask) -> FileRecord? {
    switch task.request {
    case .download(let file, _), .scheduleDownload(let file, _, _, _):
      guard file.url == nil, let name = file.name.flatMap({ FileRecord.Name(rawValue: $0) }) else { return nil }
      return store.file(named: name)
    default: return nil
    }
  }

  /// Whether the device uploads by the command key that a URL's path has now.
  func isUpload(_ key: String, by id: DeviceID) -> Bool {
    tasks.open(of: id).contains { task in
      guard case .upload = task.request else { return false }
      return task.commandKey == key
    }
  }
}

extension Transfer {
  fileprivate var isUnderWay: Bool {
    switch state {
    case .requested, .accepted: true
    case .failed: false
    }
  }
}

/// How often the file of each transfer was fetched.
final class FetchCount: Sendable {
  /// Fetches from the beginning, in one transfer: a router that tries again on its own does so a few times, and some
  /// look at the file before they take it.
  static let wholes = 16
  /// Fetches from somewhere within, in one transfer: 1 GiB, the largest file by default, in parts of 256 KiB.
  static let parts = 4096
  /// Transfers that are counted at once, half of them at least for as long as it takes as many others to begin; about
  /// 200 bytes each.
  static let limit = 16_384

  private struct Key: Hashable {
    let device: DeviceID
    let commandKey: String
  }

  private struct Count {
    var wholes = 0
    var parts = 0
  }

  private struct State {
    var counts: [Key: Count] = [:]
    var former: [Key: Count] = [:]
  }

  private let state = Mutex(State())

  /// Counts one; false where it is one too many.
  func take(_ commandKey: String, of device: DeviceID, isPart: Bool) -> Bool {
    state.withLock { state in
      let key = Key(device: device, commandKey: commandKey)
      if state.counts[key] == nil, state.counts.count >= Self.limit / 2 {
        state.former = state.counts
        state.counts = [:]
      }
      var count = state.counts[key] ?? state.former[key] ?? Count()
      guard isPart ? count.parts < Self.parts : count.wholes < Self.wholes else { return false }
      if isPart { count.parts += 1 } else { count.wholes += 1 }
      state.counts[key] = count
      return true
    }
  }
}

/// Why a URL that is ours is not good for what it is used for.
enum GrantRefusal: Error, Hashable, CustomStringConvertible {
  /// It was given to a router somewhere else.
  case otherAddress(IPv4Address?, place: String)
  /// The transfer is over, or was of another file.
  case transferOver
  case fetchedTooOften(Int)
  case uploadedAlready

  var counterName: String {
    switch self {
    case .otherAddress: "otherAddress"
    case .transferOver: "transferOver"
    case .fetchedTooOften: "tooOften"
    case .uploadedAlready: "again"
    }
  }

  var description: String {
    switch self {
    case .otherAddress(let address, let place):
      "its URL was used from \(address.map { "\($0)" } ?? "an unknown address"), and is for \(place)"
    case .transferOver: "its URL was used, and its transfer is over or was of another file"
    case .fetchedTooOften(let count): "its URL was used more than \(count) times in one transfer"
    case .uploadedAlready: "its URL was used for a second upload, and takes one"
    }
  }
}
