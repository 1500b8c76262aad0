package import CWMP
import GRDB
import Net
package import Provisioning
package import Store

// Tasks, transcripts, and what is known of parameters.
extension SQLiteStore {
  package func transcripts(of device: DeviceID?, limit: Int) throws(StoreError) -> [StoredTranscript] {
    try read { db in
      let filter = device == nil ? "" : " WHERE device = ?2"
      let row = try PreparedStatement("\(StoredTranscript.select)\(filter) ORDER BY number DESC LIMIT ?1", in: db)
      try row.bind(Int64(max(1, limit)), at: 1)
      if let device { try row.bind("\(device)", at: 2) }
      var transcripts: [StoredTranscript] = []
      try row.forEachRow { transcripts.append(StoredTranscript(row: $0)) }
      return transcripts
    }
  }

  package func transcript(_ number: Int64) throws(StoreError) -> [UInt8]? {
    try read { db in
      let row = try PreparedStatement("SELECT bytes FROM transcript WHERE number = ?", in: db)
      try row.bind(number, at: 1)
      var bytes: [UInt8]?
      try row.forEachRow { bytes = $0.bytes(at: 0) }
      return bytes
    }
  }

  package func lastTask() throws(StoreError) -> Int64 {
    try read { db in try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'task'") ?? 0 }
  }

  package func task(_ number: Int64) throws(StoreError) -> DeviceTask? {
    try read { db in
      let row = try PreparedStatement("\(DeviceTask.select) WHERE number = ?", in: db)
      try row.bind(number, at: 1)
      var task: DeviceTask?
      try row.forEachRow { task = try DeviceTask(row: $0) }
      return task
    }
  }

  package func tasks(of device: DeviceID?, open: Bool, limit: Int) throws(StoreError) -> [DeviceTask] {
    try read { db in
      let conditions: [String] = (device == nil ? [] : ["device = ?1"]) + (open ? ["is_open = 1"] : [])
      let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
      let row = try PreparedStatement("\(DeviceTask.select)\(filter) ORDER BY number DESC LIMIT ?2", in: db)
      if let device { try row.bind("\(device)", at: 1) }
      try row.bind(Int64(max(1, limit)), at: 2)
      var tasks: [DeviceTask] = []
      try row.forEachRow { tasks.append(try DeviceTask(row: $0)) }
      return tasks
    }
  }

  package func parameters(
    of device: DeviceID, below prefix: String, after: String, limit: Int
  ) throws(StoreError) -> [KnownParameter] {
    try read { db in
      guard let number = try KnownParameter.number(of: device, in: db) else { return [] }
      let row = try PreparedStatement(
        """
        \(KnownParameter.select) WHERE device = ?1 AND substr(text, 1, length(?2)) = ?2 AND text > ?3
          ORDER BY text LIMIT ?4
        """, in: db)
      try row.bind(number, at: 1)
      try row.bind(prefix, at: 2)
      try row.bind(after, at: 3)
      try row.bind(Int64(max(1, limit)), at: 4)
      var parameters: [KnownParameter] = []
      try row.forEachRow { parameters.append(KnownParameter(row: $0)) }
      return parameters
    }
  }

  package func parameter(_ path: String, of device: DeviceID) throws(StoreError) -> KnownParameter? {
    try read { db in
      guard let number = try KnownParameter.number(of: device, in: db) else { return nil }
      let row = try PreparedStatement("\(KnownParameter.select) WHERE device = ? AND text = ?", in: db)
      try row.bind(number, at: 1)
      try row.bind(path, at: 2)
      var parameter: KnownParameter?
      try row.forEachRow { parameter = KnownParameter(row: $0) }
      return parameter
    }
  }

  package func devices(
    withParameter path: String, value: String?, limit: Int
  ) throws(StoreError) -> [(device: DeviceID, parameter: KnownParameter)] {
    try read { db in
      let paths = try Row.fetchAll(
        db, sql: "SELECT number, text FROM path WHERE text = ?1 OR substr(text, -length(?1) - 1) = '.' || ?1",
        arguments: [path])
      var found: [(device: DeviceID, parameter: KnownParameter)] = []
      for row in paths where found.count < limit {
        try Self.find(row[0], row[1], value, limit: limit - found.count, in: db, &found)
      }
      return found
    }
  }

  private static func find(
    _ path: Int64, _ text: String, _ value: String?, limit: Int, in db: Database,
    _ found: inout [(device: DeviceID, parameter: KnownParameter)]
  ) throws {
    let row = try PreparedStatement(
      """
      SELECT device.facts, writable, type, value, notification, seen FROM parameter
        JOIN device ON device.number = parameter.device
        WHERE path = ?1 AND length(value) <= 128 \(value == nil ? "" : "AND value = ?3") LIMIT ?2
      """, in: db)
    try row.bind(path, at: 1)
    try row.bind(Int64(limit), at: 2)
    if let value { try row.bind(value, at: 3) }
    try row.forEachRow { row in
      let known = KnownParameter(row: row)
      found.append(
        (
          try device(row).id,
          KnownParameter(
            path: text, isWritable: known.isWritable, type: known.type, value: known.value,
            notification: known.notification, seen: known.seen)
        ))
    }
  }

  private static func device(_ row: PreparedStatement) throws -> Device {
    do {
      return try Device(record: row.bytes(at: 0) ?? [])
    } catch {
      throw StoreError.corrupt("a device: \(error)")
    }
  }
}
