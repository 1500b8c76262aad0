import CWMP

/// What is written on the router's label and inside it.
package struct RouterIdentity: Hashable, Sendable {
  package var manufacturer: String
  /// Six upper-case hexadecimal digits.
  package var oui: String
  package var productClass: String
  package var serialNumber: String
  package var softwareVersion: String
  package var hardwareVersion: String

  package init(
    serialNumber: String, manufacturer: String = "H3C", oui: String = "000FE2", productClass: String = "MSR36-20",
    softwareVersion: String = "7.1.064, Release 0821P20", hardwareVersion: String = "2.0"
  ) {
    self.serialNumber = serialNumber
    self.manufacturer = manufacturer
    self.oui = oui
    self.productClass = productClass
    self.softwareVersion = softwareVersion
    self.hardwareVersion = hardwareVersion
  }
}

/// The TR-098 paths that the simulated MSR has (HPE and H3C name them in their CWMP chapters).
package enum Path {
  package static let softwareVersion = "InternetGatewayDevice.DeviceInfo.SoftwareVersion"
  package static let hardwareVersion = "InternetGatewayDevice.DeviceInfo.HardwareVersion"
  package static let specVersion = "InternetGatewayDevice.DeviceInfo.SpecVersion"
  package static let provisioningCode = "InternetGatewayDevice.DeviceInfo.ProvisioningCode"
  package static let upTime = "InternetGatewayDevice.DeviceInfo.UpTime"
  package static let deviceSummary = "InternetGatewayDevice.DeviceSummary"
  package static let configFile = "InternetGatewayDevice.DeviceConfig.ConfigFile"
  package static let url = "InternetGatewayDevice.ManagementServer.URL"
  package static let username = "InternetGatewayDevice.ManagementServer.Username"
  package static let password = "InternetGatewayDevice.ManagementServer.Password"
  package static let parameterKey = "InternetGatewayDevice.ManagementServer.ParameterKey"
  package static let periodicInformEnable = "InternetGatewayDevice.ManagementServer.PeriodicInformEnable"
  package static let periodicInformInterval = "InternetGatewayDevice.ManagementServer.PeriodicInformInterval"
  package static let periodicInformTime = "InternetGatewayDevice.ManagementServer.PeriodicInformTime"
  package static let connectionRequestURL = "InternetGatewayDevice.ManagementServer.ConnectionRequestURL"
  package static let connectionRequestUsername = "InternetGatewayDevice.ManagementServer.ConnectionRequestUsername"
  package static let connectionRequestPassword = "InternetGatewayDevice.ManagementServer.ConnectionRequestPassword"
  package static let stunEnable = "InternetGatewayDevice.ManagementServer.STUNEnable"
  package static let stunServerAddress = "InternetGatewayDevice.ManagementServer.STUNServerAddress"
  package static let stunServerPort = "InternetGatewayDevice.ManagementServer.STUNServerPort"
  package static let stunUsername = "InternetGatewayDevice.ManagementServer.STUNUsername"
  package static let stunPassword = "InternetGatewayDevice.ManagementServer.STUNPassword"
  package static let stunMinimumKeepAlivePeriod = "InternetGatewayDevice.ManagementServer.STUNMinimumKeepAlivePeriod"
  package static let stunMaximumKeepAlivePeriod = "InternetGatewayDevice.ManagementServer.STUNMaximumKeepAlivePeriod"
  package static let udpConnectionRequestAddress = "InternetGatewayDevice.ManagementServer.UDPConnectionRequestAddress"
  package static let isNATDetected = "InternetGatewayDevice.ManagementServer.NATDetected"
  package static let externalAddress =
    "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANIPConnection.1.ExternalIPAddress"

  /// The parameters that each Inform carries (TR-098 forced informs).
  package static let forcedInform = [
    deviceSummary, specVersion, hardwareVersion, softwareVersion, provisioningCode, parameterKey, connectionRequestURL,
    externalAddress,
  ]
}

extension ParameterTree {
  /// The tree of an MSR with Comware 7's factory values. TR-098 wants active notification of four of them by default.
  package static func factory(of identity: RouterIdentity, hasSTUN: Bool = true) -> ParameterTree {
    let root = "InternetGatewayDevice."
    var leaves = [
      Path.deviceSummary: Leaf("InternetGatewayDevice:1.1[](Baseline:1, EthernetWAN:1, Time:1)"),
      root + "DeviceInfo.Manufacturer": Leaf(identity.manufacturer),
      root + "DeviceInfo.ManufacturerOUI": Leaf(identity.oui),
      root + "DeviceInfo.ModelName": Leaf(identity.productClass),
      root + "DeviceInfo.ProductClass": Leaf(identity.productClass),
      root + "DeviceInfo.SerialNumber": Leaf(identity.serialNumber),
      Path.hardwareVersion: Leaf(identity.hardwareVersion),
      Path.softwareVersion: Leaf(identity.softwareVersion, notification: .active),
      Path.specVersion: Leaf("1.0"),
      Path.provisioningCode: Leaf("PROVISIONINGCODE", isWritable: true, notification: .active),
      Path.upTime: Leaf("0", .unsignedInt),
      Path.configFile: Leaf("", isWritable: true),
      Path.url: Leaf("", isWritable: true),
      Path.username: Leaf("", isWritable: true),
      Path.password: Leaf("", isWritable: true, isHidden: true),
      Path.parameterKey: Leaf(""),
      Path.periodicInformEnable: Leaf("0", .boolean, isWritable: true),
      Path.periodicInformInterval: Leaf("600", .unsignedInt, isWritable: true),
      Path.periodicInformTime: Leaf("0001-01-01T00:00:00Z", .dateTime, isWritable: true),
      Path.connectionRequestURL: Leaf("", notification: .active),
      Path.connectionRequestUsername: Leaf("", isWritable: true),
      Path.connectionRequestPassword: Leaf("", isWritable: true, isHidden: true),
      Path.externalAddress: Leaf("0.0.0.0", notification: .active),
      root + "Time.NTPServer1": Leaf("", isWritable: true),
      root + "Time.NTPServer2": Leaf("", isWritable: true),
      root + "Time.LocalTimeZone": Leaf("+00:00", isWritable: true),
      root + "Time.CurrentLocalTime": Leaf("0001-01-01T00:00:00Z", .dateTime),
      root + "LANDevice.1.LANEthernetInterfaceConfig.1.Enable": Leaf("1", .boolean, isWritable: true),
    ]
    if hasSTUN { leaves.merge(stun) { $1 } }
    return ParameterTree(leaves)
  }

  private static let stun: [String: Leaf] = [
    Path.stunEnable: Leaf("0", .boolean, isWritable: true),
    Path.stunServerAddress: Leaf("", isWritable: true),
    Path.stunServerPort: Leaf("0", .unsignedInt, isWritable: true),
    Path.stunUsername: Leaf("", isWritable: true),
    Path.stunPassword: Leaf("", isWritable: true, isHidden: true),
    Path.stunMinimumKeepAlivePeriod: Leaf("20", .unsignedInt, isWritable: true),
    Path.stunMaximumKeepAlivePeriod: Leaf("-1", .int, isWritable: true),
    Path.udpConnectionRequestAddress: Leaf(""),
    Path.isNATDetected: Leaf("0", .boolean),
  ]
}
