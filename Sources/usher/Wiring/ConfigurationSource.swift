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
      throw refused("\(error)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw refused("the file is not UTF-8 text") }
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    try self.init(try Settings.parse(text, file: path), text: text, file: path, folder: folder)
  }

  private init(_ settings: Settings, text: String, file: String, folder: String) throws(ConfigurationError) {
    var problems: [Problem] = []
    func read(_ name: String, limit: Int, _ origin: Origin, _ option: String) -> [UInt8]? {
      do throws(FileError) {
        return try File.read(name.hasPrefix("/") ? name : "\(folder)/\(name)", limit: limit)
      } catch {
        problems.append(origin.problem(at: option, "\(error)"))
        return nil
      }
    }
    func template(_ name: String, _ origin: Origin) -> Template? {
      guard let bytes = read(name, limit: Template.sizeLimit, origin, "template") else { return nil }
      do throws(TemplateError) {
        return try Template(String(decoding: bytes, as: UTF8.self))
      } catch {
        problems.append(origin.problem(at: "template", "\(name): \(error)"))
        return nil
      }
    }

    var inventory = Inventory()
    if let name = settings.inventory, let bytes = read(name, limit: Inventory.sizeLimit, settings.origin, "inventory") {
      do throws(InventoryError) {
        inventory = try Inventory(csv: bytes)
      } catch {
        problems.append(settings.origin.problem(at: "inventory", "\(name): \(error)"))
      }
    }
    for row in inventory.rows {
      guard let profile = row.profile, !settings.profiles.contains(where: { $0.name == profile }) else { continue }
      problems.append(
        settings.origin.problem(
          at: "inventory", "line \(row.line) of \(settings.inventory ?? "") names the profile \"\(profile)\"",
          expected: settings.profiles.map(\.name).joined(separator: ", "),
          suggestion: Spelling.nearest(to: profile, among: settings.profiles.map(\.name))))
    }

    for row in inventory.rows where !settings.subnets.isEmpty {
      guard let address = row.address, !settings.subnets.contains(where: { $0.subnet.hosts.contains(address) }) else {
        continue
      }
      problems.append(
        settings.origin.problem(
          at: "inventory", "line \(row.line) of \(settings.inventory ?? "") has the address \(address)",
          expected: "an address in one of \(settings.subnets.map(\.subnet.description).joined(separator: ", "))"))
    }

    var profiles: [Profile] = []
    for profile in settings.profiles {
      var configuration: Profile.Configuration?
      if let file = profile.configuration {
        configuration = template(file.template, file.origin).map {
          Profile.Configuration(template: $0, fileName: file.fileName)
        }
      }
      profiles.append(Profile(profile, configuration: configuration))
    }
    var zoneFiles: [MasterFile] = []
    for zone in settings.dns.zones {
      guard let file = zone.file, let bytes = read(file, limit: MasterFile.sizeLimit, zone.origin, "file"),
        let apex = try? Name(zone.name)
      else { continue }
      do throws(MasterFileError) {
        zoneFiles.append(try MasterFile(bytes, zone: apex))
      } catch {
        problems.append(zone.origin.problem(at: "file", "\(file): \(error)"))
      }
    }
    tftpFolder = settings.tftp.folder.map { ServedFolder(path: $0.hasPrefix("/") ? $0 : "\(folder)/\($0)") }
    if let problem = tftpFolder?.problem {
      problems.append(settings.tftp.origin.problem(at: "folder", "\(problem)"))
    }
    certificates = OwnCertificates(settings.acs.tls, problems: &problems) { name, option in
      read(name, limit: OwnCertificates.sizeLimit, settings.acs.tls.origin, option)
    }
    let own = settings.bootFile.flatMap { template($0.template, $0.origin) }

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
    self.inventory = inventory
    self.profiles = profiles
    self.zoneFiles = zoneFiles
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
