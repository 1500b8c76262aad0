import Glibc
import Net

/// Colors of a terminal, left out where the output is none or NO_COLOR is set.
struct Style {
  let isColored: Bool

  static let standardOutput = Style(
    isColored: isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil)

  enum Tone: String {
    case good = "32"
    case bad = "31"
    case waiting = "33"
    case quiet = "2"
    case strong = "1"
  }

  func callAsFunction(_ tone: Tone, _ text: String) -> String {
    isColored ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text
  }
}

extension String {
  /// The text without the control characters that a router may have put in it, so that it cannot move the cursor, and
  /// without those that turn or hide what stands beside them.
  var printable: String {
    printable(longest: .max)
  }
}
