import Glibc

/// How wide the terminal is that a process writes to.
package enum TerminalSize {
  /// In columns: what `COLUMNS` in the environment says, or else the terminal itself, or 80 where that does not know.
  /// Nil where standard output is no terminal and nothing is said.
  package static func columns() -> Int? {
    if let text = getenv("COLUMNS"), let columns = Int(String(cString: text)), columns > 0 {
      return max(columns, narrowest)
    }
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return max(Int(size.ws_col), narrowest)
  }

  /// What is narrower is taken for this.
  private static let narrowest = 20
}
