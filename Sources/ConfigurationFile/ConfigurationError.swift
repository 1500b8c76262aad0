/// A configuration file that cannot be used, with all that is wrong in it, in the order of the file. Nothing starts
/// with it, and nothing of it is applied.
package struct ConfigurationError: Error, Hashable, Sendable {
  /// The name of the file, as the person who started the program wrote it.
  package let file: String
  package let problems: [Problem]
  /// How many more there are past the ``limit``.
  package let omitted: Int
  private let source: Source

  /// The most problems that are listed.
  package static let limit = 100

  /// - Parameter source: the text of the file, for the lines that the problems are shown with.
  package init(file: String, source: String, problems: [Problem]) {
    self.init(file: file, source: Source(source), problems: problems, omitted: 0)
  }

  init(file: String, source: Source, problems: [Problem], omitted: Int) {
    let sorted = problems.sorted { $0.position < $1.position }
    self.file = file
    self.problems = Array(sorted.prefix(Self.limit))
    self.omitted = omitted + max(0, sorted.count - Self.limit)
    self.source = source
  }
}

extension ConfigurationError: CustomStringConvertible {
  /// One block for each problem: `FILE:LINE:COLUMN: …`, and beneath it the line itself with a caret.
  package var description: String {
    var blocks = problems.map { problem in
      "\(file):\(problem.position.line):\(problem.position.column): \(problem)"
        + source.excerpt(at: problem.position)
    }
    if omitted > 0 { blocks.append("\(file): and \(omitted) more problems") }
    return blocks.joined(separator: "\n")
  }
}
