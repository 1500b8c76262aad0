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

  package var match = MatchSettings()
  package var declaration = false
  package var booleans = Booleans.own
  package var milliseconds = false
  package var end = End.noContent
  package var namesByLevel = false
  package var login = Login.required
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
  ]
}
