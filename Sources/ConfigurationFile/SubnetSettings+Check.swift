import Net

extension SubnetSettings {
  func check(into findings: inout Findings) {
    checkPools(&findings)
    checkClassPools(&findings)
    checkOptions(&findings)
    checkReservations(&findings)
    checkTimes(&findings)
    guard origin.isRight("subnet"), origin.isRight("routers") else { return }
    for (index, router) in routers.enumerated() where !subnet.hosts.contains(router) {
      findings.add(
        origin.problem(
          at: "routers[\(index)]", "\(origin.path).routers has \(router), which no host of \(subnet) can have",
          expected: "an address in \(subnet.hosts)"))
    }
  }

  private func checkPools(_ findings: inout Findings) {
    checkPool(pool, of: origin, &findings)
  }

  /// The pools of two classes have nothing in common. One may be of the subnet's own addresses, which are then the
  /// class's.
  private func checkClassPools(_ findings: inout Findings) {
    var seen: [(range: AddressRange, path: String)] = []
    var names: [String: String] = [:]
    for one in classes {
      if one.origin.isRight("class"), let path = names.updateValue(one.origin.path, forKey: one.name) {
        findings.add(
          one.origin.problem(
            at: "class", "\(one.origin.path).class is \(quoted(one.name)), as is \(path).class",
            expected: "each class once"))
      }
      checkPool(one.pool, of: one.origin, &findings)
      guard one.origin.isRight("pool") else { continue }
      if let (range, other) = one.pool.lazy.compactMap({ range in
        seen.first { $0.range.overlaps(range) }.map { (range, $0) }
      }).first {
        findings.add(
          one.origin.problem(
            at: "pool", "\(one.origin.path).pool \(range) overlaps \(other.range) of \(other.path)",
            expected: "classes that have no address in common"))
      }
      seen += one.pool.map { ($0, one.origin.path) }
    }
  }

  private func checkTimes(_ findings: inout Findings) {
    func inOrder(_ lower: (String, Int?), _ upper: (String, Int?)) {
      guard let least = lower.1, let most = upper.1, least > most, origin.isRight(lower.0), origin.isRight(upper.0)
      else { return }
      findings.add(
        origin.problem(
          at: origin.isGiven(lower.0) ? lower.0 : upper.0, "\(origin.path).\(lower.0) is longer than \(upper.0)",
          expected: "\(lower.0) of at most \(upper.0)"))
    }
    inOrder(("min-lease-time", minimumLeaseTime), ("lease-time", leaseTime))
    inOrder(("lease-time", leaseTime), ("max-lease-time", maximumLeaseTime))
    inOrder(("renew-after", renewal), ("rebind-after", rebinding))
    inOrder(("rebind-after", rebinding), ("lease-time", leaseTime))
  }

  private func checkPool(_ pool: [AddressRange], of origin: Origin, _ findings: inout Findings) {
    guard origin.isRight("pool") else { return }
    // A single range may stand without a list around it.
    let options = pool.indices.map { origin.isGiven("pool[\($0)]") ? "pool[\($0)]" : "pool" }
    if self.origin.isRight("subnet") {
      for (option, range) in zip(options, pool)
      where !subnet.hosts.contains(range.first) || !subnet.hosts.contains(range.last) {
        findings.add(
          origin.problem(
            at: option, "\(origin.path).\(option) \(range) is not within the hosts of \(subnet)",
            expected: "addresses in \(subnet.hosts)"))
      }
    }
    if self.origin.isRight("routers") {
      for (option, range) in zip(options, pool) {
        guard let router = routers.first(where: range.contains) else { continue }
        findings.add(
          origin.problem(
            at: option, "\(origin.path).\(option) \(range) has the router \(router) in it",
            expected: "a pool without the routers' addresses"))
      }
    }
    var last: (index: Int, range: AddressRange)?
    for index in pool.indices.sorted(by: { (pool[$0].first, pool[$0].last) < (pool[$1].first, pool[$1].last) }) {
      let range = pool[index]
      if let before = last, before.range.overlaps(range) {
        let later = max(index, before.index)
        findings.add(
          origin.problem(
            at: options[later],
            "\(origin.path).\(options[later]) \(pool[later]) overlaps \(pool[min(index, before.index)])",
            expected: "ranges that have no address in common"))
        if before.range.last >= range.last { continue }
      }
      last = (index, range)
    }
  }

  private func checkOptions(_ findings: inout Findings) {
    options.checkCodes(&findings)
    for option in options
    where option.code == 42 && !option.isOfOthers && !ntpServers.isEmpty && option.origin.isRight("code") {
      findings.add(
        option.origin.problem(
          at: "code", "\(option.origin.path) is option 42, which ntp-servers gives already",
          expected: "one of the two"))
    }
  }

  private func checkReservations(_ findings: inout Findings) {
    var addresses: [IPv4Address: String] = [:]
    var clients: [ReservationSettings.Client: String] = [:]
    for reservation in reservations {
      let place = reservation.origin
      if place.isRight("address") {
        if origin.isRight("subnet"), !subnet.hosts.contains(reservation.address) {
          findings.add(
            place.problem(
              at: "address", "\(place.path).address \(reservation.address) is not within the hosts of \(subnet)",
              expected: "an address in \(subnet.hosts)"))
        }
        if origin.isRight("routers"), routers.contains(reservation.address) {
          findings.add(
            place.problem(
              at: "address", "\(place.path).address \(reservation.address) is a router's",
              expected: "an address that is free"))
        }
        if let path = addresses.updateValue(place.path, forKey: reservation.address) {
          findings.add(
            place.problem(
              at: "address", "\(place.path).address is \(reservation.address), as is \(path).address",
              expected: "an address for one router"))
        }
      }
      guard let client = reservation.client, place.isRight(reservation.clientOption) else { continue }
      if let path = clients.updateValue(place.path, forKey: client) {
        findings.add(
          place.problem(
            at: reservation.clientOption, "\(place.path) is for the same router as \(path)",
            expected: "one reservation for a router"))
      }
    }
  }
}

extension [OptionSettings] {
  /// Each option stands there once.
  func checkCodes(_ findings: inout Findings) {
    var paths: [Int: String] = [:]
    for option in self where option.code != 0 && option.origin.isRight("code") && option.origin.isRight("name") {
      let place = option.origin.isGiven("code") ? "code" : "name"
      if let path = paths[option.code] {
        findings.add(
          option.origin.problem(
            at: place, "\(option.origin.path).\(place) is \(option.code), as is \(path)", expected: "each option once"))
      } else {
        paths[option.code] = "\(option.origin.path).\(place)"
      }
    }
  }
}
