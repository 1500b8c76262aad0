import Net

/// The records of routers by number, one after the other in memory.
struct RouterRows {
  private var rows: [Router] = []
  /// Places in `rows` that are not in use.
  private var vacant: [Int32] = []
  private var byNumber: RowIndex

  init(minimumCount: Int) {
    rows.reserveCapacity(minimumCount)
    byNumber = RowIndex(minimumCount: minimumCount)
  }

  var count: Int { rows.count - vacant.count }

  subscript(id: RouterID) -> Router? {
    get {
      let place = place(of: id)
      return place == RowIndex.none ? nil : rows[Int(place)]
    }
    set {
      let place = place(of: id)
      switch (newValue, place) {
      case (nil, RowIndex.none): break
      case (nil, _):
        byNumber.remove(place, hash: id.hashValue) { [rows] in rows[Int($0)].id.hashValue }
        vacant.append(place)
      case (let router?, RowIndex.none): insert(router)
      case (let router?, _): rows[Int(place)] = router
      }
    }
  }

  private mutating func insert(_ router: Router) {
    let place: Int32
    if let free = vacant.popLast() {
      place = free
      rows[Int(place)] = router
    } else {
      place = Int32(rows.count)
      rows.append(router)
    }
    byNumber.insert(place, hash: router.id.hashValue) { [rows] in rows[Int($0)].id.hashValue }
  }

  private func place(of id: RouterID) -> Int32 {
    byNumber.find(id.hashValue) { rows[Int($0)].id == id }
  }
}
