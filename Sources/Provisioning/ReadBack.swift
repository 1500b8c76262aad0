package import CWMP

/// Reads the parameters of a goal in batches that every router takes. Of a batch that is refused, all is read that can
/// be, and what cannot is named (``Bisection``).
package struct ReadBack: Hashable, Sendable {
  /// Names in one GetParameterValues.
  package static let batch = 64

  package let paths: [String]
  private var bisection: Bisection
  package private(set) var values: [ParameterValue] = []
  /// The names that were refused by themselves, and their faults.
  package private(set) var refusals: [Refusal] = []

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
    bisection = Bisection(of: paths.count, batch: Self.batch)
  }

  /// What is to be asked for; nil where all is read, or too much was refused.
  package var next: [String]? { bisection.next.map { Array(paths[$0]) } }

  /// The first of them.
  package var refusal: Refusal? { refusals.first }

  /// All of them in one; nil where all was read.
  package var fault: Fault? {
    refusal.map { first in
      Fault(
        code: first.fault.code, text: first.fault.text,
        parameters: refusals.map { ParameterFault(path: $0.path, code: $0.fault.code, text: $0.fault.text) })
    }
  }

  package mutating func take(_ answer: Session.Answer) {
    switch answer {
    case .response(.getParameterValues(let response)):
      if bisection.answered() != nil { values += response.parameters }
    case .response: _ = bisection.answered()
    case .fault(let fault):
      guard let place = bisection.refused() else { return }
      refusals.append(Refusal(path: paths[place], fault: fault))
    }
  }
}
