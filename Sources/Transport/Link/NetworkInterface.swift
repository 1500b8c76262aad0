import CLinux
package import Net

/// A network interface as it was at one moment.
package struct NetworkInterface: Hashable, Sendable {
  /// An address and the length of its prefix.
  package struct Address: Hashable, Sendable, CustomStringConvertible {
    package let address: IPv4Address
    package let prefixLength: Int

    package init(_ address: IPv4Address, prefixLength: Int) {
      self.address = address
      self.prefixLength = prefixLength
    }

    package var subnet: Subnet { Subnet(containing: address, prefixLength: prefixLength) }
    package var description: String { "\(address)/\(prefixLength)" }
  }

  package let name: String
  package let index: UInt32
  /// Nil where the interface has none, as a loopback.
  package let hardwareAddress: MACAddress?
  /// Bytes.
  package let mtu: Int
  /// Switched on.
  package let isUp: Bool
  /// Its cable is plugged in.
  package let hasCarrier: Bool
  package let isLoopback: Bool
  package internal(set) var addresses: [Address]

  /// The interfaces of the calling thread's network namespace.
  package static func all() throws(SystemError) -> [NetworkInterface] {
    var interfaces: [NetworkInterface] = []
    for row in try rows() {
      let name = withUnsafeBytes(of: row.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if row.has_address {
        guard let position = interfaces.firstIndex(where: { $0.name == name }) else { continue }
        let address = IPv4Address(rawValue: row.address)
        interfaces[position].addresses.append(Address(address, prefixLength: min(32, Int(row.prefix_length))))
      } else {
        interfaces.append(NetworkInterface(name: name, row))
      }
    }
    return interfaces
  }

  /// Throws `.noSuchInterface` where there is none of that name.
  package static func named(_ name: String) throws(InterfaceError) -> NetworkInterface {
    let interfaces: [NetworkInterface]
    do throws(SystemError) { interfaces = try all() } catch { throw .system(error) }
    guard let interface = interfaces.first(where: { $0.name == name }) else { throw .noSuchInterface(name) }
    return interface
  }

  private init(name: String, _ row: linux_interface) {
    self.name = name
    index = row.index
    hardwareAddress =
      row.has_hardware_address ? withUnsafeBytes(of: row.hardware_address) { MACAddress(octets: $0) } : nil
    mtu = Int(row.mtu)
    isUp = row.is_up
    hasCarrier = row.has_carrier
    isLoopback = row.is_loopback
    addresses = []
  }

  private static func rows() throws(SystemError) -> [linux_interface] {
    var rows = [linux_interface](repeating: linux_interface(), count: 64)
    while true {
      let count = Int(try checked("listing the interfaces", linux_interfaces(&rows, rows.count)))
      if count <= rows.count { return Array(rows[..<count]) }
      // Some were added between two looks: leave room for more.
      rows = [linux_interface](repeating: linux_interface(), count: count + 64)
    }
  }
}

/// Why an interface cannot be used, or changed.
package enum InterfaceError: Error, Hashable, Sendable, CustomStringConvertible {
  case noSuchInterface(String)
  case notUp(String)
  case noCarrier(String)
  case noAddress(String)
  /// Needs root or CAP_NET_ADMIN.
  case notPermitted(String)
  case system(SystemError)

  package var description: String {
    switch self {
    case .noSuchInterface(let name): "there is no interface \(name); `ip link` lists those there are"
    case .notUp(let name): "\(name) is down; `ip link set \(name) up`"
    case .noCarrier(let name): "\(name) has no carrier: is its cable plugged in?"
    case .noAddress(let name): "\(name) has no IPv4 address; `ip address add ADDRESS/LENGTH dev \(name)`"
    case .notPermitted(let name): "changing \(name) is not permitted; run as root or with CAP_NET_ADMIN"
    case .system(let error): "\(error)"
    }
  }

  package var counterName: String {
    switch self {
    case .noSuchInterface: "interface.noSuchInterface"
    case .notUp: "interface.notUp"
    case .noCarrier: "interface.noCarrier"
    case .noAddress: "interface.noAddress"
    case .notPermitted: "interface.notPermitted"
    case .system: "interface.system"
    }
  }
}
