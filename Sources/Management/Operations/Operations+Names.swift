package import Journey
import Net
import Store

// Whom the operator means, and what to say where nobody is called so.
extension Operations {
  /// Names among which the one is looked for that was spelled wrong.
  private static let searched = 10_000
  private static let suggested = 3

  /// The router that `name` names. Throws where there is none.
  package func knownRouter(named name: String) throws -> Router {
    if let router = try router(named: name) { return router }
    if let row = inventory().row(named: name) {
      throw ErrorReport(
        error: "unseenRouter",
        text:
          "Router \(name) is in line \(row.line) of the inventory, and has not been seen yet: `usher journey` shows it "
          + "once it asks for an address here or informs the ACS. `usher journey \(name) --follow` waits for it.")
    }
    throw ErrorReport(error: "unknownRouter", text: "No router \(name) has been seen" + (try suggestion(for: name)))
  }

  /// The nearest names of routers that were seen or are to come.
  private func suggestion(for name: String) throws -> String {
    let known = try queries.routers(after: RouterID(rawValue: 0), limit: Self.searched)
    let seen = known.flatMap { [$0.serialNumber, $0.hostname, $0.hardware?.description, $0.address?.description] }
      .compactMap { $0 }
    let near = Spelling.near(to: name, among: seen + expected(like: name), atMost: Self.suggested)
    guard !near.isEmpty else { return "." }
    let shown = Set(seen)
    let unseen = near.filter { !shown.contains($0) }
    let remark =
      switch unseen.count {
      case 0: ""
      case 1: " \(Self.list(unseen, "and")) is in the inventory, and has not been seen yet."
      default: " \(Self.list(unseen, "and")) are in the inventory, and have not been seen yet."
      }
    return "; did you mean \(Self.list(near, "or"))?" + remark
  }

  /// `"a", "b" or "c"`.
  private static func list(_ names: [String], _ word: String) -> String {
    let quoted = names.map { "\"\($0)\"" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
    return quoted.dropLast().joined(separator: ", ") + " \(word) \(last)"
  }

  /// The names in the inventory that begin or end as this one does.
  private func expected(like name: String) -> some Sequence<String> {
    let name = name.lowercased()
    let (start, end) = (name.prefix(4), name.suffix(4))
    return inventory().rows.lazy.compactMap { $0.serialNumber ?? $0.hardware?.description }
      .filter { abs($0.utf8.count - name.utf8.count) <= 4 }
      .filter { candidate in
        let candidate = candidate.lowercased()
        return candidate.hasPrefix(start) || candidate.hasSuffix(end)
      }.prefix(Self.searched)
  }
}
