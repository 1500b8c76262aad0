import Foundation

/// A user of the machine who is not root and in no group of root's.
enum ForeignUser {
  /// `nobody` and its group.
  static let number = 65534

  /// The words that run a command as that user.
  static func running(_ words: [String]) -> [String] {
    ["setpriv", "--reuid", "\(number)", "--regid", "\(number)", "--clear-groups"] + words
  }

  /// The command line, where everybody may run it.
  static func binary() throws -> String {
    let copy = FileManager.default.temporaryDirectory.appending(path: "usher-of-all-\(getpid())").path
    if !FileManager.default.fileExists(atPath: copy) {
      try FileManager.default.copyItem(atPath: try Daemon.binary, toPath: copy)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy)
    }
    return copy
  }
}
