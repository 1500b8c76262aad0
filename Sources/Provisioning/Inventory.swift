package import Net

/// The routers that are expected, from a CSV file whose first line names the columns: `serial`, `mac` (a row has at
/// least one of them), `address` (what DHCP gives to the `mac`, which it needs), `oui`, `site`, `profile`, `approved` (`yes` where it is left out or empty); every other column
/// is a variable of that name.
package struct Inventory: Hashable, Sendable {
  package struct Row: Hashable, Sendable {
    package var serialNumber: String?
    package var hardware: MACAddress?
    /// What is set down for the router in DHCP.
    package var address: IPv4Address?
    /// Six upper-case hexadecimal digits; it tells routers of equal serial numbers apart.
    package var oui: String?
    package var site: String?
    /// The name of the profile that it is to have; nil for the first one that matches.
    package var profile: String?
    package var isApproved = true
    package var variables: [String: String] = [:]
    /// Its line in the file.
    package var line: Int

    package init(
      serialNumber: String? = nil, hardware: MACAddress? = nil, address: IPv4Address? = nil, oui: String? = nil,
      site: String? = nil,
      profile: String? = nil, isApproved: Bool = true, variables: [String: String] = [:], line: Int = 0
    ) {
      self.serialNumber = serialNumber
      self.hardware = hardware
      self.address = address
      self.oui = oui
      self.site = site
      self.profile = profile
      self.isApproved = isApproved
      self.variables = variables
      self.line = line
    }
  }

  /// In bytes of the file.
  package static let sizeLimit = 256 << 20
  package static let rowLimit = 1_000_000

  package private(set) var rows: [Row] = []
  /// The variables that the first line names, in its order.
  package internal(set) var variables: [String] = []
  private var bySerial: [String: [Int]] = [:]
  private var byHardware: [MACAddress: Int] = [:]
  private var byAddress: [IPv4Address: Int] = [:]

  /// An empty one: no router is expected.
  package init() {}

  /// Throws the first of what is wrong; see ``InventoryReading`` for all of it.
  package init(csv bytes: [UInt8]) throws(InventoryError) {
    let reading = InventoryReading(csv: bytes)
    if let error = reading.errors.first { throw error }
    self = reading.inventory
  }

  /// What is wrong with the row beside those that are there.
  func problems(of row: Row) -> [InventoryError.Problem] {
    guard row.serialNumber != nil || row.hardware != nil else { return [.noIdentity] }
    var problems: [InventoryError.Problem] = []
    if let serial = row.serialNumber {
      for index in bySerial[Self.key(serial), default: []] {
        let other = rows[index]
        if let oui = row.oui, let otherOUI = other.oui, oui != otherOUI { continue }
        problems.append(.duplicateSerial(serial, line: other.line))
        break
      }
    }
    if let hardware = row.hardware, let index = byHardware[hardware] {
      problems.append(.duplicateMAC(hardware.description, line: rows[index].line))
    }
    if let address = row.address {
      if row.hardware == nil { problems.append(.addressWithoutMAC(address.description)) }
      if let index = byAddress[address] {
        problems.append(.duplicateAddress(address.description, line: rows[index].line))
      }
    }
    return problems
  }

  /// Of a row in which ``problems(of:)`` finds nothing.
  mutating func add(_ row: Row) {
    if let serial = row.serialNumber { bySerial[Self.key(serial), default: []].append(rows.count) }
    if let hardware = row.hardware { byHardware[hardware] = rows.count }
    if let address = row.address { byAddress[address] = rows.count }
    rows.append(row)
  }

  /// The row of the router: by its serial number (case and spaces around it do not count) where a row has that, its OUI
  /// deciding between several; else by its hardware address, of a row without a serial number.
  package func row(serialNumber: String, oui: String, hardware: MACAddress?) -> Row? {
    let candidates = bySerial[Self.key(serialNumber), default: []].map { rows[$0] }
    if let row = candidates.first(where: { $0.oui == nil || $0.oui == oui.uppercased() }) { return row }
    guard let row = hardware.flatMap({ row(hardware: $0) }), row.serialNumber == nil else { return nil }
    return row
  }

  package func row(hardware: MACAddress) -> Row? {
    byHardware[hardware].map { rows[$0] }
  }

  /// The first row that a person means by this: a serial number or a hardware address.
  package func row(named name: String) -> Row? {
    if let index = bySerial[Self.key(name)]?.first { return rows[index] }
    return MACAddress(name).flatMap { row(hardware: $0) }
  }

  private static func key(_ serial: String) -> String {
    serial.trimmed.lowercased()
  }
}

extension String {
  /// Its first `limit` characters.
  func cut(to limit: Int) -> String {
    // Counting characters takes a while.
    utf8.count <= limit ? self : String(prefix(limit))
  }
}
