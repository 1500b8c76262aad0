import Net

/// Why a text is not the data of a record of its type.
package struct RecordTextError: Error, Hashable, Sendable, CustomStringConvertible {
  package let type: RecordType
  /// What the type wants, as a person writes it.
  package let expected: String
  package let text: String

  package var description: String { "\(text.debugDescription) is not the data of \(type): expected \(expected)" }
}

extension RecordData {
  /// Reads the data as a master file has them (RFC 1035 section 5.1), with names always complete. The data of any type
  /// can be given as `\# LENGTH HEX` (RFC 3597 section 5); of types without a case of their own, only so. The text of TXT
  /// is one string unless it is strings in quotes.
  package init(type: RecordType, text: String) throws(RecordTextError) {
    guard let data = Self.read(type, text) else {
      throw RecordTextError(type: type, expected: MasterText.form(of: type), text: text)
    }
    self = data
  }

  private static func read(_ type: RecordType, _ text: String) -> RecordData? {
    // A text is one string unless it says otherwise.
    if type == .txt, !text.hasPrefix("\""), !text.hasPrefix("\\# ") {
      let bytes = Array(text.utf8)
      return (1...255).contains(bytes.count) ? .txt([bytes]) : nil
    }
    guard !text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 }) else { return nil }
    var scanner = MasterScanner(Array(text.utf8))
    guard let entry = try? scanner.nextEntry() else { return nil }
    return try? MasterText.data(of: type, entry.tokens, origin: nil)
  }
}
