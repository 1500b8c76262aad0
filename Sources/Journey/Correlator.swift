package import Net

/// Joins what the protocols see of one router: hardware address → leased address → DNS client → HTTP peer → device.
///
/// It mirrors the stored records of routers: whoever calls it commits what it returns.
///
/// Memory is bounded. Of the routers that DHCP has seen but that hold no address and have never informed, which a flood
/// of forged DISCOVERs can make any number of, at most ``unleasedLimit`` are kept: the one that was first seen longest
/// ago is forgotten for each further one. In all there are at most ``routerLimit``; past that, no record is made for a
/// further router.
package struct Correlator: Sendable {
  package static let unleasedLimit = 50_000
  package static let routerLimit = 500_000
  /// Merged numbers that are remembered for whoever still holds one.
  package static let mergesKept = 4096

  private var routers: RouterRows
  private var byAddress: [IPv4Address: RouterID] = [:]
  private var byDevice: [String: RouterID] = [:]
  private var elsewhere = ElsewhereLeases()
  private var unleased: UnleasedQueue
  private var merged: [RouterID: RouterID] = [:]
  private var mergeOrder: [RouterID] = []
  private var nextNumber: Int64

  /// `next` is the number for the next new router where the store remembers one; it is raised past every number in
  /// `routers`.
  package init(routers known: [Router], next: Int64 = 1, unleasedLimit: Int = Correlator.unleasedLimit) {
    let highest = known.map(\.id.rawValue).max() ?? 0
    nextNumber = max(next, highest == .max ? .max : highest + 1)
    unleased = UnleasedQueue(limit: unleasedLimit)
    routers = RouterRows(minimumCount: known.count)
    byAddress.reserveCapacity(known.count)
    let isInOrder = zip(known, known.dropFirst()).allSatisfy { $0.id.rawValue < $1.id.rawValue }
    for router in isInOrder ? known : known.sorted(by: { $0.id.rawValue < $1.id.rawValue }) {
      routers[router.id] = router
      if let device = router.device { byDevice[device] = router.id }
      if let address = router.address, router.hardware != nil || byAddress[address] == nil {
        byAddress[address] = router.id
      }
      if router.isUnleased { unleased.append(router.id) }
    }
  }

  package var count: Int { routers.count }

  package func router(_ id: RouterID) -> Router? { routers[current(id)] }

  /// The number that the router has now, where `id` has been merged into another.
  package func current(_ id: RouterID) -> RouterID {
    var id = id
    while let into = merged[id] { id = into }
    return id
  }

  /// Whose address it is: the router that leased it last, or that informed from it.
  package func peer(_ address: IPv4Address) -> RouterID? { byAddress[address] }

  package func router(hardware: MACAddress) -> RouterID? { routers.id(hardware: hardware) }

  package func router(device: String) -> RouterID? { byDevice[device] }

  /// A DHCP message of this client was seen. What is nil was not said, and changes nothing.
  package mutating func sighting(
    _ hardware: MACAddress, vendorClass: String? = nil, hostname: String? = nil, at now: Timestamp
  ) throws(CorrelatorError) -> Correlation {
    let known = routers.id(hardware: hardware)
    let id = if let known { known } else { try makeRouter(hardware: hardware, at: now) }
    var correlation = Correlation(router: id)
    if var router = routers[id] {
      let hasNews =
        vendorClass != nil && vendorClass != router.vendorClass || hostname != nil && hostname != router.hostname
      if hasNews {
        router.vendorClass = vendorClass ?? router.vendorClass
        router.hostname = hostname ?? router.hostname
        routers[id] = router
      }
      if hasNews || known == nil { correlation.changed.append(router) }
    }
    if known == nil {
      unleased.append(id)
      correlation.forgotten = forgetOldest()
    }
    return correlation
  }

  /// The address was committed to this client. Whoever had it before has it no longer.
  package mutating func leased(
    _ hardware: MACAddress, _ address: IPv4Address, vendorClass: String? = nil, hostname: String? = nil,
    at now: Timestamp
  ) throws(CorrelatorError) -> Correlation {
    elsewhere.forget(address)
    var correlation = try sighting(hardware, vendorClass: vendorClass, hostname: hostname, at: now)
    bind(address, to: correlation.router, &correlation)
    correlation.forgotten += forgetOldest()
    return correlation
  }

  /// The client was seen to take the address, which is on lease to nobody here, from another DHCP server. This makes no
  /// router of a client that is none on record; the address is remembered for when a device informs from it, see
  /// ``informed(device:serialNumber:from:at:)``. Nil where no record changed.
  package mutating func leasedElsewhere(_ hardware: MACAddress, _ address: IPv4Address) -> Correlation? {
    guard let id = routers.id(hardware: hardware) else {
      elsewhere.note(address, of: hardware)
      return nil
    }
    var correlation = Correlation(router: id)
    bind(address, to: id, &correlation)
    return correlation
  }

  /// Whoever had the address before has it no longer.
  private mutating func bind(_ address: IPv4Address, to id: RouterID, _ correlation: inout Correlation) {
    if let previous = byAddress[address], previous != id {
      routers[previous]?.address = nil
      if let moved = routers[previous] {
        correlation.note(moved)
        if moved.isUnleased { unleased.append(previous) }
      }
    }
    if let old = routers[id]?.address, old != address, byAddress[old] == id { byAddress[old] = nil }
    byAddress[address] = id
    if var router = routers[id], router.address != address {
      router.address = address
      routers[id] = router
      correlation.note(router)
    }
    unleased.remove(id)
  }

  /// A device informed from this address (nil where that is no IPv4 address). It is bound to the router that leased the
  /// address, and a record that the device had before is merged with that; without a lease it has a record without
  /// hardware address. Two records with different devices are never merged: where a router's address is behind another
  /// one's, each keeps its own.
  ///
  /// - Parameter device: what names it for its ACS, ``CWMP/DeviceID`` as text.
  package mutating func informed(
    device: String, serialNumber: String, from address: IPv4Address?, at now: Timestamp
  ) throws(CorrelatorError) -> Correlation {
    let holder = address.flatMap { byAddress[$0] }
    let known = byDevice[device]
    // Nearly every Inform tells what is known; to write the record anew costs more than to look at it.
    if let known, known == holder, let router = routers[known], router.address == address, router.device == device,
      router.serialNumber == serialNumber, router.hardware != nil || !elsewhere.knows(address)
    {
      return Correlation(router: known)
    }
    let isFree = holder.flatMap { routers[$0]?.device }.map { $0 == device } ?? true
    let bound = known ?? (isFree ? holder : nil)
    let id = if let bound { bound } else { try makeRouter(hardware: nil, at: now) }
    var correlation = Correlation(router: id)
    let before = known == nil && id != holder ? nil : routers[id]

    if let holder, holder != id, isFree, let other = routers[holder] {
      merge(other, into: id)
      correlation.merges.append(Merge(from: holder, into: id))
    } else if let address, holder == nil {
      if let old = routers[id]?.address, byAddress[old] == id { byAddress[old] = nil }
      byAddress[address] = id
    }
    routers[id]?.device = device
    routers[id]?.serialNumber = serialNumber
    // Behind another router's address, it keeps the one that is its own.
    let holdsAnother = routers[id]?.address.map { byAddress[$0] == id } ?? false
    if let address, byAddress[address] == id || !holdsAnother { routers[id]?.address = address }
    byDevice[device] = id
    unleased.remove(id)
    if let address, byAddress[address] == id, routers[id]?.hardware == nil, let hardware = elsewhere.take(address),
      routers.id(hardware: hardware) == nil
    {
      routers[id]?.hardware = hardware
    }
    if let after = routers[id], after != before { correlation.changed.append(after) }
    return correlation
  }

  /// What the newer record, seen by DHCP just now, knows goes to the older one, which keeps its number.
  private mutating func merge(_ newer: Router, into id: RouterID) {
    if let old = routers[id]?.address, byAddress[old] == id { byAddress[old] = nil }
    routers[id]?.absorb(newer)
    if let address = newer.address { byAddress[address] = id }
    routers[newer.id] = nil
    unleased.remove(newer.id)
    merged[newer.id] = id
    mergeOrder.append(newer.id)
    if mergeOrder.count > Self.mergesKept { merged[mergeOrder.removeFirst()] = nil }
  }

  private mutating func makeRouter(hardware: MACAddress?, at now: Timestamp) throws(CorrelatorError) -> RouterID {
    guard routers.count < Self.routerLimit, nextNumber < .max else { throw .full(limit: Self.routerLimit) }
    let id = RouterID(rawValue: nextNumber)
    nextNumber += 1
    routers[id] = Router(id: id, hardware: hardware, firstSeen: now)
    return id
  }

  private mutating func forgetOldest() -> [RouterID] {
    let forgotten = unleased.overflow { [routers] in routers[$0]?.isUnleased == true }
    for id in forgotten { routers[id] = nil }
    return forgotten
  }
}

extension Router {
  /// Seen by DHCP alone, and without an address.
  fileprivate var isUnleased: Bool { address == nil && device == nil }

  /// Takes over what the other record knows; where both know it, the other is right.
  fileprivate mutating func absorb(_ newer: Router) {
    hardware = newer.hardware ?? hardware
    address = newer.address ?? address
    vendorClass = newer.vendorClass ?? vendorClass
    hostname = newer.hostname ?? hostname
  }
}
