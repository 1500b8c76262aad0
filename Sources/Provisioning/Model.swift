package import CWMP

/// What routers of one model need where the standard leaves a choice, or where they do not follow it.
package struct Model: Hashable, Sendable {
  package enum End: String, CaseIterable, Hashable, Sendable {
    /// 204, which says by itself that there is no body.
    case noContent
    /// 200 with a body of no bytes.
    case empty
    /// 200 with a body of no bytes, and once more for the empty POST by which the router confirms it.
    case confirmed
  }

  package var match: Match
  /// Whether messages begin with an XML declaration, where the router's own do.
  package var declaration = false
  /// How values are written, whatever the router's own way is; nil for its own.
  package var habits = Habits()
  package var end = End.noContent
  /// Whether the names of its data model are asked for level by level.
  package var byLevel = false
  /// Whether it logs in. One that cannot is let in without, where the inventory has it.
  package var authenticates = true
  /// Whether it keeps the credentials that all are given for their first session, and gets none of its own: for models
  /// that take their own and do not use them.
  package var sharesCredentials = false
  /// What it logs in with from the factory on, for its first session; nil where it has nothing.
  package var login: Login?

  package struct Login: Hashable, Sendable {
    package let username: String
    package let password: String

    package init(username: String, password: String) {
      self.username = username
      self.password = password
    }
  }

  package init(match: Match = Match()) {
    self.match = match
  }

  /// What holds for a router of no model that is set down.
  package static let standard = Model()
}

extension [Model] {
  /// The first that matches the router.
  package func model(of device: Device) -> Model {
    first { $0.match.matches(device) } ?? .standard
  }
}
