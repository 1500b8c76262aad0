/// Something to know about the bytes of an option 43.
package struct Option43Finding: Hashable, Sendable {
  package enum Severity: String, Comparable, Sendable {
    /// Worth knowing; nothing is wrong.
    case note
    /// Some CPEs will not take it.
    case warning
    /// No CPE that follows its manual will take it.
    case error

    package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  package enum Kind: String, CaseIterable, Sendable {
    case empty
    case hexadecimalText
    case optionHeader
    case bareURL
    case wrongLength
    case swallowedSubOption
    case truncated
    case trailingEnd
    case padding
    case noACSParameters
    case repeatedSubOption
    case trailingNUL
    case blanks
    case badCharacter
    case badURL
    case tooManyWords
    case noCredentials
    case blankInURL
    case badNumber
    case badPXE
    case badText
    case unknownSubOption
    case tooLong
    /// It is for others than CPEs.
    case foreign
    case unknownKey
    case missingSemicolon
  }

  package let kind: Kind
  package let severity: Severity
  /// Where in the bytes, from 0.
  package let offset: Int
  /// One sentence for a person.
  package let text: String
}

extension Option43Finding: CustomStringConvertible {
  package var description: String { "\(severity.rawValue): byte \(offset): \(text)" }
}

/// What could be made of an option 43, and what is to be said about it.
package struct Option43Inspection: Hashable, Sendable {
  package let findings: [Option43Finding]
  /// What the bytes mean as far as it can be told; nil where it cannot.
  package let meaning: Option43?
  /// The bytes as they should be, nil where they are right or the meaning is unknown or cannot be written.
  package let correction: [UInt8]?
}
