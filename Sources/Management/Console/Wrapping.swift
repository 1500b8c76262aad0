extension String {
  /// The text in lines of at most `width` columns, broken at blanks, or else behind a sign that joins words, or else
  /// anywhere. The first line has `first` columns where that is less. Of more lines than `most` the last ends in "…".
  package func wrapped(to width: Int, first: Int? = nil, most: Int = .max) -> [String] {
    var lines: [String] = []
    var rest = self[...]
    repeat {
      let room = max(1, lines.isEmpty ? first ?? width : width)
      guard lines.count + 1 < most else {
        lines.append(Self.cut(rest, to: room))
        break
      }
      let line = Self.line(of: rest, room)
      lines.append(Self.trimmed(line))
      rest = rest[line.endIndex...].drop { $0 == " " }
    } while !rest.isEmpty
    return lines
  }

  /// As much of the beginning as fits into a line.
  private static func line(of text: Substring, _ room: Int) -> Substring {
    var used = 0
    var index = text.startIndex
    var blank: Index?
    var joint: Index?
    while index < text.endIndex {
      let character = text[index]
      // The first character is taken also where it is wider than the line: else there would be no end.
      if used + character.columns > room, index > text.startIndex {
        if character == " " { return text[..<index] }
        return text[..<(blank ?? joint ?? index)]
      }
      used += character.columns
      index = text.index(after: index)
      if character == " " {
        blank = index
      } else if ".,:;-/_?&=".contains(character), used * 2 > room {
        joint = index
      }
    }
    return text
  }

  private static func cut(_ text: Substring, to room: Int) -> String {
    guard String(text).columns > room else { return String(text) }
    var shown = ""
    var used = 1
    for character in text {
      used += character.columns
      guard used <= room else { break }
      shown.append(character)
    }
    return shown + "…"
  }

  private static func trimmed(_ line: Substring) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}
