import Net

/// Why a message could not be decoded, and where: offsets count from its first byte.
package enum MessageError: Error, Hashable, Sendable, CustomStringConvertible {
  case truncated(at: Int, needed: Int)
  /// A label of neither kind of RFC 1035: the two upper bits are 01 or 10.
  case labelType(UInt8, at: Int)
  /// More than 255 bytes in a name, by the label that starts at `at`.
  case nameTooLong(at: Int)
  /// A compression pointer that does not point before the name it is in.
  case pointerNotBackward(at: Int, to: Int)
  /// More than ``Name/maximumPointers`` in one name.
  case tooManyPointers(at: Int)
  /// A compression pointer in the question, which has nothing before it to point to.
  case pointerInQuestion(at: Int)
  /// A query with another number of questions than one (RFC 9619).
  case questionCount(UInt16)
  /// RDLENGTH does not fit what the type's data say.
  case dataLength(RecordType, at: Int)
  case secondOPT(at: Int)
  /// An OPT record with an owner other than the root, or outside the additional section.
  case misplacedOPT(at: Int)
  /// A COOKIE option of a length that none has (RFC 7873 section 5.2.2).
  case cookieLength(Int, at: Int)
  case trailingBytes(at: Int)

  init(_ error: ByteError) {
    switch error {
    case .truncated(let offset, let needed): self = .truncated(at: offset, needed: needed)
    }
  }

  package var description: String {
    switch self {
    case .truncated(let offset, let needed): "truncated at byte \(offset): \(needed) more needed"
    case .labelType(let type, let offset): "unknown label type \(type >> 6) at byte \(offset)"
    case .nameTooLong(let offset): "a name is longer than \(Name.maximumLength) bytes at byte \(offset)"
    case .pointerNotBackward(let offset, let target):
      "a compression pointer does not point backward, at byte \(offset) to \(target)"
    case .tooManyPointers(let offset): "more than \(Name.maximumPointers) compression pointers at byte \(offset)"
    case .pointerInQuestion(let offset): "a compression pointer in the question at byte \(offset)"
    case .questionCount(let count): "\(count) questions where there must be one"
    case .dataLength(let type, let offset): "the data of \(type) has a wrong length at byte \(offset)"
    case .secondOPT(let offset): "a second OPT record at byte \(offset)"
    case .misplacedOPT(let offset): "an OPT record is out of place at byte \(offset)"
    case .cookieLength(let length, let offset): "a cookie of \(length) bytes at byte \(offset)"
    case .trailingBytes(let offset): "bytes after the end of the message at byte \(offset)"
    }
  }

  /// The last part of a counter's name.
  package var reason: String {
    switch self {
    case .truncated: "truncated"
    case .labelType: "labelType"
    case .nameTooLong: "nameTooLong"
    case .pointerNotBackward: "pointerNotBackward"
    case .tooManyPointers: "tooManyPointers"
    case .pointerInQuestion: "pointerInQuestion"
    case .questionCount: "questionCount"
    case .dataLength: "dataLength"
    case .secondOPT: "secondOPT"
    case .misplacedOPT: "misplacedOPT"
    case .cookieLength: "cookieLength"
    case .trailingBytes: "trailingBytes"
    }
  }
}
