package import CWMP

/// What one router should be: its profile, rendered for it.
package struct Goal: Hashable, Sendable {
  package struct Parameter: Hashable, Sendable {
    package let wanted: ParameterValue
    /// What is remembered once the router has accepted it: the value, or a digest of a value that cannot be read back.
    package let mark: String
    /// Whether the router reports its value. Passwords read back empty.
    package let isReadable: Bool
    /// Whether the router is given it for its own good: it may refuse it, and it is not held against it.
    package let isOptional: Bool
  }

  package struct File: Hashable, Sendable {
    package let name: String
    package let content: [UInt8]
    package let digest: String
  }

  /// The name of its profile.
  package let profile: String
  /// With full paths, those of the periodic Inform first, then those of ``STUNAdvice``.
  package let parameters: [Parameter]
  package let configuration: File?
  /// Where the configuration's template comes from.
  package let source: String?
  package let reboots: Bool
  package let verifiesEachBoot: Bool
  /// Whether it is given credentials of its own.
  package let secures: Bool
  /// Equal for equal goals: a digest of all of the above but the optional parameters.
  package let fingerprint: String

  package static let parameterLimit = 1000
  /// A value's characters.
  package static let valueLimit = 65_535

  /// - Parameter digest: a collision-resistant digest of bytes, as text of letters and digits, such as SHA-256 in
  ///   hexadecimal.
  package init(
    for device: Device, row: Inventory.Row?, profile: Profile, _ circumstances: Circumstances,
    digest: ([UInt8]) -> String
  ) throws(GoalError) {
    // Most profiles name no variable in most of their parameters.
    lazy var variables = Variables(for: device, row: row, profile: profile, circumstances)
    guard profile.parameters.count <= Self.parameterLimit else {
      throw .tooManyParameters(limit: Self.parameterLimit)
    }
    var parameters = Self.periodicInform(profile, device.dataModel).map { Parameter(wanted: $0, digest: digest) }
    let stun = circumstances.stun?.parameters(device.dataModel) ?? []
    parameters += stun.map { Parameter(wanted: $0, isOptional: true, digest: digest) }
    for parameter in profile.parameters {
      let wanted = try Self.render(parameter, device.dataModel) { variables }
      parameters.removeAll { $0.wanted.path == wanted.path }
      parameters.append(Parameter(wanted: wanted, digest: digest))
    }
    self.profile = profile.name
    self.parameters = parameters
    let isConfigured = profile.configures.map { $0 == device.maker } ?? true
    configuration = try (isConfigured ? profile.configuration : nil).map { file throws(GoalError) in
      do throws(TemplateError) {
        let content = Array(try file.template.render(variables).utf8)
        return File(name: file.fileName, content: content, digest: digest(content))
      } catch {
        throw GoalError.template(error, of: "the configuration \(file.fileName.quoted)", profile: profile.name)
      }
    }
    source = configuration == nil ? nil : profile.configuration?.source
    reboots = isConfigured && profile.rebootsWhenConfigured
    verifiesEachBoot = profile.verifiesEachBoot
    secures = !circumstances.sharesCredentials
    var parts: [UInt8] = []
    func add(_ part: String) {
      parts.append(contentsOf: String(part.utf8.count).utf8)
      parts.append(UInt8(ascii: ":"))
      parts.append(contentsOf: part.utf8)
    }
    for parameter in parameters where !parameter.isOptional {
      add(parameter.wanted.path)
      add(parameter.wanted.type.rawValue)
      add(parameter.mark)
    }
    add(configuration?.name ?? "")
    add(configuration?.digest ?? "")
    add(reboots ? "reboot" : "")
    fingerprint = digest(parts)
  }

  private static func periodicInform(_ profile: Profile, _ root: DataModel) -> [ParameterValue] {
    let server = root.rawValue + "ManagementServer."
    return [
      ParameterValue(path: server + "PeriodicInformEnable", value: "1", type: .boolean),
      ParameterValue(
        path: server + "PeriodicInformInterval", value: String(profile.periodicInformInterval), type: .unsignedInt),
    ]
  }

  /// Whether the path is one of the two that make a router come back by itself.
  static func isPeriodicInform(_ path: String) -> Bool {
    path.hasSuffix(".ManagementServer.PeriodicInformEnable")
      || path.hasSuffix(".ManagementServer.PeriodicInformInterval")
  }

  private static func render(
    _ parameter: ParameterValue, _ root: DataModel, _ variables: () -> Variables
  ) throws(GoalError) -> ParameterValue {
    var parameter = parameter
    parameter.path = root.path(parameter.path)
    guard (1...256).contains(parameter.path.utf8.count), !parameter.path.hasSuffix("."), parameter.path.isOneLine else {
      throw .invalidPath(parameter.path)
    }
    do throws(TemplateError) {
      if parameter.value.utf8.contains(UInt8(ascii: "{")) {
        parameter.value = try Template(parameter.value).render(variables())
      }
    } catch {
      throw .template(error, of: "the parameter \(parameter.path)", profile: nil)
    }
    guard parameter.value.utf8.count <= valueLimit || parameter.value.unicodeScalars.count <= valueLimit else {
      throw .valueTooLong(path: parameter.path, limit: valueLimit)
    }
    return parameter
  }
}

extension Goal.Parameter {
  init(wanted: ParameterValue, isOptional: Bool = false, digest: ([UInt8]) -> String) {
    self.wanted = wanted
    self.isOptional = isOptional
    isReadable = !Self.isSecret(wanted.path)
    mark = isReadable ? wanted.value : digest(Array(wanted.value.utf8))
  }

  /// Whether it is read back and compared.
  var isVerified: Bool { isReadable && !isOptional }

  /// Data models name what they hide so (TR-098, TR-181: "When read, this parameter returns an empty string").
  package static func isSecret(_ path: String) -> Bool {
    let name = path.utf8.lastIndex(of: UInt8(ascii: ".")).map { path.utf8[$0...].dropFirst() } ?? path.utf8[...]
    return name.indices.contains { place in
      secretInitials.contains(name[place] | 0x20)
        && secretWords.contains { name[place...].starts(with: $0, by: { $0 | 0x20 == $1 }) }
    }
  }

  /// Whether what routers tell of it is not to be kept: what is a secret by its name, and the whole configuration
  /// (TR-098, DeviceConfig.ConfigFile), with the secrets that stand in it.
  package static func isConfidential(_ path: String) -> Bool {
    isSecret(path) || path.hasSuffix(".ConfigFile")
  }

  private static let secretWords = [
    "password", "passwd", "passphrase", "sharedkey", "privatekey", "encryptionkey", "wepkey", "psk", "secret",
  ].map { Array($0.utf8) }
  private static let secretInitials = Array(Set(secretWords.compactMap(\.first)))

  /// Whether this value, confirmed or read back, is the wanted one. Routers write booleans, numbers and times in several
  /// ways.
  func agrees(with value: String) -> Bool {
    guard isReadable else { return value == mark }
    switch wanted.type {
    case .boolean:
      return Self.boolean(value) != nil ? Self.boolean(value) == Self.boolean(wanted.value) : value == wanted.value
    case .int, .long: return Int64(value.trimmed).map { $0 == Int64(wanted.value) } ?? false
    case .unsignedInt, .unsignedLong: return UInt64(value.trimmed).map { $0 == UInt64(wanted.value) } ?? false
    case .hexBinary: return value.lowercased() == wanted.value.lowercased()
    case .dateTime: return value == wanted.value || ValueType.areOneMoment(value, wanted.value)
    case .string, .base64: return value == wanted.value
    }
  }

  private static func boolean(_ text: String) -> Bool? {
    switch text.trimmed.lowercased() {
    case "1", "true": true
    case "0", "false": false
    default: nil
    }
  }
}
