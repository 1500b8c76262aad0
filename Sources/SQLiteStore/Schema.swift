import GRDB
import Store

/// The tables, as steps from nothing to the present. A step that was released is never edited: what changes is added
/// as a further step. The number of steps done stands in the file (`user_version`).
enum Schema {
  static let steps = [
    """
    CREATE TABLE lease (
      address INTEGER PRIMARY KEY,
      client BLOB NOT NULL,
      hardware INTEGER,
      state INTEGER NOT NULL,
      start INTEGER NOT NULL,
      expiry INTEGER NOT NULL,
      hostname TEXT,
      vendor_class TEXT,
      relay_information BLOB
    ) STRICT;

    -- AUTOINCREMENT: the number of a router that was merged into another is not given to a third.
    CREATE TABLE router (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      hardware INTEGER,
      address INTEGER,
      device TEXT,
      serial_number TEXT,
      vendor_class TEXT,
      hostname TEXT,
      first_seen INTEGER NOT NULL
    ) STRICT;

    -- The newest event of all is never removed, so no number comes twice.
    CREATE TABLE event (
      number INTEGER PRIMARY KEY,
      router INTEGER NOT NULL,
      moment INTEGER NOT NULL,
      name TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX event_router ON event (router, number);

    -- facts: the whole device as JSON; last_inform is newer where they differ.
    CREATE TABLE device (
      id TEXT PRIMARY KEY,
      oui TEXT NOT NULL,
      product_class TEXT NOT NULL,
      serial TEXT NOT NULL,
      username TEXT,
      last_inform INTEGER NOT NULL,
      facts BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX device_username ON device (username) WHERE username IS NOT NULL;

    CREATE TABLE setting (
      name TEXT PRIMARY KEY,
      value BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    -- Devices by number, and the moments of their last Informs apart from them: thousands of Informs a second change
    -- nothing but a moment, and three hundred moments share a page.
    CREATE TABLE numbered_device (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      facts BLOB NOT NULL
    ) STRICT;
    CREATE TABLE contact (
      device INTEGER PRIMARY KEY,
      moment INTEGER NOT NULL
    ) STRICT;
    INSERT INTO numbered_device (id, facts) SELECT id, facts FROM device;
    INSERT INTO contact (device, moment) SELECT number, last_inform FROM numbered_device JOIN device USING (id);
    DROP TABLE device;
    ALTER TABLE numbered_device RENAME TO device;
    """,
    """
    -- facts: the whole task as JSON. AUTOINCREMENT: command keys are made of numbers, and none may come twice.
    CREATE TABLE task (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      device TEXT NOT NULL,
      is_open INTEGER NOT NULL,
      facts BLOB NOT NULL
    ) STRICT;
    CREATE INDEX task_device ON task (device, number);
    CREATE INDEX task_open ON task (number) WHERE is_open = 1;

    -- The paths of all data models, each once: routers of one model have the same.
    CREATE TABLE path (
      number INTEGER PRIMARY KEY,
      text TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE parameter (
      device INTEGER NOT NULL,
      path INTEGER NOT NULL,
      writable INTEGER,
      type INTEGER,
      value TEXT,
      notification INTEGER,
      seen INTEGER NOT NULL,
      PRIMARY KEY (device, path)
    ) STRICT, WITHOUT ROWID;
    -- Long values are not searched for.
    CREATE INDEX parameter_value ON parameter (path, value) WHERE length(value) <= 128;
    """,
    """
    CREATE TABLE file (
      name TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      size INTEGER NOT NULL,
      digest TEXT NOT NULL,
      moment INTEGER NOT NULL,
      device_oui TEXT,
      device_class TEXT,
      device_serial TEXT
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE INDEX router_device ON router (device) WHERE device IS NOT NULL;
    CREATE INDEX router_serial_number ON router (serial_number) WHERE serial_number IS NOT NULL;
    """,
    """
    CREATE TABLE transcript (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      device TEXT NOT NULL,
      start INTEGER NOT NULL,
      size INTEGER NOT NULL,
      bytes BLOB NOT NULL
    ) STRICT;
    CREATE INDEX transcript_device ON transcript (device, number);
    """,
  ]

  /// Takes the steps that the file has not seen, each in its own transaction.
  static func migrate(_ db: Database, by steps: [String] = steps) throws {
    let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard found <= steps.count else { throw StoreError.newerSchema(found: found, known: steps.count) }
    guard found >= 0 else { throw StoreError.corrupt("schema \(found)") }
    for (index, step) in steps.enumerated().dropFirst(found) {
      try db.inTransaction(.immediate) {
        try db.execute(sql: step)
        try db.execute(sql: "PRAGMA user_version = \(index + 1)")
        return .commit
      }
    }
  }
}
