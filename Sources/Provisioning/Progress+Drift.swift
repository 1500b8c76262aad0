import CWMP

extension Progress {
  /// What was learned of parameters apart from the plan: set by a task, or told by the device. Those of the goal that are
  /// otherwise than wanted have drifted, and those that had and are as wanted have not any more. A device that is not
  /// verified has nothing to drift from.
  ///
  /// - Parameter values: by path; nil where the parameter is gone with its object. A path that is wanted below one that
  ///   ends in a dot, and nil, is gone too.
  /// - Parameter digest: as that of ``Goal/init(for:row:profile:_:digest:)``.
  package mutating func learned(
    _ values: [(path: String, value: String?)], goal: Goal, digest: ([UInt8]) -> String
  ) {
    guard device.verified != nil, !values.isEmpty else { return }
    let told = Dictionary(values.map { ($0.path, $0.value) }) { $1 }
    let gone = values.filter { $0.value == nil }.map(\.path)
    for parameter in goal.parameters where !parameter.isOptional {
      let path = parameter.wanted.path
      let value: String?
      switch told[path] {
      case .some(let known): value = known
      case nil:
        guard gone.contains(where: { $0.isObject(of: path) }) else { continue }
        value = nil
      }
      // Of a secret, what is read is empty, and says nothing.
      if !parameter.isReadable, value?.isEmpty == true { continue }
      let isAsWanted = value.map { parameter.agrees(with: parameter.isReadable ? $0 : digest(Array($0.utf8))) } ?? false
      if isAsWanted {
        restored(path)
      } else if parameter.isReadable {
        drifted(path: path, wanted: parameter.wanted.value, found: value ?? "")
      } else {
        drifted(path: path, wanted: Self.secret, found: Self.secret)
      }
    }
  }

  /// Stands for a value that is not to be told.
  private static let secret = "(a secret)"

  mutating func drifted(path: String, wanted: String, found: String) {
    let drift = Drift(path: path, wanted: wanted, found: found)
    guard !device.drifts.contains(drift) else { return }
    device.drifts.removeAll { $0.path == path }
    // What is beyond the limit is not remembered, and not told: that there is drift is known.
    guard device.drifts.count < Drift.limit else { return }
    device.drifts.append(drift)
    outcomes.append(.drifted(path: path, wanted: drift.wanted, found: drift.found))
  }

  private mutating func restored(_ path: String) {
    guard device.drifts.contains(where: { $0.path == path }) else { return }
    device.drifts.removeAll { $0.path == path }
    outcomes.append(.restored(path: path))
  }
}

extension String {
  fileprivate func isObject(of path: String) -> Bool { hasSuffix(".") && path.hasPrefix(self) }
}

extension ParameterFact {
  /// Whether both say the same in one of the ways in which routers write booleans and numbers.
  static func areAlike(_ left: String, _ right: String) -> Bool {
    func plain(_ text: String) -> String {
      switch text.trimmed.lowercased() {
      case "true": "1"
      case "false": "0"
      default: text
      }
    }
    if plain(left) == plain(right) { return true }
    if let left = Int64(left.trimmed), let right = Int64(right.trimmed) { return left == right }
    return ValueType.areOneMoment(left, right)
  }
}
