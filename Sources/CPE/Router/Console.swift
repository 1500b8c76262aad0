import Synchronization

/// The router's console: each line is shown, and the last of them are its log file.
final class Console: Sendable {
  private static let limit = 1000

  private let lines = Mutex<[String]>([])
  private let show: @Sendable (String) -> Void

  init(_ show: @escaping @Sendable (String) -> Void) {
    self.show = show
  }

  func print(_ line: String) {
    show(line)
    lines.withLock { lines in
      if lines.count == Self.limit { lines.removeFirst() }
      lines.append(line)
    }
  }

  var log: [UInt8] {
    lines.withLock { Array($0.joined(separator: "\n").utf8) + [0x0A] }
  }
}
