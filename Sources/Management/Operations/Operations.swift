import CWMP
import DHCP
package import Journey
package import Net
package import Store

/// What the operator may ask, answered from committed facts.
package struct Operations: Sendable {
  let queries: any FactQueries
  private let expectations: @Sendable () -> Expectations

  package init(queries: any FactQueries, expectations: @escaping @Sendable () -> Expectations) {
    self.queries = queries
    self.expectations = expectations
  }

  /// All routers, in the order in which they were first seen.
  package func routers(at now: Timestamp) throws(StoreError) -> [RouterReport] {
    var timelines: [RouterID: Timeline] = [:]
    for recorded in try allEvents(of: nil) {
      timelines[recorded.event.router, default: Timeline()].record(recorded.event)
    }
    let expects = expectations()
    return try queries.routers().map { router in
      RouterReport(router, timelines[router.id] ?? Timeline(), expects, at: now)
    }
  }

  /// The router that `name` names: its number, serial number, hardware address or IP address.
  package func router(named name: String) throws(StoreError) -> Router? {
    let routers = try queries.routers()
    let hardware = MACAddress(name)
    let address = IPv4Address(name)
    return routers.first { $0.serialNumber == name || $0.device == name }
      ?? routers.first { $0.hardware != nil && $0.hardware == hardware }
      ?? routers.first { $0.address != nil && $0.address == address }
      ?? routers.first { String($0.id.rawValue) == name }
      ?? routers.first { $0.hostname == name }
  }

  package func journey(of router: Router, at now: Timestamp) throws(StoreError) -> JourneyReport {
    let events = try allEvents(of: router.id)
    return JourneyReport(
      router: RouterReport(router, Timeline(events.map(\.event)), expectations(), at: now),
      events: events.map { EventReport($0, router) })
  }

  /// What happened after the event `number`, at most `limit` events.
  package func events(
    of router: RouterID?, after number: Int64, limit: Int = 500
  ) throws(StoreError) -> [EventReport] {
    let events = try queries.events(of: router, after: number, limit: limit)
    guard !events.isEmpty else { return [] }
    let routers = Dictionary(uniqueKeysWithValues: try queries.routers().map { ($0.id, $0) })
    return events.map { EventReport($0, routers[$0.event.router]) }
  }

  /// The number of the newest event.
  package func lastEvent() throws(StoreError) -> Int64 {
    try queries.lastEvent()
  }

  /// The leases on record, and the addresses that the operator has reserved, in order of address.
  package func leases(at now: Timestamp) throws(StoreError) -> [LeaseReport] {
    let reservations = try reservations()
    var reports = try queries.leases().map { ($0.address, LeaseReport($0, reservations[$0.address], at: now)) }
    let known = Set(reports.map(\.0))
    let others = reservations.filter { !known.contains($0.key) }
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

  package func devices(at now: Timestamp) throws(StoreError) -> [DeviceReport] {
    let routers = try routers(at: now)
    let standings = Dictionary(routers.compactMap { router in router.device.map { ($0, router) } }) { first, _ in first
    }
    return try queries.devices().map { DeviceReport($0, standings["\($0.id)"]) }
  }

  /// How much there is of everything: routers, those provisioned, active leases, devices.
  package func counts(at now: Timestamp) throws(StoreError) -> (
    routers: Int, provisioned: Int, leases: Int, devices: Int
  ) {
    let routers = try routers(at: now)
    var leases = 0
    try queries.forEachLease { if $0.isActive(at: now) { leases += 1 } }
    return (
      routers.count, routers.count { $0.standing == Standing.State.provisioned.rawValue }, leases,
      try queries.devices().count
    )
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
  init(_ router: Router, _ timeline: Timeline, _ expects: Expectations, at now: Timestamp) {
    let standing = Diagnosis.of(router, timeline, expects: expects, at: now)
    let moments = Dictionary(standing.reached.map { ($0.milestone, $0.moment) }) { first, _ in first }
    self.init(
      router: router.id.rawValue, hardware: router.hardware?.description, address: router.address?.description,
      serialNumber: router.serialNumber, device: router.device, hostname: router.hostname,
      vendorClass: router.vendorClass, firstSeen: router.firstSeen.description, standing: standing.state.rawValue,
      milestone: standing.current?.rawValue, missing: standing.missing?.rawValue,
      cause: standing.cause.map { "\($0)" }, advice: standing.advice,
      milestones: Milestone.allCases.map { milestone in
        MilestoneReport(name: milestone.rawValue, moment: moments[milestone]?.description)
      })
  }
}

extension EventReport {
  init(_ recorded: RecordedEvent, _ router: Router?) {
    let event = recorded.event
    self.init(
      number: recorded.number, router: event.router.rawValue,
      name: router?.serialNumber ?? router?.hardware?.description ?? "#\(event.router.rawValue)",
      moment: event.moment.description, event: event.fact.name, text: "\(event.fact)",
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
      lastInform: device.lastInform.description)
  }
}
