package import CWMP
package import Net

/// What a kind of router becomes.
package struct Profile: Hashable, Sendable {
  package enum Admit: String, CaseIterable, Hashable, Sendable {
    /// Routers that the inventory has.
    case inventory
    /// Every router that the profile is for.
    case all
  }

  package struct Configuration: Hashable, Sendable {
    package var template: Template
    /// The name that the router stores the file under; at most 256 characters (TargetFileName).
    package var fileName: String
    /// Where the template comes from, as a person knows it; nil for one that is built in.
    package var source: String?

    package init(template: Template, fileName: String, source: String? = nil) {
      self.template = template
      self.fileName = fileName
      self.source = source
    }
  }

  package var name: String
  package var match: Match
  package var admit: Admit
  /// Seconds between periodic Informs.
  package var periodicInformInterval: Int
  /// The wanted parameters. A path that begins with `~.` is under the router's own root, whichever that is; any other
  /// is used as it stands. Values may name variables as templates do.
  package var parameters: [ParameterValue]
  package var configuration: Configuration?
  /// Whether the router is rebooted once it has taken its configuration (without one, its parameters).
  package var rebootsWhenConfigured: Bool
  /// Whose routers get the configuration and the reboot; nil for all.
  package var configures: Maker?
  /// Whether it is read back after each boot, not only after the boot that ends its provisioning.
  package var verifiesEachBoot: Bool
  /// Whether the router's whole data model is read, once for each software that it runs.
  package var discovers: Bool
  /// Variables for the templates; those of the inventory come before them.
  package var variables: [String: String]

  package init(
    name: String, match: Match = Match(), admit: Admit = .inventory, periodicInformInterval: Int = 300,
    parameters: [ParameterValue] = [], configuration: Configuration? = nil, rebootsWhenConfigured: Bool = false,
    configures: Maker? = nil, verifiesEachBoot: Bool = true, discovers: Bool = true, variables: [String: String] = [:]
  ) {
    self.name = name
    self.match = match
    self.admit = admit
    self.periodicInformInterval = periodicInformInterval
    self.parameters = parameters
    self.configuration = configuration
    self.rebootsWhenConfigured = rebootsWhenConfigured
    self.configures = configures
    self.verifiesEachBoot = verifiesEachBoot
    self.discovers = discovers
    self.variables = variables
  }
}
