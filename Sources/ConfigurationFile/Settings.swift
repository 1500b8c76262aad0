/// The configuration of the appliance, checked: what a file says, and the default of all that it does not say.
package struct Settings: Section {
  /// The network interfaces to serve; none here where the command line names one.
  package var interfaces: [String] = []
  package var acs = ACSSettings()
  package var dns = DNSSettings()
  package var tftp = TFTPSettings()
  package var files = FilesSettings()
  package var dhcp = DHCPSettings()
  /// None where the interface's own subnet is to be served.
  package var subnets: [SubnetSettings] = []
  /// The path of the inventory (CSV), as written.
  package var inventory: String?
  /// In the order in which they are tried. A file without profiles has the built-in one.
  package var profiles: [ProfileSettings] = [.openLab]
  /// In the order in which they are tried.
  package var models: [ModelSettings] = []
  /// Nil for the built-in template of the boot file.
  package var bootFile: BootFileSettings?
  package var origin = Origin()

  package init() {}

  /// What holds without a file.
  package static let `default` = Settings()

  static let schema: [Row<Settings>] = [
    Row(
      "interfaces", \.interfaces, .list(of: .interface, "network interfaces", atMost: 64),
      "The network interfaces to serve. Where there are none, `usher serve --interface` names it."),
    Row("acs", \.acs, .section, "The auto-configuration server and the URL that routers are given of it."),
    Row("dns", \.dns, .section, "The DNS server."),
    Row("tftp", \.tftp, .section, "The TFTP server for boot files."),
    Row("files", \.files, .section, "The files that are kept: firmware for routers, and what routers upload."),
    Row("dhcp", \.dhcp, .section, "What the DHCP server does in all subnets."),
    Row(
      "subnets", \.subnets, .list(of: .section, "subnets", atMost: 1000),
      "The subnets to serve. Where there are none, it is the interface's own, with all its free addresses."),
    Row(
      "inventory", \.inventory, .file, absent: "no inventory",
      "The list of routers (CSV), absolute or from the directory of this file. It needs `profiles`."),
    Row(
      "profiles", \.profiles, .list(of: .section, "profiles", atMost: 1000),
      "What routers become; the first that matches is the router's. By default `open-lab`, which admits every router."),
    Row(
      "models", \.models, .list(of: .section, "models", atMost: 1000),
      "Models of routers that need something else than most; the first that matches is the router's."),
    Row(
      "boot-file", \.bootFile, .section, absent: "the built-in boot file, which turns CWMP on",
      "The boot file for routers whose CWMP is off."),
  ]
}

extension Settings {
  /// Reads a configuration file.
  /// - Parameters:
  ///   - yaml: the text of the file.
  ///   - file: its name, for the messages.
  package static func parse(_ yaml: String, file: String) throws(ConfigurationError) -> Settings {
    let source = Source(yaml)
    var findings = Findings()
    var settings: Settings? = Settings()
    if let root = YAMLDocument.read(source, into: &findings) {
      switch root.content {
      case .nothing, .refused: break
      case .scalar, .list, .mapping: settings = Form<Settings>.section.read(root, &findings)
      }
    }
    guard let settings, findings.count == 0 else {
      throw ConfigurationError(
        file: file, source: source, problems: findings.problems, omitted: findings.count - findings.problems.count)
    }
    return settings
  }
}

package struct TFTPSettings: Section {
  package var isEnabled = true
  /// The path of the folder whose files are served, as written.
  package var folder: String?
  package var origin = Origin()

  package init() {}

  static let schema: [Row<TFTPSettings>] = [
    Row("enabled", \.isEnabled, .flag, "Whether boot files are served by TFTP."),
    Row(
      "folder", \.folder, .folder, absent: "only what is made for each router",
      "A folder whose files are served, such as firmware, absolute or from the directory of this file. A file there goes "
        + "before one of the same name that is made. Symbolic links in it are not followed."),
  ]
}

package struct BootFileSettings: Section {
  /// The path of the template, as written.
  package var template = ""
  package var origin = Origin()

  package init() {}

  static let schema: [Row<BootFileSettings>] = [
    Row(
      "template", \.template, .file, required: true,
      "The template of the boot file, absolute or from the directory of this file.")
  ]
}
