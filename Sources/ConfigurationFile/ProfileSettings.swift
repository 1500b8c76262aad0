/// What a kind of router becomes.
package struct ProfileSettings: Section {
  /// Which routers may have it.
  package enum Admission: String, CaseIterable, Sendable {
    /// Those in the inventory.
    case inventory
    /// All that match.
    case all
  }

  package var name = ""
  package var match = MatchSettings()
  package var admit = Admission.inventory
  /// Seconds between periodic Informs.
  package var informInterval = 300
  /// In the order of the file.
  package var parameters: [ParameterSettings] = []
  /// The configuration file that is downloaded to the router, if one is.
  package var configuration: ConfigurationFileSettings?
  /// Whether the router is rebooted once it is configured.
  package var reboot = false
  /// Whether its whole data model is read.
  package var discover = true
  /// In the order of the file; a site's own come before them.
  package var variables: [VariableSettings] = []
  package var origin = Origin()

  package init() {}

  /// What routers become without profiles in the file.
  static let openLab: ProfileSettings = {
    var profile = ProfileSettings()
    profile.name = "open-lab"
    profile.admit = .all
    return profile
  }()

  static let schema: [Row<ProfileSettings>] = [
    Row(
      "name", \.name, .text("a name of letters, digits, dots, dashes and underscores", Form.isVariableName),
      required: true,
      "The name, by which the inventory and the journey call it."),
    Row("match", \.match, .section, "Which routers it is for: those of which all patterns hold."),
    Row("admit", \.admit, .choice(), "Which of them are admitted: those in the inventory, or all."),
    Row(
      "inform-interval", \.informInterval, .duration(10...2_592_000), "The time between a router's periodic Informs."),
    Row("parameters", \.parameters, .parameters, "The parameters to be set, by their full paths."),
    Row(
      "configuration", \.configuration, .section, absent: "none is delivered",
      "The configuration file to be delivered."),
    Row("reboot", \.reboot, .flag, "Whether the router is rebooted once it is configured."),
    Row(
      "discover", \.discover, .flag,
      "Whether a router's whole data model is read once it is provisioned, for `usher parameters` and `usher find`."),
    Row(
      "variables", \.variables, .variables, "Variables for templates; those of the router's inventory row come first."),
  ]
}

/// Which routers a profile is for, by their DeviceID (TR-069 table "DeviceIdStruct"): patterns.
package struct MatchSettings: Section {
  package var manufacturer = "*"
  package var oui = "*"
  package var productClass = "*"
  package var softwareVersion = "*"
  package var origin = Origin()

  package init() {}

  static let schema: [Row<MatchSettings>] = [
    Row("manufacturer", \.manufacturer, .pattern, "The manufacturer."),
    Row("oui", \.oui, .ouiPattern, "The manufacturer's OUI."),
    Row("product-class", \.productClass, .pattern, "The product class, such as MSR*."),
    Row("software-version", \.softwareVersion, .pattern, "The software version."),
  ]
}

/// The configuration file of a profile.
package struct ConfigurationFileSettings: Section {
  /// The path of the template, as written.
  package var template = ""
  /// The name that the router stores it under.
  package var fileName = "startup.cfg"
  package var origin = Origin()

  package init() {}

  static let schema: [Row<ConfigurationFileSettings>] = [
    Row(
      "template", \.template, .file, required: true,
      "The template of the file, absolute or from the directory of this file."),
    Row("file-name", \.fileName, .fileName, "The name that the router stores the file under (TargetFileName)."),
  ]
}

/// A variable for templates.
package struct VariableSettings: Hashable, Sendable {
  package var name: String
  package var value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

extension Form<[VariableSettings]> {
  fileprivate static var variables: Form {
    .mapping(
      "a mapping from names to texts", name: Form<String>.variableName, isName: Form<String>.isVariableName,
      make: { key, branch, findings in
        Form<String>.text(0...4096).read(branch, &findings).map { VariableSettings(name: key, value: $0) }
      },
      output: { ($0.name, .scalar(Output.doubleQuoted($0.value))) })
  }
}
