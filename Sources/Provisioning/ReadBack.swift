package import CWMP

/// Reads the parameters of a goal in batches that every router takes. A fault seldom says which name is to blame
/// (9005, after other software or another configuration): the batch is halved until one name alone is refused.
package struct ReadBack: Hashable, Sendable {
  /// Names in one GetParameterValues.
  package static let batch = 64

  package let paths: [String]
  /// What is still to be asked for, last first.
  private var batches: [[String]]
  package private(set) var values: [ParameterValue] = []
  /// The first name that was refused by itself, and the fault.
  package private(set) var refusal: Refusal?

  package struct Refusal: Hashable, Sendable {
    package let path: String
    package let fault: Fault

    package init(path: String, fault: Fault) {
      self.path = path
      self.fault = fault
    }
  }

  package init(of paths: [String]) {
    self.paths = paths
    batches = stride(from: 0, to: paths.count, by: Self.batch).reversed().map {
      Array(paths[$0..<min($0 + Self.batch, paths.count)])
    }
  }

  /// What is to be asked for; nil where all is read, or one name was refused.
  package var next: [String]? { refusal == nil ? batches.last : nil }

  package mutating func take(_ answer: Session.Answer) {
    guard let asked = batches.popLast() else { return }
    switch answer {
    case .response(.getParameterValues(let response)): values += response.parameters
    case .response: break
    case .fault where asked.count > 1:
      let half = asked.count / 2
      batches += [Array(asked[half...]), Array(asked[..<half])]
    case .fault(let fault): refusal = asked.first.map { Refusal(path: $0, fault: fault) }
    }
  }
}
