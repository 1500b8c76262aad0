import CLinux
import Glibc

/// Whole files, read and written at once.
package enum File {
  /// The bytes of a regular file of at most `limit` bytes.
  package static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = linux_file_open(path, false, 0)
    guard descriptor >= 0 else { throw FileError("opening", path: path, code: -descriptor) }
    defer { close(descriptor) }
    var attributes = stat()
    guard fstat(descriptor, &attributes) == 0 else { throw FileError("examining", path: path, code: errno) }
    guard attributes.st_mode & S_IFMT != S_IFDIR else { throw .folder(path: path) }
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

  /// The same, or nil where nothing of that name is there. What is there and cannot be read is an error.
  ///
  /// It is not inlined, because Swift 6.3 fails where a function that may throw catches an error and then returns a large
  /// nothing: the caller takes it for thrown (swiftlang/swift#90477). Tests/Integration/ReleaseBinaryTests looks for that.
  @inline(never)
  package static func readIfThere(_ path: String, limit: Int) throws(FileError) -> [UInt8]? {
    do throws(FileError) {
      return try read(path, limit: limit)
    } catch {
      if case .notFound = error { return nil }
      throw error
    }
  }

  /// The bytes of a regular file, or nil where nothing of that name is there.
  @inline(never)
  package static func size(_ path: String) throws(FileError) -> Int? {
    var attributes = stat()
    guard stat(path, &attributes) == 0 else {
      let error = FileError("examining", path: path, code: errno)
      if case .notFound = error { return nil }
      throw error
    }
    guard attributes.st_mode & S_IFMT != S_IFDIR else { throw .folder(path: path) }
    guard attributes.st_mode & S_IFMT == S_IFREG else { throw .notRegular(path: path) }
    return Int(attributes.st_size)
  }

  /// Whether there is nothing of that name. A link to nothing, or what may not be looked at, is something.
  package static func isAbsent(_ path: String) -> Bool {
    var attributes = stat()
    guard stat(path, &attributes) != 0 else { return false }
    if case .notFound = FileError("examining", path: path, code: errno) { return true }
    return false
  }

  /// Not there is removed, too.
  package static func remove(_ path: String) throws(FileError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw FileError("removing", path: path, code: errno) }
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
