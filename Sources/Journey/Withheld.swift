extension Fact {
  /// Why an ACK did not name the ACS although there was one to name. It is kept in place of the dialect of option 43.
  package enum Withheld: String, CaseIterable, Hashable, Sendable {
    /// The client did not ask for option 43, and nothing tells that it is a CPE.
    case unknown = "withheld"
    /// The client did not ask for option 43, and only those that do are given it.
    case unasked = "not-requested"
  }
}

extension Fact.Withheld: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknown: "option 43 was left out: it did not ask for it, and nothing tells that it is a CPE"
    case .unasked: "option 43 was left out: it did not ask for it, and `dhcp.send` is `requested`"
    }
  }

  /// What to try, a sentence without its full stop.
  var advice: String {
    switch self {
    case .unknown: "give routers of its kind a rule in `dhcp.rules`, or set `dhcp.send: always`; reboot it then"
    case .unasked: "set `dhcp.send: matched`, or `always`, and reboot it"
    }
  }
}
