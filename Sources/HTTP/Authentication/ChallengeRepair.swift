/// Makes of a WWW-Authenticate field, as some routers write it, one that ``AuthenticationField`` reads: on one line, with
/// a closing quote to each opening one, and without characters that stand nowhere.
struct ChallengeRepair {
  /// Longer ones are left as they are.
  private static let longest = 16 << 10
  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let equals = UInt8(ascii: "=")

  private let text: [UInt8]
  private var place = 0
  private var result: [UInt8] = []

  static func repaired(_ fieldValue: String) -> String {
    guard fieldValue.utf8.count <= longest else { return fieldValue }
    var repair = ChallengeRepair(fieldValue)
    repair.run()
    return String(decoding: repair.result, as: UTF8.self)
  }

  private init(_ fieldValue: String) {
    text = Array(fieldValue.utf8)
    result.reserveCapacity(text.count + 8)
  }

  /// Each step goes on by at least one byte.
  private mutating func run() {
    while place < text.count {
      let byte = text[place]
      if byte == Self.quote, lastMark == Self.equals {
        takeQuoted()
      } else if byte.isTokenCharacter {
        takeToken()
      } else {
        place += 1
        switch byte {
        case UInt8(ascii: ";"): result.append(Self.comma)
        case Self.comma, Self.equals, UInt8(ascii: "/"), UInt8(ascii: ":"): result.append(byte)
        // A quote that nothing opened, too, is left out: it cannot be part of a name.
        default: if byte.isBlank { result.append(0x20) }
        }
      }
    }
  }

  /// What was written last, blanks aside.
  private var lastMark: UInt8? { result.last { !$0.isBlank } }

  /// `qop=auth,auth-int` without quotes: the second is no scheme, and the first will do.
  private mutating func takeToken() {
    let end = text[place...].firstIndex { !$0.isTokenCharacter } ?? text.count
    let token = String(decoding: text[place..<end], as: UTF8.self).lowercased()
    let isAssigned = text[end...].first { !$0.isBlank } == Self.equals
    if !(lastMark == Self.comma && !isAssigned && ["auth", "auth-int"].contains(token)) {
      result += text[place..<end]
    }
    place = end
  }

  /// A value ends at the quote behind which the field ends or something new begins. Where there is none such, it ends
  /// before the next parameter, at a comma, at the end of the line or of all.
  private mutating func takeQuoted() {
    let start = place + 1
    var end = start
    while end < text.count, text[end] != Self.quote { end += text[end] == UInt8(ascii: "\\") ? 2 : 1 }
    end = min(end, text.count)
    place = end + 1
    if end == text.count || !closes(at: end) {
      let next = end < text.count ? placeBeforeParameter(at: end, from: start) : nil
      let line = text[start...].firstIndex { $0 == Self.comma || $0 == 0x0A || $0 == 0x0D } ?? text.count
      end = min(next ?? text.count, line)
      place = end
    } else if let next = placeBeforeParameter(at: end, from: start) {
      end = min(next, text[start...].firstIndex(of: Self.comma) ?? next)
      place = end
    }
    let last = text[start..<end].lastIndex { !$0.isBlank && $0 != Self.quote }.map { $0 + 1 } ?? start
    result.append(Self.quote)
    result += text[start..<last].filter { !$0.isControl }
    result.append(Self.quote)
  }

  private func closes(at quote: Int) -> Bool {
    guard quote + 1 < text.count else { return true }
    let next = text[quote + 1]
    return next.isBlank || next == Self.comma || next == UInt8(ascii: ";") || next == Self.quote
  }

  /// Where the value ends whose closing quote is missing, when the quote at `place` is that of the parameter behind it.
  private func placeBeforeParameter(at place: Int, from start: Int) -> Int? {
    guard place > start, text[place - 1] == Self.equals else { return nil }
    let name = text[start..<(place - 1)].reversed().prefix(while: \.isTokenCharacter).count
    let before = place - 2 - name
    guard name > 0, before >= start, text[before].isBlank || text[before] == Self.comma else { return nil }
    return before
  }
}
