import CWMP
import GRDB
import Net
import Store

/// A file's record as a row. A device is its three parts; all are null for a file of the operator's.
extension FileRecord {
  static let select = """
    SELECT name, kind, size, digest, moment, device_oui, device_class, device_serial FROM file
    """

  init(row: Row) throws {
    let text = try row.decode(String.self, atIndex: 0)
    let kindText = try row.decode(String.self, atIndex: 1)
    guard let name = FileRecord.Name(rawValue: text) else { throw StoreError.corrupt("file \(text): the name") }
    guard let kind = FileKind(rawValue: kindText) else { throw StoreError.corrupt("file \(text): kind \(kindText)") }
    let origin: Origin
    if let oui = try row.decode(String?.self, atIndex: 5) {
      origin = .device(
        DeviceID(
          oui: oui, productClass: try row.decode(String.self, atIndex: 6),
          serialNumber: try row.decode(String.self, atIndex: 7)))
    } else {
      origin = .operator
    }
    self.init(
      name: name, kind: kind, size: try row.decode(Int.self, atIndex: 2),
      digest: try row.decode(String.self, atIndex: 3),
      moment: Timestamp(rawValue: try row.decode(Int64.self, atIndex: 4)),
      origin: origin)
  }

  static let upsert = """
    INSERT OR REPLACE INTO file (name, kind, size, digest, moment, device_oui, device_class, device_serial)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """

  var columns: StatementArguments {
    let device: DeviceID? =
      switch origin {
      case .operator: nil
      case .device(let id): id
      }
    return [
      name.rawValue, kind.rawValue, size, digest, moment.rawValue, device?.oui, device?.productClass,
      device?.serialNumber,
    ]
  }
}
