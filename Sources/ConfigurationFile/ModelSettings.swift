/// What routers of one model need where the standard leaves a choice, or where they do not follow it.
package struct ModelSettings: Section {
  package enum Booleans: String, CaseIterable, Sendable {
    /// As the router writes them itself.
    case own
    /// `1` and `0`.
    case digits
    /// `true` and `false`.
    case words
  }

  package enum End: String, CaseIterable, Sendable {
    case noContent = "no-content"
    case empty, confirmed
  }

  package enum Login: String, CaseIterable, Sendable {
    case required, none
  }

  package enum Credentials: String, CaseIterable, Sendable {
    case own, shared
  }

  package var match = MatchSettings()
  package var declaration = false
  package var booleans = Booleans.own
  package var milliseconds = false
  package var end = End.noContent
  package var namesByLevel = false
  package var login = Login.required
  package var credentials = Credentials.own
  /// What it logs in with from the factory on; nil where it has nothing.
  package var username: String?
  package var password: String?
  package var origin = Origin()

  package init() {}

  static let schema: [Row<ModelSettings>] = [
    Row("match", \.match, .section, "Which routers these are: those of which all patterns hold."),
    Row(
      "declaration", \.declaration, .flag,
      "Whether messages to it begin with an XML declaration, if its own do. Most routers want none."),
    Row(
      "booleans", \.booleans, .choice(),
      "How booleans are set: as the router writes them itself, as 1 and 0, or as true and false."),
    Row(
      "milliseconds", \.milliseconds, .flag,
      "Whether times are set with a fraction of a second, though the router's own have none."),
    Row(
      "end", \.end, .choice(),
      "How a session ends: with 204; with 200 and an empty body; or with that, and once more when the router confirms "
        + "it by an empty POST."),
    Row(
      "names-by-level", \.namesByLevel, .flag,
      "Whether the names of its data model are asked for level by level, without trying all at once first."),
    Row(
      "login", \.login, .choice(),
      "Whether it must log in. Without, whoever names a serial number of the inventory is let in as that router: for "
        + "routers that cannot answer a challenge, in closed networks only."),
    Row(
      "credentials", \.credentials, .choice(),
      "Whether it is given credentials of its own, or keeps the shared ones of its first session: for models that take "
        + "their own and log in with the shared ones again."),
    Row(
      "username", \.username, .word, absent: "what option 43 hands out",
      "The user name that the model logs in with from the factory on: it opens a first session of this model alone."),
    Row(
      "password", \.password, .word, absent: "what option 43 hands out", "The password that belongs to `username`."),
  ]

  func check(into findings: inout Findings) {
    guard (username == nil) != (password == nil), origin.isRight("username"), origin.isRight("password") else { return }
    let (given, missing) = username == nil ? ("password", "username") : ("username", "password")
    findings.add(
      origin.problem(at: given, "\(origin.path) has a \(given) and no \(missing)", expected: "both, or neither"))
  }
}
