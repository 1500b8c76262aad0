package import CWMP
package import Net

/// What is on record of a file that the appliance keeps. Its bytes lie elsewhere, under their digest.
package struct FileRecord: Hashable, Sendable {
  /// Where a file came from.
  package enum Origin: Hashable, Sendable {
    case `operator`
    /// A router uploaded it, as it was asked to.
    case device(DeviceID)
  }

  /// Unique among the files.
  package let name: Name
  package let kind: FileKind
  /// In bytes.
  package let size: Int
  /// SHA-256, 64 hexadecimal digits in lower case.
  package let digest: String
  /// When it was taken in.
  package let moment: Timestamp
  package let origin: Origin

  package init(name: Name, kind: FileKind, size: Int, digest: String, moment: Timestamp, origin: Origin) {
    self.name = name
    self.kind = kind
    self.size = size
    self.digest = digest
    self.moment = moment
    self.origin = origin
  }
}

/// What a file is for. The raw value is stored and told to programs: it never changes.
package enum FileKind: String, CaseIterable, Hashable, Sendable {
  case firmware, configuration, log, other
}

extension FileRecord {
  /// The name of a kept file: 1 to 255 ASCII letters, digits, `.`, `-`, `_` and `%`, and no dot first, so that it may stand
  /// in a path.
  package struct Name: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init?(rawValue: String) {
      guard (1...255).contains(rawValue.utf8.count), rawValue.first != ".",
        rawValue.utf8.allSatisfy({ byte in
          switch byte {
          case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
          default: byte == UInt8(ascii: "%")
          }
        })
      else { return nil }
      self.rawValue = rawValue
    }

    package static let expected =
      "1 to 255 ASCII letters, digits, dots, dashes, underscores and percent signs, and no dot first"
  }
}

extension FileRecord.Name: CustomStringConvertible {
  package var description: String { rawValue }
}
