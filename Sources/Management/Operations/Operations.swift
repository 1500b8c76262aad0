package import CWMP
import DHCP
package import Journey
package import Net
package import Provisioning
package import Store

/// What the operator may ask, answered from committed facts.
package struct Operations: Sendable {
  let queries: any FactQueries
  /// The routers that are to come.
  let inventory: @Sendable () -> Inventory
  /// Nil where the committed record of the device is asked.
  private let lastInformInMemory: (@Sendable (DeviceID) -> LastInform?)?
  private let expectations: @Sendable () -> Expectations

  /// - Parameter lastInform: of a device; by its committed record where nil.
  package init(
    queries: any FactQueries, inventory: @escaping @Sendable () -> Inventory = { Inventory() },
    lastInform: (@Sendable (DeviceID) -> LastInform?)? = nil,
    expectations: @escaping @Sendable () -> Expectations
  ) {
    self.queries = queries
    self.inventory = inventory
    self.expectations = expectations
    lastInformInMemory = lastInform
  }

  /// At most `limit` routers with numbers above `after`, in the order in which they were first seen.
  package func routers(after: RouterID, limit: Int, at now: Timestamp) throws(StoreError) -> [RouterReport] {
    let expects = expectations()
    var reports: [RouterReport] = []
    for router in try queries.routers(after: after, limit: limit) {
      reports.append(try report(of: router, expects, at: now))
    }
    return reports
  }

  /// The routers that have informed the ACS.
  package func informedRouters() throws(StoreError) -> [Router] {
    try queries.routers().filter { $0.device != nil }
  }

  private func report(
    of router: Router, _ expects: Expectations, at now: Timestamp
  ) throws(StoreError) -> RouterReport {
    RouterReport(
      router, Timeline(try allEvents(of: router.id).map(\.event)), by: try maker(of: router), expects,
      try lastInform(of: router), at: now)
  }

  /// Whose router it is by its Inform.
  private func maker(of router: Router) throws(StoreError) -> Maker? {
    guard let id = router.device.flatMap(DeviceID.init) else { return nil }
    return try queries.device(id)?.maker
  }

  private func lastInform(of router: Router) throws(StoreError) -> LastInform? {
    guard let device = router.device.flatMap({ DeviceID($0) }) else { return nil }
    if let lastInformInMemory { return lastInformInMemory(device) }
    return try queries.device(device).map { LastInform($0) }
  }

  /// The router that `name` names: its serial number, device, hardware address, IP address, number or host name.
  package func router(named name: String) throws(StoreError) -> Router? {
    if let router = try queries.routers(with: .serialNumber(name)).first { return router }
    if let router = try queries.routers(with: .device(name)).first { return router }
    for device in DeviceID.named(name) {
      if let router = try queries.routers(with: .device("\(device)")).first { return router }
    }
    if let hardware = MACAddress(name), let router = try queries.routers(with: .hardware(hardware)).first {
      return router
    }
    if let address = IPv4Address(name), let router = try queries.routers(with: .address(address)).first {
      return router
    }
    if let number = Int64(name), let router = try queries.router(RouterID(rawValue: number)) { return router }
    return try queries.routers(with: .hostname(name)).first
  }

  package func journey(of router: Router, at now: Timestamp) throws(StoreError) -> JourneyReport {
    let events = try allEvents(of: router.id)
    return JourneyReport(
      router: RouterReport(
        router, Timeline(events.map(\.event)), by: try maker(of: router), expectations(), try lastInform(of: router),
        at: now),
      events: events.map { EventReport($0, router) })
  }

  /// What happened after the event `number`, at most `limit` events.
  package func events(
    of router: RouterID?, after number: Int64, limit: Int = 500
  ) throws(StoreError) -> [EventReport] {
    let events = try queries.events(of: router, after: number, limit: limit)
    guard !events.isEmpty else { return [] }
    var routers: [RouterID: Router] = [:]
    for id in Set(events.map(\.event.router)) { routers[id] = try queries.router(id) }
    return events.map { EventReport($0, routers[$0.event.router]) }
  }

  /// The number of the newest event.
  package func lastEvent() throws(StoreError) -> Int64 {
    try queries.lastEvent()
  }

  /// At most `limit` of the leases on record with addresses above `after`, in order of address, and the addresses between
  /// them that the operator has reserved.
  package func leases(after: IPv4Address?, limit: Int, at now: Timestamp) throws(StoreError) -> [LeaseReport] {
    let reservations = try reservations()
    let leases = try queries.leases(after: after, limit: limit)
    var reports = leases.map { ($0.address, LeaseReport($0, reservations[$0.address], at: now)) }
    let known = Set(leases.map(\.address))
    let end = leases.count == limit ? leases.last?.address : nil
    let others = reservations.filter { address, _ in
      !known.contains(address) && (after.map { $0 < address } ?? true) && (end.map { address < $0 } ?? true)
    }
    if !others.isEmpty {
      reports += others.map { ($0.key, LeaseReport(free: $0.key, $0.value)) }
      reports.sort { $0.0 < $1.0 }
    }
    return reports.map(\.1)
  }

  package func lease(of address: IPv4Address, at now: Timestamp) throws(StoreError) -> LeaseReport? {
    let reservation = try reservations()[address]
    if let lease = try queries.lease(at: address) { return LeaseReport(lease, reservation, at: now) }
    return reservation.map { LeaseReport(free: address, $0) }
  }

  private func reservations() throws(StoreError) -> [IPv4Address: Reservation] {
    guard let stored = try queries.setting(named: OperatorReservations.setting) else { return [:] }
    return Dictionary(OperatorReservations(stored: stored).list.map { ($0.address, $0) }) { first, _ in first }
  }

  /// At most `limit` devices in order of their last Informs, newest first, without the first `skipped`.
  package func devices(skipping skipped: Int, limit: Int, at now: Timestamp) throws(StoreError) -> [DeviceReport] {
    let expects = expectations()
    var reports: [DeviceReport] = []
    for device in try queries.devices(skipping: skipped, limit: limit) {
      let router = try queries.routers(with: .device("\(device.id)")).first
      var standing: RouterReport?
      if let router { standing = try report(of: router, expects, at: now) }
      reports.append(DeviceReport(device, standing))
    }
    return reports
  }

  private func allEvents(of router: RouterID?) throws(StoreError) -> [RecordedEvent] {
    var events: [RecordedEvent] = []
    while true {
      let page = try queries.events(of: router, after: events.last?.number ?? 0, limit: 10_000)
      events += page
      guard page.count == 10_000 else { return events }
    }
  }
}

extension RouterReport {
  init(
    _ router: Router, _ timeline: Timeline, by maker: Maker?, _ expects: Expectations, _ lastInform: LastInform?,
    at now: Timestamp
  ) {
    let standing = Diagnosis.of(
      router, timeline, by: maker, expects: expects, lastInform: lastInform, at: now)
    let moments = Dictionary(standing.reached.map { ($0.milestone, $0.moment) }) { first, _ in first }
    self.init(
      router: router.id.rawValue, hardware: router.hardware?.description, address: router.address?.description,
      serialNumber: router.serialNumber, device: router.device, hostname: router.hostname,
      vendorClass: router.vendorClass, firstSeen: router.firstSeen.description, standing: standing.state.rawValue,
      milestone: standing.current?.rawValue, missing: standing.missing?.rawValue,
      cause: standing.cause.map { DeviceID.naming("\($0)") }, causeKind: standing.cause?.name,
      advice: standing.advice.map { DeviceID.naming($0) },
      milestones: Milestone.allCases.map { milestone in
        MilestoneReport(
          name: milestone.rawValue, moment: moments[milestone]?.description, expected: expects.contains(milestone))
      })
  }
}

extension LastInform {
  init(_ device: Device) {
    self.init(device.lastInform, every: device.informInterval)
  }
}

extension EventReport {
  init(_ recorded: RecordedEvent, _ router: Router?) {
    let event = recorded.event
    self.init(
      number: recorded.number, router: event.router.rawValue,
      name: router?.serialNumber ?? router?.hardware?.description ?? "#\(event.router.rawValue)",
      moment: event.moment.description, event: event.fact.name, text: DeviceID.naming("\(event.fact)"),
      milestone: event.fact.milestone?.rawValue, trouble: event.fact.isTrouble)
  }
}

extension LeaseReport {
  init(free address: IPv4Address, _ reservation: Reservation) {
    self.init(address: address.description, state: "free", reservation: "\(reservation.client)")
  }

  init(_ lease: Lease, _ reservation: Reservation?, at now: Timestamp) {
    let identifier: String? =
      switch lease.client {
      case .identifier(let bytes): Hexadecimal.encode(bytes)
      case .hardware: nil
      }
    let state =
      switch lease.state {
      case .bound: lease.isActive(at: now) ? "bound" : "expired"
      case .released: "released"
      case .declined: "declined"
      }
    self.init(
      address: lease.address.description, hardware: lease.hardware?.description, clientIdentifier: identifier,
      hostname: lease.hostname, vendorClass: lease.vendorClass, state: state, start: lease.start.description,
      expiry: lease.expiry.description, reservation: reservation.map { "\($0.client)" })
  }
}

extension DeviceReport {
  init(_ device: Device, _ router: RouterReport?) {
    let admission: (String, String?) =
      switch device.admission {
      case .undecided: ("undecided", nil)
      case .admitted(let by): ("admitted", by)
      case .quarantined(let reason): ("quarantined", reason)
      }
    self.init(
      device: device.id.description, serialNumber: device.id.serialNumber, productClass: device.id.productClass,
      manufacturer: device.manufacturer, softwareVersion: device.softwareVersion, address: router?.address,
      admission: admission.0, admissionReason: admission.1, standing: router?.standing ?? "unknown",
      lastInform: device.lastInform.description, booleans: device.habits.booleans?.rawValue,
      milliseconds: device.habits.milliseconds)
  }
}
