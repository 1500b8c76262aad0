import GRDB
import Journey
import Net
import Store

/// A router as a row.
extension Router {
  static let select = """
    SELECT id, hardware, address, device, serial_number, vendor_class, hostname, first_seen FROM router
    """

  init(row: PreparedStatement) throws {
    let id = row.int64(at: 0)
    let address = try row.optionalInt64(at: 2).map { number in
      guard let number = UInt32(exactly: number) else { throw StoreError.corrupt("router \(id): address \(number)") }
      return IPv4Address(rawValue: number)
    }
    self.init(
      id: RouterID(rawValue: id), hardware: row.optionalInt64(at: 1).map(MACAddress.init(stored:)), address: address,
      device: row.text(at: 3), serialNumber: row.text(at: 4), vendorClass: row.text(at: 5), hostname: row.text(at: 6),
      firstSeen: Timestamp(rawValue: row.int64(at: 7)))
  }

  static let upsert = """
    INSERT OR REPLACE INTO router
      (id, hardware, address, device, serial_number, vendor_class, hostname, first_seen)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """

  func write(by statements: inout WriteStatements) throws {
    let row = try statements.router()
    try row.bind(id.rawValue, at: 1)
    try row.bind(hardware?.stored, at: 2)
    try row.bind(address.map { Int64($0.rawValue) }, at: 3)
    try row.bind(device, at: 4)
    try row.bind(serialNumber, at: 5)
    try row.bind(vendorClass, at: 6)
    try row.bind(hostname, at: 7)
    try row.bind(firstSeen.rawValue, at: 8)
    try row.run()
  }
}
