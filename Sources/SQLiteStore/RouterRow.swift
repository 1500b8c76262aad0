import GRDB
import Journey
import Net
import Store

/// A router as a row.
extension Router {
  static let select = """
    SELECT id, hardware, address, device, serial_number, vendor_class, hostname, first_seen FROM router
    """

  init(row: Row) throws {
    let id = try row.decode(Int64.self, atIndex: 0)
    let address = try row.decode(Int64?.self, atIndex: 2).map { number in
      guard let number = UInt32(exactly: number) else { throw StoreError.corrupt("router \(id): address \(number)") }
      return IPv4Address(rawValue: number)
    }
    self.init(
      id: RouterID(rawValue: id),
      hardware: try row.decode(Int64?.self, atIndex: 1).map(MACAddress.init(stored:)),
      address: address,
      device: try row.decode(String?.self, atIndex: 3),
      serialNumber: try row.decode(String?.self, atIndex: 4),
      vendorClass: try row.decode(String?.self, atIndex: 5),
      hostname: try row.decode(String?.self, atIndex: 6),
      firstSeen: Timestamp(rawValue: try row.decode(Int64.self, atIndex: 7)))
  }

  static let upsert = """
    INSERT OR REPLACE INTO router
      (id, hardware, address, device, serial_number, vendor_class, hostname, first_seen)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """

  var columns: StatementArguments {
    [
      id.rawValue, hardware?.stored, address.map { Int64($0.rawValue) }, device, serialNumber, vendorClass, hostname,
      firstSeen.rawValue,
    ]
  }
}
