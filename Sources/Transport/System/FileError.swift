import Glibc

/// Why a file or folder cannot be used.
package enum FileError: Error, Hashable, Sendable {
  case notFound(path: String)
  case notPermitted(path: String)
  /// A device, a pipe, a socket.
  case notRegular(path: String)
  /// A folder where a file is wanted.
  case folder(path: String)
  /// Something else where a folder is wanted: `path` or what stands above it.
  case notFolder(path: String)
  /// A symbolic link, `path` or above it, that leads to nothing.
  case danglingLink(path: String)
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
    case .folder(let path): "\(path) is a folder, not a file"
    case .notFolder(let path): "\(path) is not a folder"
    case .danglingLink(let path): "\(path) is a symbolic link that leads to nothing"
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
    case .folder: "file.folder"
    case .notFolder: "file.notFolder"
    case .danglingLink: "file.danglingLink"
    case .link: "file.link"
    case .tooLarge: "file.tooLarge"
    case .exhausted: "file.exhausted"
    case .system: "file.system"
    }
  }

  /// What a call of the kernel for a path came to.
  package init(_ operation: String, path: String, code: Int32) {
    switch code {
    case ENOENT: self = Self.danglingLink(in: path).map { .danglingLink(path: $0) } ?? .notFound(path: path)
    case ENOTDIR:
      self = Self.danglingLink(in: path).map { .danglingLink(path: $0) } ?? .notFolder(path: Self.existing(in: path))
    case EACCES, EPERM: self = .notPermitted(path: path)
    case EMFILE, ENFILE, ENOMEM: self = .exhausted(SystemError("\(operation) \(path)", code: code))
    default: self = .system(SystemError("\(operation) \(path)", code: code))
    }
  }

  /// The link to nothing that keeps a path from being found, where it is one.
  private static func danglingLink(in path: String) -> String? {
    let found = existing(in: path)
    var attributes = stat()
    guard lstat(found, &attributes) == 0, attributes.st_mode & S_IFMT == S_IFLNK, stat(found, &attributes) != 0 else {
      return nil
    }
    return found
  }

  /// The path, or of what stands above it the nearest that is there, be it a link to nothing.
  private static func existing(in path: String) -> String {
    var part = path
    var attributes = stat()
    while lstat(part, &attributes) != 0 {
      let above = File.directory(of: part)
      guard above != part else { return part }
      part = above
    }
    return part
  }

  /// What to do about it; nil where the error says it all.
  package var cure: String? {
    switch self {
    case .notPermitted(let path): Self.permission(to: path)
    case .danglingLink(let path): "put back what \(path) leads to, or remove it"
    case .notFound, .notRegular, .folder, .notFolder, .link, .tooLarge, .exhausted, .system: nil
    }
  }

  private static func permission(to path: String) -> String {
    let user = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
    let group = getgrgid(getegid()).map { String(cString: $0.pointee.gr_name) } ?? "\(getegid())"
    var folder = File.directory(of: path)
    var closed: String?
    while access(folder, X_OK) != 0 {
      closed = folder
      guard File.directory(of: folder) != folder else { break }
      folder = File.directory(of: folder)
    }
    if let closed {
      return "let the user \(user) into \(closed): chgrp \(group) \(closed) && chmod g+rx \(closed)"
    }
    return "let the user \(user) read it: chgrp \(group) \(path) && chmod g+r \(path)"
  }
}
