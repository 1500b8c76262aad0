import CWMP
import Foundation
import GRDB
import Net
import Store

/// A device as a row: whole in its `facts`, with what is asked for beside it. Its last Inform has a table of its own,
/// because most Informs change nothing else.
extension Device {
  static let select = "SELECT id, facts, moment FROM device JOIN contact ON contact.device = device.number"

  /// The devices of one page, by their last Informs. Moments alone are sorted, not whole records.
  static let selectPage = """
    SELECT id, facts, moment
      FROM (SELECT device, moment FROM contact ORDER BY moment DESC, device LIMIT ? OFFSET ?) AS page
      JOIN device ON device.number = page.device ORDER BY moment DESC, number
    """

  init(row: PreparedStatement) throws {
    do {
      try self.init(record: row.bytes(at: 1) ?? [])
    } catch {
      throw StoreError.corrupt("device \(row.text(at: 0) ?? ""): \(error)")
    }
    lastInform = Timestamp(rawValue: row.int64(at: 2))
  }

  init(record: [UInt8]) throws {
    // Records were JSON once.
    self =
      record.first == UInt8(ascii: "{")
      ? try JSONDecoder().decode(Device.self, from: Data(record)) : try StoredDevice.decode(record)
  }

  static let upsert = """
    INSERT INTO device (id, facts) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET facts = excluded.facts
    """

  /// The last Inform of the device named by the second value.
  static let upsertContact = """
    INSERT OR REPLACE INTO contact (moment, device) SELECT ?, number FROM device WHERE id = ?
    """

  /// The same where there was one before, as after nearly every Inform: SQLite keeps no page for taking it back.
  static let updateContact = """
    UPDATE contact SET moment = ? WHERE device = (SELECT number FROM device WHERE id = ?)
    """

  func write(by statements: inout WriteStatements) throws {
    let row = try statements.device()
    try row.bind("\(id)", at: 1)
    try row.bind(StoredDevice.encode(self), at: 2)
    try row.run()
    try Self.write(id, lastInform, by: statements.firstContact())
  }

  /// Nothing for a device that is not on record.
  static func writeContact(_ id: DeviceID, _ moment: Timestamp, by statements: inout WriteStatements) throws {
    try write(id, moment, by: statements.contact())
  }

  private static func write(_ id: DeviceID, _ moment: Timestamp, by row: PreparedStatement) throws {
    try row.bind(moment.rawValue, at: 1)
    try row.bind("\(id)", at: 2)
    try row.run()
  }
}
