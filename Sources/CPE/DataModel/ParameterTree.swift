package import CWMP

/// The parameters of a device, as CWMP's methods see them: full paths to typed values, in the order of the paths.
package struct ParameterTree: Sendable {
  package struct Leaf: Hashable, Sendable {
    package var value: String
    package let type: ValueType
    package let isWritable: Bool
    /// Whether a read gives the empty text, as for passwords (TR-098).
    package let isHidden: Bool
    package var attributes: Attributes

    package init(
      _ value: String, _ type: ValueType = .string, isWritable: Bool = false, isHidden: Bool = false,
      notification: Notification = .off
    ) {
      self.value = value
      attributes = Attributes(notification: notification)
      self.type = type
      self.isWritable = isWritable
      self.isHidden = isHidden
    }
  }

  /// Why one parameter could not be read or set; the code is CWMP's (TR-069 table "CPE fault codes").
  package struct Refusal: Error, Hashable, Sendable {
    package let path: String
    package let code: Int
    package let text: String

    package init(path: String, code: Int, text: String) {
      self.path = path
      self.code = code
      self.text = text
    }
  }

  var leaves: [String: Leaf]

  package init(_ leaves: [String: Leaf]) {
    self.leaves = leaves
  }

  /// The true value, hidden or not; for the device itself.
  package subscript(path: String) -> String? {
    get { leaves[path]?.value }
    set {
      guard let newValue else { return }
      leaves[path]?.value = newValue
    }
  }

  /// GetParameterValues: each of `paths` a leaf, or an object's path that ends in a dot (empty: all).
  /// Throws fault 9005 for a path that names nothing.
  package func values(of paths: [String]) throws(Refusal) -> [ParameterValue] {
    var found: [ParameterValue] = []
    for path in paths {
      found += try leafPaths(of: path).compactMap { path in leaves[path].map { Self.read(path, $0) } }
    }
    return found
  }

  /// The leaf at `path`, or all below it where it ends in a dot (empty: all). Throws fault 9005.
  func leafPaths(of path: String) throws(Refusal) -> [String] {
    if leaves[path] != nil { return [path] }
    let below = leaves.keys.filter { path.isEmpty || (path.hasSuffix(".") && $0.hasPrefix(path)) }.sorted()
    guard !below.isEmpty else { throw Refusal(path: path, code: 9005, text: "Invalid parameter name") }
    return below
  }

  /// SetParameterValues: all of them or none (TR-069 A.3.2.1). Gives every refusal, or nothing where all are set.
  package mutating func set(_ values: [ParameterValue]) -> [Refusal] {
    let refusals = values.compactMap(refusal(of:))
    let names = values.map(\.path)
    guard refusals.isEmpty, Set(names).count == names.count else {
      return refusals.isEmpty
        ? [Refusal(path: names.first ?? "", code: 9003, text: "A parameter is named twice")] : refusals
    }
    for value in values { leaves[value.path]?.value = value.value }
    return []
  }

  /// GetParameterNames: the names below `path`, one level or all. Objects end in a dot. Throws fault 9005.
  package func names(below path: String, nextLevel: Bool) throws(Refusal) -> [(name: String, isWritable: Bool)] {
    if let leaf = leaves[path] {
      guard !nextLevel else { throw Refusal(path: path, code: 9003, text: "NextLevel wants an object's path") }
      return [(path, leaf.isWritable)]
    }
    var names: [String: Bool] = [:]
    for (leafPath, leaf) in leaves where leafPath.hasPrefix(path) {
      let segments = leafPath.dropFirst(path.count).split(separator: ".", omittingEmptySubsequences: false)
      var name = path
      for (level, segment) in segments.enumerated() {
        let isLeaf = level == segments.count - 1
        name += isLeaf ? "\(segment)" : "\(segment)."
        names[name] = isLeaf && leaf.isWritable
        if nextLevel { break }
      }
    }
    guard !names.isEmpty else { throw Refusal(path: path, code: 9005, text: "Invalid parameter name") }
    if !nextLevel, !path.isEmpty { names[path] = false }
    return names.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func refusal(of value: ParameterValue) -> Refusal? {
    guard let leaf = leaves[value.path] else {
      return Refusal(path: value.path, code: 9005, text: "Invalid parameter name")
    }
    guard leaf.isWritable else {
      return Refusal(path: value.path, code: 9008, text: "Attempt to set a non-writable parameter")
    }
    guard value.type == leaf.type else {
      return Refusal(path: value.path, code: 9006, text: "Invalid parameter type: \(leaf.type.rawValue) expected")
    }
    guard leaf.type.accepts(value.value), value.value.utf8.count <= Self.longestValue else {
      return Refusal(path: value.path, code: 9007, text: "Invalid parameter value: \(leaf.type.rawValue) expected")
    }
    return nil
  }

  /// In bytes.
  private static let longestValue = 32_768

  private static func read(_ path: String, _ leaf: Leaf) -> ParameterValue {
    ParameterValue(path: path, value: leaf.isHidden ? "" : leaf.value, type: leaf.type)
  }
}
