import DHCP

/// What an option 43 says, in the words of the configuration's options.
struct Option43Report: Codable {
  var dialect: String
  var url: String
  var username: String?
  var password: String?
  var serviceProvider: String?
  var pxeServers: [String]?
  var provisioningCode: String?
  var retryMinimumWait: Int?
  var retryMultiplier: Int?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case dialect, url, username, password
    case serviceProvider = "service-provider"
    case pxeServers = "pxe-servers"
    case provisioningCode = "provisioning-code"
    case retryMinimumWait = "retry-minimum-wait"
    case retryMultiplier = "retry-multiplier"
  }

  init(_ option: Option43) {
    dialect = option.dialect.rawValue
    url = option.url
    switch option {
    case .comware(let parameters):
      username = parameters.username
      password = parameters.password
      serviceProvider = parameters.serviceProvider
      pxeServers = parameters.others.lazy.compactMap(\.comwarePXEServers).first?.map(\.description)
    case .broadbandForum(let parameters):
      provisioningCode = parameters.provisioningCode
      retryMinimumWait = parameters.retryMinimumWait.map { Int($0) }
      retryMultiplier = parameters.retryMultiplier.map { Int($0) }
    case .huawei(let parameters):
      username = parameters.username
      password = parameters.password
    case .eltex(let parameters):
      username = parameters.username
      password = parameters.password
      provisioningCode = parameters.provisioningCode
    case .bareURL: break
    }
  }

  /// What it says, each with its name.
  var lines: [(name: String, value: String)] {
    CodingKeys.allCases.compactMap { key in value(of: key).map { (key.rawValue, $0) } }
  }

  private func value(of key: CodingKeys) -> String? {
    switch key {
    case .dialect: dialect
    case .url: url
    case .username: username
    case .password: password
    case .serviceProvider: serviceProvider
    case .pxeServers: pxeServers.flatMap { $0.isEmpty ? nil : $0.joined(separator: ", ") }
    case .provisioningCode: provisioningCode
    case .retryMinimumWait: retryMinimumWait.map { String($0) }
    case .retryMultiplier: retryMultiplier.map { String($0) }
    }
  }
}

/// What is wrong with an option 43.
struct LintReport: Codable {
  let findings: [String]
  /// The whole option as it should be, in hexadecimal digits; nil where nothing is to be changed, or nobody can tell.
  let correction: String?
}
