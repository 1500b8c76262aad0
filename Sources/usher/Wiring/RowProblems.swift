import ConfigurationFile
import Net
import Provisioning

/// What of an inventory's rows does not go with the rest of the configuration.
struct RowProblems {
  private(set) var problems: [Problem] = []
  private(set) var warnings: [String] = []
  private let settings: Settings
  private let name: String

  /// The profiles are those of the settings, in their order.
  init(_ settings: Settings, _ inventory: Inventory, _ profiles: [Profile], bootFile: Template?) {
    self.settings = settings
    name = settings.inventory ?? ""
    let names = Set(settings.profiles.map(\.name))
    for row in inventory.rows {
      if let profile = row.profile, !names.contains(profile) { addUnknown(profile, row) }
      if let address = row.address, !settings.subnets.isEmpty { addMisplaced(address, row) }
    }
    let check = InventoryCheck(inventory, profiles: profiles, bootFile: bootFile)
    for problem in check.problems { add(problem) }
    if check.omitted > 0 {
      problems.append(settings.origin.problem(at: "inventory", "\(name): and \(check.omitted) more of such problems"))
    }
    warnings = check.unused.map {
      "the column \"\($0.printable)\" of \(name) is named by no template and no parameter, so it does nothing"
    }
  }

  private mutating func addUnknown(_ profile: String, _ row: Inventory.Row) {
    problems.append(
      settings.origin.problem(
        at: "inventory", "line \(row.line) of \(name) names the profile \"\(profile.printable)\"",
        expected: settings.profiles.map(\.name).joined(separator: ", "),
        suggestion: Spelling.nearest(to: profile, among: settings.profiles.map(\.name))))
  }

  private mutating func addMisplaced(_ address: IPv4Address, _ row: Inventory.Row) {
    guard !settings.subnets.contains(where: { $0.subnet.hosts.contains(address) }) else { return }
    problems.append(
      settings.origin.problem(
        at: "inventory", "line \(row.line) of \(name) has the address \(address)",
        expected: "an address in one of \(settings.subnets.map(\.subnet.description).joined(separator: ", "))"))
  }

  private mutating func add(_ problem: InventoryCheck.Problem) {
    let profile = problem.profile.map { settings.profiles[$0] }
    let (place, origin, option) = self.place(problem.place, profile)
    let expected = expectation(of: problem.error)
    guard let row = problem.row else {
      let (error, nearest) = Self.parted(problem.error)
      problems.append(origin.problem(at: option, "\(place): \(error)", expected: expected, suggestion: nearest))
      return
    }
    let router = row.serialNumber ?? row.hardware?.description ?? ""
    problems.append(
      settings.origin.problem(
        at: "inventory",
        "line \(row.line) of \(name) (\(router.printable)) does not do for \(place): \(problem.error)",
        expected: expected))
  }

  /// The error without the nearest name, and that.
  private static func parted(_ error: TemplateError) -> (TemplateError, nearest: String?) {
    guard case .unknown(let name, let position, let nearest) = error else { return (error, nil) }
    return (.unknown(name: name, at: position, nearest: nil), nearest)
  }

  private func place(_ place: InventoryCheck.Place, _ profile: ProfileSettings?) -> (String, Origin, String) {
    let name = profile?.name ?? ""
    switch place {
    case .configuration:
      let file = profile?.configuration
      let words = "the configuration \(file?.template ?? "") of profile \"\(name)\""
      return (words, file?.origin ?? settings.origin, "template")
    case .parameter(let path):
      return ("the parameter \(path) of profile \"\(name)\"", profile?.origin ?? settings.origin, "parameters")
    case .bootFile:
      let file = settings.bootFile
      return ("the boot file \(file?.template ?? "")", file?.origin ?? settings.origin, "template")
    }
  }

  /// What would be right.
  private func expectation(of error: TemplateError) -> String? {
    switch error {
    case .unknown(let name, _, _):
      (settings.inventory.map { "a column \"\(name)\" of \($0), " } ?? "")
        + "a variable of the profile, or a default: {{ \(name) | default \"…\" }}"
    case .noValue(let name, _): "a value in the column \"\(name)\", or a default: {{ \(name) | default \"…\" }}"
    case .unsafeValue: "text of one line"
    case .unclosed, .malformed, .tooLong: nil
    }
  }
}
