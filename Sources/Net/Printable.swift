extension String {
  /// Fit to be shown to a person: control characters and those that hide or turn text are replaced by U+FFFD, and what
  /// is longer than `longest` characters ends in an ellipsis. Whatever a router or a client sent passes through here.
  package func printable(longest: Int = 160) -> String {
    var shown = String.UnicodeScalarView()
    var count = 0
    for scalar in unicodeScalars {
      count += 1
      guard count <= longest else { return String(shown) + "…" }
      shown.append(scalar.isShown ? scalar : "\u{FFFD}")
    }
    return String(shown)
  }
}

extension Unicode.Scalar {
  fileprivate var isShown: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
    default: true
    }
  }
}
