import CWMP
import Foundation
import GRDB
import Provisioning
import Store

/// A task as a row: whole in its `facts`.
extension DeviceTask {
  /// Of each device so many tasks that have ended are kept, the newest.
  static let endedKept = 50

  init(row: PreparedStatement) throws {
    do {
      self = try JSONDecoder().decode(DeviceTask.self, from: Data(row.bytes(at: 1) ?? []))
    } catch {
      throw StoreError.corrupt("task \(row.int64(at: 0)): \(error)")
    }
  }

  static let select = "SELECT number, facts FROM task"

  private static let upsert = """
    INSERT INTO task (number, device, is_open, facts) VALUES (?, ?, ?, ?)
      ON CONFLICT (number) DO UPDATE SET is_open = excluded.is_open, facts = excluded.facts
    """

  private static let prune = """
    DELETE FROM task WHERE device = ?1 AND is_open = 0 AND number <= (
      SELECT number FROM task WHERE device = ?1 AND is_open = 0 ORDER BY number DESC LIMIT 1 OFFSET ?2)
    """

  func write(in db: Database) throws {
    let row = try PreparedStatement(Self.upsert, in: db)
    try row.bind(number, at: 1)
    try row.bind("\(device)", at: 2)
    try row.bind(isOpen ? 1 : 0, at: 3)
    try row.bind([UInt8](JSONEncoder().encode(self)), at: 4)
    try row.run()
    guard !isOpen else { return }
    let prune = try PreparedStatement(Self.prune, in: db)
    try prune.bind("\(device)", at: 1)
    try prune.bind(Int64(Self.endedKept), at: 2)
    try prune.run()
  }
}
