/// What the data model says of the STUN client (TR-098 and TR-181, ManagementServer).
package struct STUNParameters: Hashable, Sendable {
  /// A name or an address.
  package let server: String
  package let port: UInt16
  package let username: String
  package let password: String
  /// Milliseconds between requests that keep the binding.
  package let period: Int64

  package static let standardPort: UInt16 = 3478

  /// Nil where STUN is not enabled. `acs` is the host of the ACS's URL, which is the server where the data model names
  /// none.
  package init?(of tree: ParameterTree, acs: String?) {
    guard ["1", "true"].contains(tree[Path.stunEnable] ?? "") else { return nil }
    let named = tree[Path.stunServerAddress] ?? ""
    guard let server = named.isEmpty ? acs : named else { return nil }
    self.server = server
    let number = tree[Path.stunServerPort].flatMap { UInt16($0) } ?? 0
    port = number == 0 ? Self.standardPort : number
    username = tree[Path.stunUsername] ?? ""
    password = tree[Path.stunPassword] ?? ""
    let shortest = tree[Path.stunMinimumKeepAlivePeriod].flatMap { Int64($0) } ?? 0
    // -1: there is no longest.
    let longest = tree[Path.stunMaximumKeepAlivePeriod].flatMap { Int64($0) } ?? -1
    period = max(1, shortest, longest) * 1000
  }
}
