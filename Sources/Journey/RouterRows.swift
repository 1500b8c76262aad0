import Net

/// The records of routers by number and by hardware address, one after the other in memory. What only few routers have
/// costs memory only there: a hundred thousand of them are seen by DHCP alone.
struct RouterRows {
  fileprivate struct Row {
    let id: RouterID
    let hardware: UInt64
    let address: IPv4Address?
    let firstSeen: Timestamp
    let texts: Texts?
  }

  fileprivate final class Texts: Sendable {
    let device: String?
    let serialNumber: String?
    let vendorClass: String?
    let hostname: String?

    init(_ router: Router) {
      device = router.device
      serialNumber = router.serialNumber
      vendorClass = router.vendorClass
      hostname = router.hostname
    }
  }

  fileprivate static let noHardware = UInt64.max

  private var rows: [Row] = []
  /// Places in `rows` that are not in use.
  private var vacant: [Int32] = []
  private var byNumber: RowIndex
  /// Of routers with one hardware address, the one that was set last.
  private var byHardware: RowIndex

  init(minimumCount: Int) {
    rows.reserveCapacity(minimumCount)
    byNumber = RowIndex(minimumCount: minimumCount)
    byHardware = RowIndex(minimumCount: minimumCount)
  }

  var count: Int { rows.count - vacant.count }

  subscript(id: RouterID) -> Router? {
    get {
      let place = place(of: id)
      return place == RowIndex.none ? nil : Router(rows[Int(place)])
    }
    set {
      if let newValue { set(newValue) } else { remove(id) }
    }
  }

  func id(hardware: MACAddress) -> RouterID? {
    let place = place(hardware: hardware.rawValue)
    return place == RowIndex.none ? nil : rows[Int(place)].id
  }

  private mutating func set(_ router: Router) {
    let row = Row(router)
    var place = place(of: router.id)
    if place != RowIndex.none {
      if rows[Int(place)].hardware != row.hardware { unindex(hardwareOf: place) }
      rows[Int(place)] = row
    } else {
      if let free = vacant.popLast() {
        place = free
        rows[Int(place)] = row
      } else {
        place = Int32(rows.count)
        rows.append(row)
      }
      byNumber.insert(place, hash: row.id.hashValue) { [rows] in rows[Int($0)].id.hashValue }
    }
    index(hardwareOf: place)
  }

  private mutating func remove(_ id: RouterID) {
    let place = place(of: id)
    guard place != RowIndex.none else { return }
    unindex(hardwareOf: place)
    byNumber.remove(place, hash: id.hashValue) { [rows] in rows[Int($0)].id.hashValue }
    vacant.append(place)
  }

  private mutating func index(hardwareOf place: Int32) {
    let hardware = rows[Int(place)].hardware
    guard hardware != Self.noHardware else { return }
    let present = self.place(hardware: hardware)
    guard present != place else { return }
    if present == RowIndex.none {
      byHardware.insert(place, hash: hardware.hashValue) { [rows] in rows[Int($0)].hardware.hashValue }
    } else {
      byHardware.replace(present, by: place, hash: hardware.hashValue)
    }
  }

  private mutating func unindex(hardwareOf place: Int32) {
    let hardware = rows[Int(place)].hardware
    guard hardware != Self.noHardware, self.place(hardware: hardware) == place else { return }
    byHardware.remove(place, hash: hardware.hashValue) { [rows] in rows[Int($0)].hardware.hashValue }
  }

  private func place(of id: RouterID) -> Int32 {
    byNumber.find(id.hashValue) { rows[Int($0)].id == id }
  }

  private func place(hardware: UInt64) -> Int32 {
    byHardware.find(hardware.hashValue) { rows[Int($0)].hardware == hardware }
  }
}

extension RouterRows.Row {
  fileprivate init(_ router: Router) {
    id = router.id
    hardware = router.hardware?.rawValue ?? RouterRows.noHardware
    address = router.address
    firstSeen = router.firstSeen
    let isPlain =
      router.device == nil && router.serialNumber == nil && router.vendorClass == nil && router.hostname == nil
    texts = isPlain ? nil : RouterRows.Texts(router)
  }
}

extension Router {
  fileprivate init(_ row: RouterRows.Row) {
    let texts = row.texts
    self.init(
      id: row.id, hardware: row.hardware == RouterRows.noHardware ? nil : MACAddress(rawValue: row.hardware),
      address: row.address, device: texts?.device, serialNumber: texts?.serialNumber, vendorClass: texts?.vendorClass,
      hostname: texts?.hostname, firstSeen: row.firstSeen)
  }
}
