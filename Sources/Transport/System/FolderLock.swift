import CLinux
import Glibc

/// The right to a folder, of one process at a time. The kernel takes it back when the process ends, however it ends
/// (flock(2)).
package final class FolderLock: Sendable {
  private let descriptor: CInt

  /// `path` is that of a file in the folder, which is made where it is missing and holds the number of the process.
  package init(_ path: String) throws(FolderLockError) {
    descriptor = linux_lock_take(path)
    guard descriptor >= 0 else {
      guard descriptor != -EWOULDBLOCK else { throw .held(process: Self.holder(path)) }
      throw .file(FileError("locking", path: path, code: -descriptor))
    }
    let text = Array("\(getpid())\n".utf8)
    // What the file says is for people: the lock holds without it.
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  private static func holder(_ path: String) -> Int? {
    guard let bytes = try? File.read(path, limit: 64) else { return nil }
    return Int(String(decoding: bytes.prefix { (0x30...0x39).contains($0) }, as: UTF8.self))
  }
}

package enum FolderLockError: Error, Hashable, Sendable {
  /// Another process has it; nil where it does not say which.
  case held(process: Int?)
  case file(FileError)
}

extension FolderLockError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .held(let process): "another process\(process.map { " (\($0))" } ?? "") has it"
    case .file(let error): "\(error)"
    }
  }

  package var counterName: String {
    switch self {
    case .held: "folderLock.held"
    case .file: "folderLock.file"
    }
  }
}
