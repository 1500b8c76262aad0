import Net

/// The names of a data model that was read whole, by which paths that are spelled wrong are told from right ones.
package struct NameTree: Sendable {
  private struct Node: Sendable {
    /// By name; all instances of a table are one.
    var children: [String: Node] = [:]
    var isObject = false
  }

  private static let instance = "{i}"
  private static let roots = ["InternetGatewayDevice", "Device"]

  private var top = Node(isObject: true)

  /// Paths of objects end in a dot.
  package init(_ paths: some Sequence<String>) {
    for path in paths { Self.insert(Self.names(of: path)[...], in: &top) }
  }

  /// The right spelling that is nearest to a path; nil where it is right, and where nothing is near it: what a router has
  /// comes and goes, and of what is quite unknown only it can tell. Numbers of instances are not held against a path.
  package func correction(of path: String) -> String? {
    var node = top
    var right: [String] = []
    var isWrong = false
    for name in Self.names(of: path) {
      if name.isEmpty {
        guard node.isObject else { return right.joined(separator: ".") }
        return isWrong ? right.joined(separator: ".") + "." : nil
      }
      if let child = node.children[Self.key(name)] {
        right.append(name)
        node = child
      } else if let near = nearest(to: name, in: node, isFirst: right.isEmpty), let child = node.children[near] {
        right.append(near)
        node = child
        isWrong = true
      } else {
        return isWrong ? right.joined(separator: ".") + "." : nil
      }
    }
    if node.isObject { return right.joined(separator: ".") + "." }
    return isWrong ? right.joined(separator: ".") : nil
  }

  private func nearest(to name: String, in node: Node, isFirst: Bool) -> String? {
    if isFirst, Self.roots.contains(name) { return Self.roots.first { node.children[$0] != nil } }
    return Spelling.nearest(to: name, among: node.children.keys.filter { $0 != Self.instance }.sorted())
  }

  private static func insert(_ names: ArraySlice<String>, in node: inout Node) {
    guard let name = names.first else { return }
    node.isObject = true
    guard !name.isEmpty else { return }
    insert(names.dropFirst(), in: &node.children[key(name), default: Node()])
  }

  private static func key(_ name: String) -> String {
    name.utf8.allSatisfy { (0x30...0x39).contains($0) } ? instance : name
  }

  /// The last one is empty where the path ends in a dot.
  private static func names(of path: String) -> [String] {
    path.split(separator: ".", maxSplits: 64, omittingEmptySubsequences: false).map(String.init)
  }
}

extension TaskRequest {
  /// The paths that it names, as they were given.
  package var paths: [String] {
    switch self {
    case .getParameterValues(let paths), .getParameterAttributes(let paths): paths
    case .setParameterValues(let values): values.map(\.path)
    case .setParameterAttributes(let attributes): attributes.map(\.path)
    case .getParameterNames(let path, _), .addObject(let path), .deleteObject(let path), .discover(let path): [path]
    case .getRPCMethods, .download, .scheduleDownload, .upload, .reboot, .factoryReset, .scheduleInform,
      .cancelTransfer, .getQueuedTransfers, .changeDUState:
      []
    }
  }
}
