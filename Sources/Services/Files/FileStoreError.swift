package import HTTP
package import Store
package import Transport

/// Why a file is not taken in, or not given out.
package enum FileStoreError: Error, Hashable, Sendable {
  case tooLarge(limit: Int)
  /// All files together would have more bytes than they may.
  case storeFull(total: Int)
  /// The file system would have less left than is kept free.
  case diskFull(free: Int)
  /// There is one of that name.
  case exists(FileRecord.Name)
  /// One of that name is on its way.
  case busy(FileRecord.Name)
  case unknown(String)
  /// It is on record, but its content is gone.
  case lost(FileRecord.Name)
  /// The body did not come to its end.
  case body(BodyError)
  case file(FileError)
  case store(StoreError)

  init(_ error: FileError, free: Int) {
    self = error.isFull ? .diskFull(free: free) : .file(error)
  }
}

extension FileStoreError {
  package var counterName: String {
    switch self {
    case .tooLarge: "tooLarge"
    case .storeFull: "storeFull"
    case .diskFull: "diskFull"
    case .exists: "exists"
    case .busy: "busy"
    case .unknown: "unknown"
    case .lost: "lost"
    case .body(let error): error.counterName
    case .file(let error): error.counterName
    case .store(let error): error.counter
    }
  }

  package var status: HTTP.Status {
    switch self {
    case .tooLarge: .contentTooLarge
    case .storeFull, .diskFull: .insufficientStorage
    case .exists, .busy: .conflict
    case .unknown: .notFound
    case .lost: .gone
    case .body(let error): error.status
    case .file, .store: .serviceUnavailable
    }
  }
}

extension FileStoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLarge(let limit): "a file may have up to \(limit) bytes"
    case .storeFull(let total): "all files together may have up to \(total) bytes"
    case .diskFull(let free): "the disk has no room for it: \(free) bytes are left"
    case .exists(let name): "there is a file \(name) already"
    case .busy(let name): "a file \(name) is being received"
    case .unknown(let name): "there is no file \(name)"
    case .lost(let name): "the content of the file \(name) is not in its folder any more"
    case .body(let error): "\(error)"
    case .file(let error): "\(error)"
    case .store(let error): "\(error)"
    }
  }
}
