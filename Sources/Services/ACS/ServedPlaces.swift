/// The paths that the ACS is at, each with or without a slash at its end.
struct ServedPaths: Sendable {
  /// The one in the URL that is made.
  let first: String
  private let paths: Set<String>

  init(_ paths: [String]) {
    first = paths.first ?? "/"
    self.paths = Set(paths.map { Self.withoutLastSlash($0) })
  }

  func contains(_ path: String) -> Bool {
    path == first || paths.contains(Self.withoutLastSlash(path))
  }

  static func withoutLastSlash(_ path: String) -> String {
    var path = Substring(path)
    while path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    return String(path)
  }
}

/// Names of others that lead here, such as that of a factory's ACS: a router that comes by one of them has a URL that
/// nobody here has written, and its path may be any.
package struct CaptiveNames: Hashable, Sendable {
  private let names: Set<String>
  /// With the dot before them.
  private let suffixes: [String]

  /// `*.` before a name takes all below it, and not itself.
  package init(_ names: [String] = []) {
    let names = names.map { $0.lowercased() }
    self.names = Set(names.filter { !$0.hasPrefix("*.") })
    suffixes = names.filter { $0.hasPrefix("*.") }.map { String($0.dropFirst()) }
  }

  /// Whether a host of a URL, without its port, is one of them.
  func contains(_ host: String?) -> Bool {
    guard !names.isEmpty || !suffixes.isEmpty, var host = host?.lowercased() else { return false }
    if host.hasSuffix(".") { host.removeLast() }
    return names.contains(host) || suffixes.contains { host.hasSuffix($0) && host.utf8.count > $0.utf8.count }
  }
}
