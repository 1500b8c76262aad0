import DHCP
import FoundationEssentials
import GRDB
import Net
import Store

/// A lease as a row.
extension Lease {
  static let select = """
    SELECT address, client, hardware, state, start, expiry, hostname, vendor_class, relay_information FROM lease
    """

  init(row: Row) throws {
    let number = try row.decode(Int64.self, atIndex: 0)
    guard let address = UInt32(exactly: number).map(IPv4Address.init(rawValue:)) else {
      throw StoreError.corrupt("lease: address \(number)")
    }
    let client = try row.decode(Data.self, atIndex: 1)
    guard let client = ClientKey(stored: client) else {
      throw StoreError.corrupt("lease of \(address): client \(Hexadecimal.encode(client))")
    }
    let state = try row.decode(Int64.self, atIndex: 3)
    guard let state = UInt8(exactly: state).flatMap(State.init(rawValue:)) else {
      throw StoreError.corrupt("lease of \(address): state \(state)")
    }
    self.init(
      address: address,
      client: client,
      hardware: try row.decode(Int64?.self, atIndex: 2).map(MACAddress.init(stored:)),
      state: state,
      start: Timestamp(rawValue: try row.decode(Int64.self, atIndex: 4)),
      expiry: Timestamp(rawValue: try row.decode(Int64.self, atIndex: 5)),
      hostname: try row.decode(String?.self, atIndex: 6),
      vendorClass: try row.decode(String?.self, atIndex: 7),
      relayInformation: try row.decode(Data?.self, atIndex: 8).map { [UInt8]($0) })
  }

  static let upsert = """
    INSERT OR REPLACE INTO lease
      (address, client, hardware, state, start, expiry, hostname, vendor_class, relay_information)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  var columns: StatementArguments {
    [
      Int64(address.rawValue), Data(client.stored), hardware?.stored, Int64(state.rawValue), start.rawValue,
      expiry.rawValue, hostname, vendorClass, relayInformation.map { Data($0) },
    ]
  }
}

extension MACAddress {
  init(stored: Int64) {
    self.init(rawValue: UInt64(bitPattern: stored))
  }

  var stored: Int64 { Int64(bitPattern: rawValue) }
}
