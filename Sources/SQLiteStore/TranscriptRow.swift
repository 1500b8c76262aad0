import GRDB
import Net
import Store

/// A transcript as a row.
extension StoredTranscript {
  static let select = "SELECT number, device, start, size FROM transcript"

  init(row: PreparedStatement) {
    self.init(
      number: row.int64(at: 0), device: row.text(at: 1) ?? "", start: Timestamp(rawValue: row.int64(at: 2)),
      size: Int(row.int64(at: 3)))
  }

  /// Writes it, and removes those of the device that are older than the `kept` newest.
  static func write(
    of device: String, _ start: Timestamp, _ bytes: [UInt8], kept: Int, in db: Database
  ) throws {
    let insert = try PreparedStatement(
      "INSERT INTO transcript (device, start, size, bytes) VALUES (?, ?, ?, ?)", in: db)
    try insert.bind(device, at: 1)
    try insert.bind(start.rawValue, at: 2)
    try insert.bind(Int64(bytes.count), at: 3)
    try insert.bind(bytes, at: 4)
    try insert.run()
    let prune = try PreparedStatement(
      """
      DELETE FROM transcript WHERE device = ?1 AND number <= (
        SELECT number FROM transcript WHERE device = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)
      """, in: db)
    try prune.bind(device, at: 1)
    try prune.bind(Int64(max(0, kept)), at: 2)
    try prune.run()
  }
}
