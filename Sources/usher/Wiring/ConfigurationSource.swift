import CWMP
import ConfigurationFile
import DNS
import Net
import Provisioning
import Transport

/// A configuration file with all that it names: the inventory, the templates. Read whole, or refused with every mistake.
struct ConfigurationSource {
  let settings: Settings
  let inventory: Inventory
  let profiles: [Profile]
  let bootFile: Template
  /// The zones that have a master file.
  let zoneFiles: [MasterFile]
  /// Whose files TFTP serves.
  let tftpFolder: ServedFolder?
  /// The operator's own certificates, where he has any.
  let certificates: OwnCertificates
  /// What does nothing, and is perhaps not meant so.
  let warnings: [String]

  private static let fileLimit = 1 << 20

  /// What holds without a file.
  static func none() throws(ConfigurationError) -> ConfigurationSource {
    try ConfigurationSource(Settings.default, text: "", file: "(built in)", folder: ".")
  }

  init(path: String) throws(ConfigurationError) {
    func refused(_ message: String) -> ConfigurationError {
      ConfigurationError(file: path, source: "", problems: [Problem(line: 1, message: message)])
    }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try File.read(path, limit: Self.fileLimit)
    } catch {
      throw refused("\(error)\(error.cure.map { ": \($0)" } ?? "")")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw refused("the file is not UTF-8 text") }
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    try self.init(try Settings.parse(text, file: path), text: text, file: path, folder: folder)
  }

  private init(_ settings: Settings, text: String, file: String, folder: String) throws(ConfigurationError) {
    var reader = ConfigurationReader(folder: folder)
    inventory = settings.inventory.map { reader.inventory($0, settings.origin) } ?? Inventory()
    var profiles: [Profile] = []
    for profile in settings.profiles {
      var configuration: Profile.Configuration?
      if let file = profile.configuration {
        configuration = reader.template(file.template, file.origin).map {
          Profile.Configuration(template: $0, fileName: file.fileName, source: file.template)
        }
      }
      profiles.append(Profile(profile, configuration: configuration))
    }
    zoneFiles = settings.dns.zones.compactMap { zone in
      zone.file.flatMap { reader.zone(zone.name, file: $0, zone.origin) }
    }
    tftpFolder = settings.tftp.folder.map { reader.servedFolder($0, settings.tftp.origin) }
    certificates = OwnCertificates(settings.acs.tls, by: &reader)
    let own = settings.bootFile.flatMap { reader.template($0.template, $0.origin) }
    let rows = RowProblems(settings, inventory, profiles, bootFile: own)
    warnings = rows.warnings
    let problems = reader.problems + rows.problems
    guard problems.isEmpty else { throw ConfigurationError(file: file, source: text, problems: problems) }
    do throws(TemplateError) {
      if settings.profiles == Settings.default.profiles { profiles = [try BuiltIn.openLab()] }
      let builtIn = try BuiltIn.bootFile()
      bootFile = own ?? builtIn
    } catch {
      throw ConfigurationError(
        file: file, source: text, problems: [Problem(line: 1, message: "a built-in template: \(error)")])
    }
    self.settings = settings
    self.profiles = profiles
  }
}

extension Problem {
  /// A mistake of the file as a whole.
  fileprivate init(line: Int, message: String) {
    self.init(
      position: Position(line: line, column: 1), path: "", message: message, expected: nil, suggestion: nil)
  }
}

extension Match {
  init(_ settings: MatchSettings) {
    self.init(
      manufacturer: Pattern(settings.manufacturer), oui: Pattern(settings.oui),
      productClass: Pattern(settings.productClass), softwareVersion: Pattern(settings.softwareVersion))
  }
}

extension Model {
  init(_ settings: ModelSettings) {
    self.init(match: Match(settings.match))
    declaration = settings.declaration
    habits.booleans =
      switch settings.booleans {
      case .own: nil
      case .digits: .digits
      case .words: .words
      }
    habits.milliseconds = settings.milliseconds ? true : nil
    end =
      switch settings.end {
      case .noContent: .noContent
      case .empty: .empty
      case .confirmed: .confirmed
      }
    byLevel = settings.namesByLevel
    authenticates = settings.login == .required
    sharesCredentials = settings.credentials == .shared
    if let username = settings.username, let password = settings.password {
      login = Login(username: username, password: password)
    }
  }
}

extension Profile {
  fileprivate init(_ settings: ProfileSettings, configuration: Configuration?) {
    self.init(
      name: settings.name,
      match: Match(settings.match),
      admit: settings.admit == .all ? .all : .inventory, periodicInformInterval: settings.informInterval,
      parameters: settings.parameters.map { parameter in
        ParameterValue(path: parameter.path, value: parameter.value, type: parameter.type)
      }, configuration: configuration, rebootsWhenConfigured: settings.reboot,
      discovers: settings.discover,
      variables: Dictionary(settings.variables.map { ($0.name, $0.value) }) { first, _ in first })
  }
}
