extension String {
  /// The text behind something of `prefix` columns, no line wider than `width`: the first line goes behind that, the
  /// others stand below the text, or where that leaves them little room, further left. One line where `width` is nil.
  package func hanging(after prefix: Int, width: Int?) -> [String] {
    guard let width, prefix + columns > width else { return [self] }
    let indent = prefix * 2 <= width ? prefix : min(Self.narrowIndent, width / 4)
    let margin = String(repeating: " ", count: indent)
    guard width - prefix >= Self.least else { return [""] + wrapped(to: width - indent).map { margin + $0 } }
    let lines = wrapped(to: width - indent, first: width - prefix)
    return lines.enumerated().map { $0.offset == 0 ? $0.element : margin + $0.element }
  }

  private static let narrowIndent = 14
  /// With less room than this behind it, the text begins on a line of its own.
  private static let least = 12
}
