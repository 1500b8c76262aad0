import XML

/// OperationStruct (TR-069 annex A.4.1.10): what is to be done with a deployment unit. The `xsi:type` says which it is.
package enum DeploymentOperation: Hashable, Sendable {
  case install(Install)
  case update(Update)
  case uninstall(Uninstall)

  /// InstallOpStruct.
  package struct Install: Hashable, Sendable {
    /// At most 1024 characters, without credentials in it.
    package var url: String
    /// As RFC 4122 writes it; nil: the CPE chooses.
    package var uuid: String?
    package var username: String?
    package var password: String?
    /// The path of the execution environment; nil: the CPE chooses.
    package var environment: String?

    package init(
      url: String, uuid: String? = nil, username: String? = nil, password: String? = nil, environment: String? = nil
    ) {
      self.url = url
      self.uuid = uuid
      self.username = username
      self.password = password
      self.environment = environment
    }
  }

  /// UpdateOpStruct.
  package struct Update: Hashable, Sendable {
    /// Nil: the unit that came from the URL, or all units where there is none either.
    package var uuid: String?
    /// At most 32 characters: which version is to be replaced.
    package var version: String?
    /// Nil: from where the unit came.
    package var url: String?
    package var username: String?
    package var password: String?

    package init(
      uuid: String? = nil, version: String? = nil, url: String? = nil, username: String? = nil, password: String? = nil
    ) {
      self.uuid = uuid
      self.version = version
      self.url = url
      self.username = username
      self.password = password
    }
  }

  /// UninstallOpStruct.
  package struct Uninstall: Hashable, Sendable {
    package var uuid: String
    /// At most 32 characters; nil: all versions.
    package var version: String?
    /// Nil: from all execution environments.
    package var environment: String?

    package init(uuid: String, version: String? = nil, environment: String? = nil) {
      self.uuid = uuid
      self.version = version
      self.environment = environment
    }
  }
}

extension DeploymentOperation {
  init(decoding element: XMLElement, _ warnings: inout Warnings) throws(EnvelopeError) {
    let type = element.attribute("type")?.trimmed ?? ""
    switch type.split(separator: ":").last {
    case "InstallOpStruct": self = .install(try Install(decoding: element))
    case "UpdateOpStruct": self = .update(Update(decoding: element))
    case "UninstallOpStruct": self = .uninstall(try Uninstall(decoding: element))
    default: throw .unknownOperation(type.shortened, line: element.line)
    }
  }

  func encode(into writer: inout XMLWriter) {
    switch self {
    case .install(let install):
      writer.element("Operations", ["xsi:type": "cwmp:InstallOpStruct"]) { install.encode(into: &$0) }
    case .update(let update):
      writer.element("Operations", ["xsi:type": "cwmp:UpdateOpStruct"]) { update.encode(into: &$0) }
    case .uninstall(let uninstall):
      writer.element("Operations", ["xsi:type": "cwmp:UninstallOpStruct"]) { uninstall.encode(into: &$0) }
    }
  }
}

extension DeploymentOperation.Install {
  init(decoding element: XMLElement) throws(EnvelopeError) {
    url = element.child("URL")?.text.trimmed ?? ""
    guard !url.isEmpty else { throw .missing("ChangeDUState.Operations.URL", line: element.line) }
    uuid = element.child("UUID")?.text.trimmed
    username = element.child("Username")?.text
    password = element.child("Password")?.text
    environment = element.child("ExecutionEnvRef")?.text.trimmed
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("URL", text: url)
    if let uuid { writer.element("UUID", text: uuid) }
    if let username { writer.element("Username", text: username) }
    if let password { writer.element("Password", text: password) }
    if let environment { writer.element("ExecutionEnvRef", text: environment) }
  }
}

extension DeploymentOperation.Update {
  init(decoding element: XMLElement) {
    uuid = element.child("UUID")?.text.trimmed
    version = element.child("Version")?.text.trimmed
    url = element.child("URL")?.text.trimmed
    username = element.child("Username")?.text
    password = element.child("Password")?.text
  }

  func encode(into writer: inout XMLWriter) {
    if let uuid { writer.element("UUID", text: uuid) }
    if let version { writer.element("Version", text: version) }
    if let url { writer.element("URL", text: url) }
    if let username { writer.element("Username", text: username) }
    if let password { writer.element("Password", text: password) }
  }
}

extension DeploymentOperation.Uninstall {
  init(decoding element: XMLElement) throws(EnvelopeError) {
    uuid = element.child("UUID")?.text.trimmed ?? ""
    guard !uuid.isEmpty else { throw .missing("ChangeDUState.Operations.UUID", line: element.line) }
    version = element.child("Version")?.text.trimmed
    environment = element.child("ExecutionEnvRef")?.text.trimmed
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("UUID", text: uuid)
    if let version { writer.element("Version", text: version) }
    if let environment { writer.element("ExecutionEnvRef", text: environment) }
  }
}
