import CLinux
import Glibc

package enum FileError: Error, Hashable, Sendable {
  case notFound(path: String)
  case notPermitted(path: String)
  /// A directory, a device, a pipe.
  case notRegular(path: String)
  /// It is a symbolic link or behind one, where none is followed.
  case link(path: String)
  /// Larger than `limit` bytes.
  case tooLarge(path: String, limit: Int)
  /// The system gives no descriptor or memory now; it may later.
  case exhausted(SystemError)
  case system(SystemError)
}

extension FileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFound(let path): "\(path) does not exist"
    case .notPermitted(let path): "\(path): permission denied"
    case .notRegular(let path): "\(path) is not a regular file"
    case .link(let path): "\(path) is a symbolic link or behind one, and none is followed"
    case .tooLarge(let path, let limit): "\(path) is larger than \(limit) bytes"
    case .exhausted(let error), .system(let error): "\(error)"
    }
  }

  package var counterName: String {
    switch self {
    case .notFound: "file.notFound"
    case .notPermitted: "file.notPermitted"
    case .notRegular: "file.notRegular"
    case .link: "file.link"
    case .tooLarge: "file.tooLarge"
    case .exhausted: "file.exhausted"
    case .system: "file.system"
    }
  }

  init(_ operation: String, path: String, code: Int32) {
    switch code {
    case ENOENT, ENOTDIR: self = .notFound(path: path)
    case EACCES, EPERM: self = .notPermitted(path: path)
    case EMFILE, ENFILE, ENOMEM: self = .exhausted(SystemError("\(operation) \(path)", code: code))
    default: self = .system(SystemError("\(operation) \(path)", code: code))
    }
  }
}

/// Whole files, read and written at once.
package enum File {
  /// The bytes of a regular file of at most `limit` bytes.
  package static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = linux_file_open(path, false, 0)
    guard descriptor >= 0 else { throw FileError("opening", path: path, code: -descriptor) }
    defer { close(descriptor) }
    var attributes = stat()
    guard fstat(descriptor, &attributes) == 0 else { throw FileError("examining", path: path, code: errno) }
    guard attributes.st_mode & S_IFMT == S_IFREG else { throw .notRegular(path: path) }
    guard attributes.st_size <= limit else { throw .tooLarge(path: path, limit: limit) }

    // The size may be wrong (0 in /proc) or change while we read: what is read counts.
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError("reading", path: path, code: errno)
      }
      guard bytes.count + count <= limit else { throw .tooLarge(path: path, limit: limit) }
      bytes += chunk[..<count]
    }
  }

  /// Makes the file hold `bytes`, whole and durable, or leaves what was there: a reader, or the next start after a power
  /// cut, sees the old content or the new, never a part. `mode` becomes the file's whatever the umask.
  package static func replace(_ path: String, with bytes: [UInt8], mode: UInt32 = 0o600) throws(FileError) {
    let temporary = "\(path).\(Randomness.token(characters: 8)).new"
    let descriptor = linux_file_open(temporary, true, mode)
    guard descriptor >= 0 else { throw FileError("creating", path: temporary, code: -descriptor) }
    var isDone = false
    defer {
      close(descriptor)
      if !isDone { unlink(temporary) }
    }
    guard fchmod(descriptor, mode) == 0 else { throw FileError("protecting", path: temporary, code: errno) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { write(descriptor, $0 + written, bytes.count - written) } ?? 0
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError("writing", path: temporary, code: count < 0 ? errno : EIO) }
      written += count
    }
    guard fsync(descriptor) == 0 else { throw FileError("syncing", path: temporary, code: errno) }
    guard rename(temporary, path) == 0 else { throw FileError("replacing", path: path, code: errno) }
    isDone = true
    let result = linux_directory_sync(directory(of: path))
    guard result >= 0 else { throw FileError("syncing the directory of", path: path, code: -result) }
  }

  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
