import Glibc
import Store

/// The file under the database: SQLite would make it readable by all, and gives its log the same mode.
enum DatabaseFile {
  static func prepare(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard fchmod(descriptor, 0o600) == 0 else { throw failure(path) }
  }

  private static func failure(_ path: String) -> StoreError {
    .unavailable("\(path): \(String(cString: strerror(errno)))")
  }
}
