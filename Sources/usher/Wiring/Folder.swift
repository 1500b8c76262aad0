import Glibc

/// A folder that the daemon keeps things in.
enum Folder {
  /// Makes the folder where it is missing and its parent is there. `purpose` and `option` are for the sentence that says
  /// what to do where that fails.
  static func make(_ path: String, mode: UInt32, toKeep purpose: String, option: String) throws(Failure) {
    var attributes = stat()
    if stat(path, &attributes) == 0, attributes.st_mode & S_IFMT == S_IFDIR { return }
    guard mkdir(path, mode) == 0 else {
      let reason = String(cString: strerror(errno))
      throw Failure(
        "There is no folder \(path) for \(purpose), and it cannot be made: \(reason). Name another with \(option).")
    }
  }
}
