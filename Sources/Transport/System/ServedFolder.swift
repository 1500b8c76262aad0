import CLinux
import Glibc

/// A folder whose files others may read by name. Nothing leads out of it: no `..`, no absolute name, no symbolic link
/// (openat2(2), RESOLVE_BENEATH). It is looked up anew for each file, so that it may be replaced or mounted meanwhile.
package struct ServedFolder: Hashable, Sendable {
  package let path: String

  package init(path: String) {
    self.path = path
  }

  /// Why the folder itself cannot be used, if so.
  package var problem: FileError? {
    var attributes = stat()
    guard stat(path, &attributes) == 0 else { return FileError("opening", path: path, code: errno) }
    guard attributes.st_mode & S_IFMT == S_IFDIR else { return .notFolder(path: path) }
    return access(path, X_OK) == 0 ? nil : FileError("opening", path: path, code: errno)
  }

  /// A regular file, by its path from the folder on. Nil where there is none, or no folder; see ``problem``.
  package func open(_ name: String) throws(FileError) -> ServedFile? {
    var isFolder = false
    let descriptor = linux_file_open_beneath(path, name, &isFolder)
    guard descriptor >= 0 else {
      switch -descriptor {
      case EMFILE, ENFILE, ENOMEM: throw FileError("opening", path: name, code: -descriptor)
      case _ where isFolder, ENOENT, ENOTDIR, ENAMETOOLONG: return nil
      case ELOOP, EXDEV: throw .link(path: name)
      case ENXIO: throw .notRegular(path: name)  // a socket
      default: throw FileError("opening", path: name, code: -descriptor)
      }
    }
    return try ServedFile(descriptor, name: name)
  }
}

/// An open file. It is closed with the last reference to it.
package final class ServedFile: Sendable {
  /// In bytes, when it was opened.
  package let size: Int
  private let descriptor: CInt
  private let modified: timespec

  /// A file of the user's own, by any path; links are followed.
  package convenience init(path: String) throws(FileError) {
    let descriptor = linux_file_open(path, false, 0)
    guard descriptor >= 0 else { throw FileError("opening", path: path, code: -descriptor) }
    try self.init(descriptor, name: path)
  }

  /// Takes the descriptor over.
  fileprivate init(_ descriptor: CInt, name: String) throws(FileError) {
    self.descriptor = descriptor
    var attributes = stat()
    guard fstat(descriptor, &attributes) == 0, attributes.st_mode & S_IFMT == S_IFREG else {
      size = 0
      modified = timespec()
      throw .notRegular(path: name)
    }
    size = Int(attributes.st_size)
    modified = attributes.st_mtim
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  deinit {
    close(descriptor)
  }

  /// Up to `count` bytes; fewer where the file ends before. It waits for the disk (pread(2)): a file that is cut while
  /// it is read is shorter then, where a mapped one would raise SIGBUS.
  package func read(at offset: Int, count: Int) throws(SystemError) -> [UInt8] {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        let result = pread(descriptor, start + filled, count - filled, off_t(offset + filled))
        if result < 0, errno == EINTR { continue }
        if result < 0 { code = errno }
        guard result > 0 else { return }
        filled += result
      }
    }
    guard code == 0 else { throw SystemError("reading", code: code) }
    return bytes
  }

  /// Whether it was written to or cut since it was opened.
  package var hasChanged: Bool {
    var attributes = stat()
    guard fstat(descriptor, &attributes) == 0 else { return true }
    return attributes.st_size != off_t(size) || attributes.st_mtim.tv_sec != modified.tv_sec
      || attributes.st_mtim.tv_nsec != modified.tv_nsec
  }
}
