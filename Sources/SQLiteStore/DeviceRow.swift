import CWMP
import FoundationEssentials
import GRDB
import Net
import Store

/// A device as a row: whole in its `facts`, with what is asked for beside it.
extension Device {
  static let select = "SELECT id, facts, last_inform FROM device"

  init(row: Row) throws {
    let id = try row.decode(String.self, atIndex: 0)
    do {
      self = try JSONDecoder().decode(Device.self, from: row.decode(Data.self, atIndex: 1))
    } catch {
      throw StoreError.corrupt("device \(id): \(error)")
    }
    lastInform = Timestamp(rawValue: try row.decode(Int64.self, atIndex: 2))
  }

  static let upsert = """
    INSERT OR REPLACE INTO device (id, oui, product_class, serial, username, last_inform, facts)
      VALUES (?, ?, ?, ?, ?, ?, ?)
    """

  var columns: StatementArguments {
    get throws {
      [
        "\(id)", id.oui, id.productClass, id.serialNumber, credentials.username, lastInform.rawValue,
        try JSONEncoder().encode(self),
      ]
    }
  }
}
