import Net

/// Renders every row of an inventory with its profile before any router comes: what a template asks for and no row can
/// have, what a row lacks, and what nobody asks for.
package struct InventoryCheck: Sendable {
  /// Where a variable is named.
  package enum Place: Hashable, Sendable {
    case configuration
    case parameter(path: String)
    case bootFile
  }

  package struct Problem: Hashable, Sendable {
    /// The profile's number in the order of the configuration; nil for the boot file.
    package let profile: Int?
    package let place: Place
    /// Nil where it holds for every router.
    package let row: Inventory.Row?
    package let error: TemplateError
  }

  /// At most ``limit``, those of templates first, then in the order of the rows.
  package private(set) var problems: [Problem] = []
  package private(set) var omitted = 0
  /// The columns that no template and no parameter names.
  package private(set) var unused: [String] = []

  package static let limit = 100

  private let inventory: Inventory
  private let profiles: [CheckedProfile]
  private var bootFile: CheckedProfile?

  /// `bootFile` is nil for the built-in one, which needs no variable.
  package init(_ inventory: Inventory, profiles: [Profile], bootFile: Template?) {
    self.inventory = inventory
    self.profiles = profiles.map(CheckedProfile.init)
    for (index, profile) in self.profiles.enumerated() {
      for error in profile.unreadable { note(error.error, index, error.place) }
      for source in profile.sources { findUnknown(source, index, profile.variables, Variables.ofEveryRouter) }
    }
    self.bootFile = bootFile.map { CheckedProfile(bootFile: $0) }
    for source in self.bootFile?.sources ?? [] { findUnknown(source, nil, [:], Variables.ofBootFiles) }
    for row in inventory.rows { check(row) }
    // Boot files and leases go by the column `hostname`.
    var named: Set<String> = ["hostname"]
    for source in self.profiles.flatMap(\.sources) { named.formUnion(source.uses.map(\.name)) }
    named.formUnion(bootFile?.names ?? [])
    unused = inventory.variables.filter { !named.contains($0) }
  }

  /// What neither the inventory nor the profile nor any router has.
  private mutating func findUnknown(
    _ source: CheckedProfile.Source, _ profile: Int?, _ variables: [String: String], _ given: Set<String>
  ) {
    let known = given.union(inventory.variables).union(variables.keys)
    for use in source.uses where use.absent == nil && !known.contains(use.name) {
      let nearest = Spelling.nearest(to: use.name, among: known.sorted())
      note(.unknown(name: use.name, at: use.position, nearest: nearest), profile, source.place)
    }
  }

  /// By the profile that it names; else by all that it may get, and then only what is wrong whichever it is.
  private mutating func check(_ row: Inventory.Row) {
    // Who fetches a boot file is known by its hardware address alone.
    if row.hardware != nil, let bootFile {
      for (place, error) in bootFile.problems(of: row, inventory.variables) { note(error, nil, place, row) }
    }
    if let name = row.profile {
      guard let index = profiles.firstIndex(where: { $0.name == name }) else { return }
      for (place, error) in profiles[index].problems(of: row, inventory.variables) { note(error, index, place, row) }
      return
    }
    var first: (index: Int, problems: [(CheckedProfile.Place, TemplateError)])?
    for (index, profile) in profiles.enumerated() where profile.mayBe(of: row) {
      let problems = profile.problems(of: row, inventory.variables)
      guard !problems.isEmpty else { return }
      if first == nil { first = (index, problems) }
      if profile.isForAll { break }
    }
    guard let first else { return }
    for (place, error) in first.problems { note(error, first.index, place, row) }
  }

  private mutating func note(_ error: TemplateError, _ profile: Int?, _ place: Place, _ row: Inventory.Row? = nil) {
    guard problems.count < Self.limit else {
      omitted += 1
      return
    }
    problems.append(Problem(profile: profile, place: place, row: row, error: error))
  }
}

/// A profile with all places where it names variables.
private struct CheckedProfile {
  typealias Place = InventoryCheck.Place

  struct Source {
    let place: Place
    let uses: [Template.Use]
    let textSize: Int

    init(_ place: Place, _ template: Template) {
      self.place = place
      uses = template.uses
      textSize = template.textSize
    }
  }

  let name: String
  let variables: [String: String]
  private let match: Match
  private(set) var sources: [Source] = []
  /// Values of parameters that are no templates.
  private(set) var unreadable: [(place: Place, error: TemplateError)] = []

  init(_ profile: Profile) {
    name = profile.name
    match = profile.match
    variables = profile.variables
    for parameter in profile.parameters where parameter.value.utf8.contains(UInt8(ascii: "{")) {
      do throws(TemplateError) {
        sources.append(Source(.parameter(path: parameter.path), try Template(parameter.value)))
      } catch {
        unreadable.append((.parameter(path: parameter.path), error))
      }
    }
    if let configuration = profile.configuration { sources.append(Source(.configuration, configuration.template)) }
  }

  init(bootFile: Template) {
    name = ""
    match = Match()
    variables = [:]
    sources = [Source(.bootFile, bootFile)]
  }

  var isForAll: Bool { match == Match() }

  /// Whether the router of a row may get it: all that is known of it before is its OUI.
  func mayBe(of row: Inventory.Row) -> Bool {
    row.oui.map { match.oui.matches($0) } ?? true
  }

  /// What keeps the row from being rendered. What is unknown of every router, or of every row, is not told here.
  func problems(of row: Inventory.Row, _ columns: [String]) -> [(Place, TemplateError)] {
    var problems: [(Place, TemplateError)] = []
    for source in sources {
      var size = source.textSize
      for use in source.uses {
        let value = self.value(of: use.name, row) ?? use.absent
        size += value?.utf8.count ?? 0
        if let value {
          if !value.isOneLine { problems.append((source.place, .unsafeValue(name: use.name, at: use.position))) }
        } else if use.name == "site"
          || !Variables.ofEveryRouter.contains(use.name)
            && (columns.contains(use.name) || variables[use.name] != nil)
        {
          problems.append((source.place, .noValue(name: use.name, at: use.position)))
        }
      }
      if size > Template.sizeLimit { problems.append((source.place, .tooLong(limit: Template.sizeLimit))) }
    }
    return problems
  }

  private func value(of name: String, _ row: Inventory.Row) -> String? {
    for value in [row.variables[name], variables[name]] {
      if let value, !value.isEmpty { return value }
    }
    return name == "site" ? row.site.flatMap { $0.isEmpty ? nil : $0 } : nil
  }
}
