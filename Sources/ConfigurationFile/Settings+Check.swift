import Net

extension Settings {
  func check(into findings: inout Findings) {
    checkACSName(&findings)
    checkSubnets(&findings)
    checkForwarding(&findings)
    checkCaptivePorts(&findings)
    checkClasses(&findings)
    checkProfiles(&findings)
  }

  private func checkClasses(_ findings: inout Findings) {
    guard dhcp.origin.isRight("classes") || !dhcp.classes.isEmpty,
      dhcp.classes.allSatisfy({ $0.origin.isRight("name") })
    else { return }
    let names = dhcp.classes.map(\.name)
    for one in subnets.flatMap(\.classes) where one.origin.isRight("class") && !names.contains(one.name) {
      findings.add(
        one.origin.problem(
          at: "class", "\(one.origin.path).class is \(quoted(one.name)), which dhcp.classes has not",
          expected: names.isEmpty ? "a class of dhcp.classes" : "one of \(names.joined(separator: ", "))",
          suggestion: Spelling.nearest(to: one.name, among: names)))
    }
  }

  private func checkACSName(_ findings: inout Findings) {
    guard dns.isEnabled, acs.url == nil, acs.origin.isRight("name"), acs.origin.isRight("url"),
      dns.origin.isRight("zone"), dns.origin.isRight("enabled"), origin.isRight("acs") || acs.origin.position != nil
    else { return }
    let name = acs.name.lowercased()
    let zone = dns.zone.lowercased()
    guard name != zone, !name.hasSuffix(".\(zone)") else { return }
    let section = acs.origin.isGiven("name") ? acs.origin : dns.origin
    findings.add(
      section.problem(
        at: acs.origin.isGiven("name") ? "name" : "zone",
        "acs.name \(quoted(acs.name)) is not in dns.zone \(quoted(dns.zone))",
        expected: "a name in that zone, which this server answers for, or acs.url"))
  }

  private func checkForwarding(_ findings: inout Findings) {
    guard dns.forwarders.isEmpty, dns.forward.isEmpty, dns.origin.isRight("forwarders"), dns.origin.isRight("forward")
    else { return }
    for subnet in subnets where subnet.forwarding {
      findings.add(
        subnet.origin.problem(
          at: "forwarding", "\(subnet.origin.path).forwarding is on, and dns.forwarders names no server",
          expected: "dns.forwarders with the servers to ask"))
    }
  }

  private func checkCaptivePorts(_ findings: inout Findings) {
    guard acs.servesCaptivePorts, dns.captive.isEmpty, dns.origin.isRight("captive"), origin.isRight("dns") else {
      return
    }
    findings.add(
      acs.origin.problem(
        at: "captive-ports", "acs.captive-ports is on, and dns.captive names nothing",
        expected: "dns.captive with the names that routers come by"))
  }

  /// Subnets in order of their addresses: what overlaps is then next to each other.
  private func checkSubnets(_ findings: inout Findings) {
    var widest: SubnetSettings?
    let sorted = subnets.filter { $0.origin.isRight("subnet") }
      .sorted { ($0.subnet.address, $0.subnet.prefixLength) < ($1.subnet.address, $1.subnet.prefixLength) }
    for next in sorted {
      guard let before = widest, next.subnet.address <= before.subnet.broadcast else {
        widest = next
        continue
      }
      let (earlier, later) =
        (before.origin.position ?? .start) < (next.origin.position ?? .start) ? (before, next) : (next, before)
      findings.add(
        later.origin.problem(
          at: "subnet",
          "\(later.origin.path).subnet \(later.subnet) overlaps \(earlier.subnet) of \(earlier.origin.path)",
          expected: "subnets that have no address in common"))
    }
  }

  private func checkProfiles(_ findings: inout Findings) {
    var paths: [String: String] = [:]
    for profile in profiles where profile.origin.isRight("name") {
      if let path = paths[profile.name] {
        findings.add(
          profile.origin.problem(
            at: "name", "\(profile.origin.path).name is \(quoted(profile.name)), as is \(path).name",
            expected: "a name of its own"))
      } else {
        paths[profile.name] = profile.origin.path
      }
    }
    if origin.isGiven("inventory"), !origin.isGiven("profiles") {
      findings.add(
        origin.problem(
          at: "inventory", "inventory is given without profiles, and the built-in profile admits every router",
          expected: "profiles, one of them with \"admit: inventory\""))
    }
  }
}
