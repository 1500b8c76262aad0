import CWMP
import Net

extension [HeldWatch.Held] {
  /// Hosts and twins that are told of one by one.
  static var partiesTold: Int { 5 }
  /// Routers that are named of one host.
  static var routersNamed: Int { 3 }

  /// What a person is to decide, one sentence for each host that claims to be a router, and for each twin. `hardware`
  /// tells who leased an address.
  func problems(hardware: (IPv4Address) -> MACAddress?) -> [String] {
    var order: [HeldWatch.Party] = []
    var cases: [HeldWatch.Party: [HeldWatch.Held]] = [:]
    for held in self {
      if cases[held.held.party] == nil { order.append(held.held.party) }
      cases[held.held.party, default: []].append(held)
    }
    var problems = order.prefix(Self.partiesTold).map { party -> String in
      let held = cases[party] ?? []
      return switch party {
      case .claimant(let address): Self.claims(from: address, hardware(address), held)
      case .twin(let twin): Self.twin(twin, of: held)
      }
    }
    if order.count > Self.partiesTold {
      problems.append(
        "\(order.count - Self.partiesTold) more are held, who claim to be a router that has its own credentials or have "
          + "the serial number of one; `usher journey` shows who")
    }
    return problems
  }

  private static func claims(
    from address: IPv4Address, _ hardware: MACAddress?, _ held: [HeldWatch.Held]
  ) -> String {
    let host = "a host at \(address)" + (hardware.map { " (\($0))" } ?? "")
    guard let first = held.first, held.count == 1 else {
      let names = held.prefix(routersNamed).map(\.held.device.name).joined(separator: ", ")
      let more = held.count > routersNamed ? " and \(held.count - routersNamed) more" : ""
      return
        "\(host) claims to be \(held.count) routers, \(names)\(more), without the credentials that they have, and is held: "
        + "look for that host"
    }
    let name = first.held.device.name
    return
      "\(host) claims to be router \(name) without the credentials that it has, and is held: \(first.reason); if that is "
      + "the router after a reset, \"usher admit \(name) --from \(address)\" lets it start anew; if not, look for that host"
  }

  private static func twin(_ twin: DeviceID, of held: [HeldWatch.Held]) -> String {
    let holder = held.first?.held.device.name ?? ""
    return
      "router \(twin.name) is held: it came with the serial number of \(holder), which has the inventory's row; "
      + "\"usher admit \(twin.name)\" gives the row to it"
  }
}
