import Glibc

/// What stands between this process and a server on a Unix socket.
package enum UnixSocketAccess: Hashable, Sendable {
  /// A server answers.
  case open
  /// Nothing has that path.
  case absent
  /// The file is there, and no server behind it.
  case deserted
  /// It is no socket.
  case notSocket
  /// The process may not use the file, or not go through the folder, at `path`.
  case denied(path: String, owner: String, group: String, mode: UInt32)
  case failed(reason: String)

  /// Tries it.
  package init(path: String) {
    let code = Self.connect(to: path)
    switch code {
    case 0: self = .open
    case ENOENT, ENOTDIR: self = .absent
    case ECONNREFUSED: self = Self.isSocket(path) ? .deserted : .notSocket
    case ENOTSOCK, EPROTOTYPE: self = .notSocket
    case EACCES, EPERM: self = Self.denied(path)
    case ENAMETOOLONG: self = .failed(reason: "the path is longer than a socket's may be")
    default: self = .failed(reason: String(cString: strerror(code)))
    }
  }

  /// 0, or why not.
  private static func connect(to path: String) -> Int32 {
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard probe >= 0 else { return errno }
    defer { close(probe) }
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    let fits = withUnsafeMutableBytes(of: &name.sun_path) { place in
      let bytes = Array(path.utf8)
      guard bytes.count < place.count else { return false }
      place.copyBytes(from: bytes)
      return true
    }
    guard fits else { return ENAMETOOLONG }
    let result = withUnsafePointer(to: name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(probe, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return result == 0 ? 0 : errno
  }

  private static func isSocket(_ path: String) -> Bool {
    var attributes = stat()
    return stat(path, &attributes) == 0 && attributes.st_mode & S_IFMT == S_IFSOCK
  }

  /// The first on the way to the file that keeps us out.
  private static func denied(_ path: String) -> UnixSocketAccess {
    var place = path.hasPrefix("/") ? "" : "."
    var last = path
    for part in path.split(separator: "/") {
      place += "/\(part)"
      last = place
      let isLast = place.utf8.count >= path.utf8.count
      if access(place, isLast ? R_OK | W_OK : X_OK) != 0 { break }
    }
    var attributes = stat()
    guard stat(last, &attributes) == 0 else { return .failed(reason: "permission denied") }
    return .denied(
      path: last, owner: SystemNames.user(attributes.st_uid) ?? "\(attributes.st_uid)",
      group: SystemNames.group(attributes.st_gid) ?? "\(attributes.st_gid)", mode: attributes.st_mode & 0o777)
  }
}

/// The names of users and groups (getpwuid_r(3), getgrgid_r(3)).
package enum SystemNames {
  package static func user(_ number: UInt32) -> String? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    guard getpwuid_r(number, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
    return withExtendedLifetime(buffer) { entry.pw_name.map { String(cString: $0) } }
  }

  package static func group(_ number: UInt32) -> String? {
    var entry = Glibc.group()
    var found: UnsafeMutablePointer<Glibc.group>?
    var buffer = [CChar](repeating: 0, count: 64 << 10)
    guard getgrgid_r(number, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
    return withExtendedLifetime(buffer) { entry.gr_name.map { String(cString: $0) } }
  }
}
