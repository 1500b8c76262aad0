import CWMP
import DHCP
import Journey
import Net
import SQLiteStore
import Store
import Testing

/// Statements are kept, and run for one row after the other.
struct StatementIsolationTests {
  /// Rows of each kind with all that they may have, and with as little as they can.
  private static func leases() -> [Lease] {
    [
      Lease(
        address: IPv4Address(10, 0, 0, 1), client: .identifier([1, 2, 3]), hardware: .broadcast, state: .bound,
        start: noon, expiry: noon.advanced(bySeconds: 60), hostname: "full", vendorClass: "H3C. MSR",
        relayInformation: [1, 2, 0, 255]),
      Lease(
        address: IPv4Address(10, 0, 0, 2), client: .identifier([]), hardware: nil, state: .released, start: noon,
        expiry: noon),
      Lease(
        address: IPv4Address(10, 0, 0, 3), client: .hardware(type: 1, address: [7]), hardware: nil, state: .declined,
        start: noon, expiry: noon, hostname: "", relayInformation: []),
      Lease(
        address: IPv4Address(10, 0, 0, 4), client: .identifier([9]), hardware: .broadcast, state: .bound, start: noon,
        expiry: noon, vendorClass: ""),
    ]
  }

  private static func routers() -> [Router] {
    [
      Router(
        id: RouterID(rawValue: 1), hardware: .broadcast, address: IPv4Address(10, 0, 0, 1), device: "d",
        serialNumber: "s", vendorClass: "v", hostname: "h", firstSeen: noon),
      Router(id: RouterID(rawValue: 2), firstSeen: .distantPast),
      Router(id: RouterID(rawValue: 3), serialNumber: "", hostname: "only", firstSeen: noon),
    ]
  }

  private static func parameters() -> [KnownParameter] {
    [
      KnownParameter(path: "A.B", isWritable: true, type: .string, value: "v", notification: 2, seen: noon),
      KnownParameter(path: "A.", seen: noon),
      KnownParameter(path: "A.C", type: .unsignedInt, value: "", seen: noon),
      KnownParameter(path: "A.D", isWritable: false, notification: 0, seen: noon),
    ]
  }

  /// Each kind of row, as a change of this device where it is of one, and what a store tells of it then.
  private static func rows(of device: Device) -> [(change: Change, told: String)] {
    let contact = noon.advanced(bySeconds: 5)
    return leases().map { (.lease($0), "\($0)") } + routers().map { (.router($0), "\($0)") }
      + parameters().map { (.parameters(device.id, [$0]), "\($0)") }
      + [event(1, "a"), event(2, "")].map { (.event($0), "\($0)") }
      + [(.setting(name: "x", value: [1]), "x [1]"), (.setting(name: "y", value: []), "y []")]
      + [(.contact(device.id, contact), "\(contact)")]
  }

  /// All that a store tells of this device, and of others than devices; of events, those after `last`.
  private static func content(of store: SQLiteStore, _ device: Device, after last: Int64) throws -> Set<String> {
    var rows = try store.leases().map { "\($0)" } + store.routers().map { "\($0)" }
    rows += try store.parameters(of: device.id, below: "", after: "", limit: 100).map { "\($0)" }
    rows += try store.events(of: nil, after: last, limit: 100).map { "\($0.event)" }
    rows += try ["x", "y"].compactMap { name in try store.setting(named: name).map { "\(name) \($0)" } }
    if let moment = try store.device(device.id)?.lastInform { rows.append("\(moment)") }
    return Set(rows)
  }

  @Test func `a row is written as by a fresh statement, whatever row was written before it`() throws {
    let folder = try Folder()
    let store = try SQLiteStore(path: folder.path("store.db"))
    let count = Self.rows(of: device("0")).count
    #expect(count == 16)
    for first in 0..<count {
      for second in 0..<count where second != first {
        // A device of its own for each pair: what is known of a parameter already stays where nothing new is told.
        let device = device("\(first)-\(second)")
        let rows = Self.rows(of: device)
        let last = try store.lastEvent()
        try store.commit([.device(device)])
        try store.commit([rows[first].change, rows[second].change])
        let content = try Self.content(of: store, device, after: last)
        #expect(content.isSuperset(of: [rows[first].told, rows[second].told]), "\(rows[second]) after \(rows[first])")
      }
    }
  }
}
