/// The name of a boot file: relative, with parts between slashes, none of which leads elsewhere.
package struct FileName: Hashable, Sendable, CustomStringConvertible {
  /// The bytes of a whole name.
  package static let maximumLength = 255

  /// Without slashes at its start.
  package let path: String

  package var description: String { path }

  /// Takes a name as a client sent it. Some write a slash before it, which means the top of what is served.
  package init(_ text: String) throws(FileNameError) {
    guard text.utf8.count <= Self.maximumLength else { throw .tooLong(text.utf8.count) }
    let path = text.drop { $0 == "/" }
    guard !path.isEmpty else { throw .empty }
    for scalar in path.unicodeScalars where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
      throw .controlCharacter(scalar.value)
    }
    guard !path.contains("\\") else { throw .backslash }
    for part in path.split(separator: "/", omittingEmptySubsequences: false) where ["", ".", ".."].contains(part) {
      throw .part(String(part))
    }
    self.path = String(path)
  }
}

/// Why a name is not that of a boot file.
package enum FileNameError: Error, Hashable, Sendable, CustomStringConvertible {
  case empty
  /// In bytes.
  case tooLong(Int)
  case controlCharacter(UInt32)
  case backslash
  /// A part that is empty, or `.`, or `..`.
  case part(String)

  package var counter: String {
    let reason =
      switch self {
      case .empty: "empty"
      case .tooLong: "tooLong"
      case .controlCharacter: "controlCharacter"
      case .backslash: "backslash"
      case .part: "part"
      }
    return "tftp.refused.fileName.\(reason)"
  }

  package var description: String {
    switch self {
    case .empty: "the file name is empty"
    case .tooLong(let count): "the file name has \(count) bytes; it may have \(FileName.maximumLength)"
    case .controlCharacter(let value): "the file name has the control character \(value)"
    case .backslash: "the file name has a backslash"
    case .part(let part): "the file name has the part \(part.debugDescription)"
    }
  }
}
