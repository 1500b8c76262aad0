import CLinux
import Crypto
import Glibc
import Net
import Synchronization

/// A folder of contents, each under its SHA-256. A content is there whole and durably, or not at all: it is written under
/// a temporary name, synced, renamed, and its folder synced.
package struct ContentFolder: Sendable {
  package let path: String

  private static let temporarySuffix = ".part"

  /// Makes the folder where it is missing, for its owner alone.
  package init(path: String) throws(FileError) {
    self.path = path
    if mkdir(path, 0o700) == 0 {
      let parent = File.directory(of: path)
      let result = linux_directory_sync(parent)
      guard result >= 0 else { throw FileError("syncing", path: parent, code: -result) }
    } else if errno != EEXIST {
      throw FileError("making", path: path, code: errno)
    }
    var attributes = stat()
    guard stat(path, &attributes) == 0 else { throw FileError("opening", path: path, code: errno) }
    guard attributes.st_mode & S_IFMT == S_IFDIR else {
      throw .notFolder(path: path)
    }
  }

  /// Removes what a crash left: contents begun and not ended, and whole ones that nobody has on record. What lies here
  /// under other names is not ours. Tells how many were removed, and which of `digests` are not here.
  package func removeLeftovers(
    keeping digests: Set<String>
  ) throws(FileError) -> (removed: Int, missing: Set<String>) {
    let names = try list()
    var removed = 0
    for name in names where name.hasSuffix(Self.temporarySuffix) || (Self.isDigest(name) && !digests.contains(name)) {
      guard unlink("\(path)/\(name)") == 0 else { throw FileError("removing", path: "\(path)/\(name)", code: errno) }
      removed += 1
    }
    return (removed, digests.subtracting(names))
  }

  package func begin() throws(FileError) -> ContentWriter {
    try ContentWriter(folder: path, name: "\(Randomness.token(characters: 16))\(Self.temporarySuffix)")
  }

  /// Nil where there is none.
  package func open(_ digest: String) throws(FileError) -> ServedFile? {
    guard Self.isDigest(digest) else { return nil }
    return try ServedFolder(path: path).open(digest)
  }

  /// Not there is removed, too. Who reads it goes on reading.
  package func remove(_ digest: String) throws(FileError) {
    guard Self.isDigest(digest) else { return }
    guard unlink("\(path)/\(digest)") == 0 || errno == ENOENT else {
      throw FileError("removing", path: "\(path)/\(digest)", code: errno)
    }
  }

  /// What the file system has left for us, in bytes.
  package func freeBytes() throws(FileError) -> Int {
    var room = statvfs()
    guard statvfs(path, &room) == 0 else { throw FileError("examining", path: path, code: errno) }
    return Int(clamping: UInt64(room.f_bavail).multipliedReportingOverflow(by: UInt64(room.f_frsize)).partialValue)
  }

  private func list() throws(FileError) -> [String] {
    guard let folder = opendir(path) else { throw FileError("listing", path: path, code: errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }

  private static func isDigest(_ name: String) -> Bool {
    name.utf8.count == 64 && name.utf8.allSatisfy(Hexadecimal.isDigit)
  }
}

/// A content on its way into its folder. Where it is not kept, it is gone with the last reference to this.
package final class ContentWriter: Sendable {
  private struct State {
    var hash = SHA256()
    var size = 0
    var isKept = false
  }

  private let folder: String
  private let temporary: String
  private let descriptor: CInt
  private let state = Mutex(State())

  fileprivate init(folder: String, name: String) throws(FileError) {
    self.folder = folder
    temporary = "\(folder)/\(name)"
    let descriptor = linux_file_open(temporary, true, 0o600)
    self.descriptor = descriptor
    guard descriptor >= 0 else { throw FileError("creating", path: temporary, code: -descriptor) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if !state.withLock(\.isKept) { unlink(temporary) }
  }

  /// One piece after the other. Waits for the disk.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { Glibc.write(descriptor, $0 + written, bytes.count - written) } ?? 0
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError("writing", path: temporary, code: count < 0 ? errno : EIO) }
      written += count
    }
    state.withLock { state in
      state.hash.update(data: bytes)
      state.size += bytes.count
    }
  }

  /// Syncs what was written. Its size in bytes, and its digest. Waits for the disk.
  package func finish() throws(FileError) -> (digest: String, size: Int) {
    guard fsync(descriptor) == 0 else { throw FileError("syncing", path: temporary, code: errno) }
    return state.withLock { (Hexadecimal.encode($0.hash.finalize()), $0.size) }
  }

  /// Puts it in its place, after ``finish()``, where it may lie already: durable when this returns.
  package func keep(as digest: String) throws(FileError) {
    let path = "\(folder)/\(digest)"
    guard rename(temporary, path) == 0 else { throw FileError("naming", path: path, code: errno) }
    state.withLock { $0.isKept = true }
    let result = linux_directory_sync(folder)
    guard result >= 0 else { throw FileError("syncing the directory of", path: path, code: -result) }
  }
}

extension FileError {
  /// Whether it is for want of room on the medium, or of the user's share of it.
  package var isFull: Bool {
    switch self {
    case .system(let error): error.code == ENOSPC || error.code == EDQUOT || error.code == EFBIG
    case .notFound, .notPermitted, .notRegular, .folder, .notFolder, .danglingLink, .link, .tooLarge, .exhausted: false
    }
  }
}
