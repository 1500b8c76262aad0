package import CWMP
package import Net

/// What a router behind a NAT is given so that it can be asked for a session: the parameters of its STUN client
/// (TR-069 annex G.2.1, TR-098 ManagementServer).
///
/// Only routers that seem to be behind a NAT are given them. On the appliance's own network a router is reached over
/// TCP, and would keep a binding alive day and night that nobody needs. They are no part of what the profile wants:
/// whoever refuses them, as a data model that lacks them must, is not asked again before it runs other software, and is
/// provisioned all the same; they are not read back, since some routers correct the periods.
package struct STUNAdvice: Hashable, Sendable {
  /// The STUN server's address, as the router reaches the appliance.
  package var server: IPv4Address
  package var port: UInt16
  /// By which the router proves that a changed binding is its own: those of its connection requests.
  package var username: String
  package var password: String
  /// Seconds from one Binding Request to the next, at least and at most: so no NAT's timeout need be found out.
  package var period: Int

  package init(server: IPv4Address, port: UInt16, username: String, password: String, period: Int) {
    self.server = server
    self.port = port
    self.username = username
    self.password = password
    self.period = period
  }

  /// Whether the router, seen at `address`, is to have them. Who was given them keeps them: it may come from within the
  /// network today and from without tomorrow. In the `reachable` networks a router may be at other addresses than it is
  /// seen at, such as its loopback's.
  package static func isMeant(for device: Device, seenAt address: IPv4Address?, reachable: [Subnet] = []) -> Bool {
    if let refusal = device.stunRefusal, refusal.softwareVersion == device.softwareVersion { return false }
    if device.isNATDetected == true { return true }
    if device.parameters.contains(where: { $0.path == enable(device.dataModel) }) { return true }
    guard let address, let text = device.connectionRequestURL, let url = try? ConnectionRequestURL(text),
      let told = url.address
    else { return false }
    return told != address && !reachable.contains { $0.contains(told) }
  }

  func parameters(_ root: DataModel) -> [ParameterValue] {
    let stun = root.rawValue + "ManagementServer.STUN"
    return [
      ParameterValue(path: stun + "ServerAddress", value: "\(server)"),
      ParameterValue(path: stun + "ServerPort", value: String(port), type: .unsignedInt),
      ParameterValue(path: stun + "Username", value: username),
      ParameterValue(path: stun + "Password", value: password),
      ParameterValue(path: stun + "MinimumKeepAlivePeriod", value: String(period), type: .unsignedInt),
      ParameterValue(path: stun + "MaximumKeepAlivePeriod", value: String(period), type: .int),
      ParameterValue(path: Self.enable(root), value: "1", type: .boolean),
    ]
  }

  /// Of these the ACS is to be told at once when they change (annex G.2.1.3): no data model tells them by itself.
  package static func notified(_ root: DataModel) -> [String] {
    let server = root.rawValue + "ManagementServer."
    return [server + "UDPConnectionRequestAddress", server + "NATDetected"]
  }

  private static func enable(_ root: DataModel) -> String { root.rawValue + "ManagementServer.STUNEnable" }
}
