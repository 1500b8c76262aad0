import DHCP
import GRDB
import Net
import Store

/// A lease as a row.
extension Lease {
  static let select = """
    SELECT address, client, hardware, state, start, expiry, hostname, vendor_class, relay_information FROM lease
    """

  init(row: PreparedStatement) throws {
    let number = row.int64(at: 0)
    guard let address = UInt32(exactly: number).map(IPv4Address.init(rawValue:)) else {
      throw StoreError.corrupt("lease: address \(number)")
    }
    let stored = row.bytes(at: 1) ?? []
    guard let client = ClientKey(stored: stored) else {
      throw StoreError.corrupt("lease of \(address): client \(Hexadecimal.encode(stored))")
    }
    let state = row.int64(at: 3)
    guard let state = UInt8(exactly: state).flatMap(State.init(rawValue:)) else {
      throw StoreError.corrupt("lease of \(address): state \(state)")
    }
    self.init(
      address: address, client: client, hardware: row.optionalInt64(at: 2).map(MACAddress.init(stored:)), state: state,
      start: Timestamp(rawValue: row.int64(at: 4)), expiry: Timestamp(rawValue: row.int64(at: 5)),
      hostname: row.text(at: 6), vendorClass: row.text(at: 7), relayInformation: row.bytes(at: 8))
  }

  static let upsert = """
    INSERT OR REPLACE INTO lease
      (address, client, hardware, state, start, expiry, hostname, vendor_class, relay_information)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  /// Those that are active at the moment that is bound, as ``isActive(at:)`` says.
  static let countActive = "SELECT count(*) FROM lease WHERE state = \(State.bound.rawValue) AND expiry > ?"

  func write(by statements: inout WriteStatements) throws {
    let row = try statements.lease()
    try row.bind(Int64(address.rawValue), at: 1)
    try row.bind(client.stored, at: 2)
    try row.bind(hardware?.stored, at: 3)
    try row.bind(Int64(state.rawValue), at: 4)
    try row.bind(start.rawValue, at: 5)
    try row.bind(expiry.rawValue, at: 6)
    try row.bind(hostname, at: 7)
    try row.bind(vendorClass, at: 8)
    try row.bind(relayInformation, at: 9)
    try row.run()
  }
}

extension MACAddress {
  init(stored: Int64) {
    self.init(rawValue: UInt64(bitPattern: stored))
  }

  var stored: Int64 { Int64(bitPattern: rawValue) }
}
