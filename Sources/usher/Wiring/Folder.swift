import Glibc
import Transport

/// A folder that the daemon keeps things in.
enum Folder {
  /// Makes the folder where it is missing and its parent is there. `purpose` and `option` are for the sentence that says
  /// what to do where that fails.
  static func make(_ path: String, mode: UInt32, toKeep purpose: String, option: String) throws(Failure) {
    var attributes = stat()
    if stat(path, &attributes) == 0 {
      guard attributes.st_mode & S_IFMT == S_IFDIR else {
        throw Failure("\(path), the folder for \(purpose), is no folder. Move it away, or name another with \(option).")
      }
      guard access(path, W_OK | X_OK) == 0 else {
        throw Failure(
          "\(path), the folder for \(purpose), cannot be written to: \(String(cString: strerror(errno))). Give it to the "
            + "user that `usher serve` runs as, or name another with \(option).")
      }
      return
    }
    let found = FileError("opening", path: path, code: errno)
    guard case .notFound = found else {
      let cure = found.cure.map { ": \($0)" } ?? ""
      throw Failure("The folder for \(purpose) cannot be used: \(found)\(cure). Or name another with \(option).")
    }
    guard mkdir(path, mode) == 0 else {
      let reason = String(cString: strerror(errno))
      throw Failure(
        "There is no folder \(path) for \(purpose), and it cannot be made: \(reason). Name another with \(option).")
    }
  }
}
