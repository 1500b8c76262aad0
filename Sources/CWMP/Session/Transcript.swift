package import Net

/// What went to and fro in one session, as it was on the wire but for secrets: to be read, and to be replayed against
/// another version of the session machine.
package struct Transcript: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package enum Direction: Hashable, Sendable {
      case fromCPE
      /// With the HTTP status.
      case toCPE(status: Int)
    }

    package var direction: Direction
    package var moment: Timestamp
    /// Of the Content-Type; nil where none was told.
    package var charset: String?
    /// Without secrets, see ``Transcript/blanked(_:)``.
    package var body: [UInt8]

    package init(_ direction: Direction, at moment: Timestamp, charset: String? = nil, body: [UInt8]) {
      self.direction = direction
      self.moment = moment
      self.charset = charset
      self.body = body
    }
  }

  /// More is left out, and said to be: a whole data model need not be kept twice.
  package static let byteLimit = 1 << 20
  package static let entryLimit = 2000

  /// Who it was, in one line.
  package var title: String
  package private(set) var entries: [Entry] = []
  /// Whether something was left out at the end.
  package private(set) var isCut = false
  private var size = 0

  package init(_ title: String) {
    self.title = String(title.map { $0.isNewline ? " " : $0 }.prefix(256))
  }

  package mutating func append(_ entry: Entry) {
    guard !isCut, entries.count < Self.entryLimit, size + entry.body.count <= Self.byteLimit else {
      isCut = true
      return
    }
    size += entry.body.count
    entries.append(entry)
  }

  /// More than is in it went to and fro.
  package mutating func cut() {
    isCut = true
  }
}

// The form of a file: a line for the whole, then for each message a line and so many bytes as it says, and a line feed.
extension Transcript {
  private static let heading = "# usher transcript 1"

  package func encode() -> [UInt8] {
    var bytes: [UInt8] = []
    func line(_ text: String) { bytes.append(contentsOf: (text + "\n").utf8) }
    line("\(Self.heading): \(title)\(isCut ? " (cut)" : "")")
    for entry in entries {
      let charset = entry.charset.map { " \($0.filter { !$0.isWhitespace })" } ?? ""
      switch entry.direction {
      case .fromCPE: line("> \(entry.moment.rawValue) \(entry.body.count)\(charset)")
      case .toCPE(let status): line("< \(entry.moment.rawValue) \(entry.body.count) \(status)")
      }
      bytes.append(contentsOf: entry.body)
      line("")
    }
    return bytes
  }

  package init(decoding bytes: [UInt8]) throws(TranscriptError) {
    var rest = bytes[...]
    var number = 0
    func line() -> String? {
      guard !rest.isEmpty else { return nil }
      number += 1
      let text = rest.prefix { $0 != UInt8(ascii: "\n") }
      rest = rest.dropFirst(text.count + 1)
      return String(decoding: text, as: UTF8.self)
    }
    guard let first = line(), first.hasPrefix(Self.heading + ": ") else { throw .noHeading }
    self.init(String(first.dropFirst(Self.heading.count + 2)))
    while let head = line() {
      if head.isEmpty { continue }
      let words = head.split(separator: " ").map(String.init)
      guard words.count >= 3, let moment = Int64(words[1]), let count = Int(words[2]), count >= 0 else {
        throw .noEntry(line: number)
      }
      guard rest.count >= count else { throw .cutShort(line: number) }
      let direction: Entry.Direction
      switch words[0] {
      case ">": direction = .fromCPE
      case "<":
        guard words.count == 4, let status = Int(words[3]) else { throw .noEntry(line: number) }
        direction = .toCPE(status: status)
      default: throw .noEntry(line: number)
      }
      let body = Array(rest.prefix(count))
      number += body.count { $0 == UInt8(ascii: "\n") }
      rest = rest.dropFirst(count)
      let charset = direction == .fromCPE && words.count > 3 ? words[3] : nil
      append(Entry(direction, at: Timestamp(rawValue: moment), charset: charset, body: body))
    }
  }
}

/// Why bytes are no transcript.
package enum TranscriptError: Error, Hashable, Sendable, CustomStringConvertible {
  case noHeading
  case noEntry(line: Int)
  case cutShort(line: Int)

  package var description: String {
    switch self {
    case .noHeading: "it does not begin with \"# usher transcript 1\""
    case .noEntry(let line): "line \(line): a message begins with > or <, a moment and a number of bytes"
    case .cutShort(let line): "line \(line): the message ends too early"
    }
  }
}
