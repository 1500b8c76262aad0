/// The stages of a router's way from power-on to provisioned, in order. These words are the product's vocabulary: they
/// stand in the log, on the command line and in the API.
package enum Milestone: String, CaseIterable, Hashable, Sendable {
  /// A DHCPDISCOVER (or a DHCPREQUEST of a router that still knows its address) was seen.
  case discovered
  /// The address and the ACS's URL are committed and acknowledged.
  case leased
  /// First boot of a router whose CWMP is off: it read the generated boot file to its end.
  case bootFileFetched = "boot file fetched"
  /// The router asked DNS for the ACS's name and was answered.
  case acsNameResolved = "ACS name resolved"
  /// A TCP connection from the router's address reached the ACS.
  case connected
  /// Its digest was accepted.
  case authenticated
  /// Its Inform is committed.
  case informed
  /// It may be provisioned: it is in the inventory, a person approved it, or an open-lab rule admits all.
  case admitted
  /// It has confirmed credentials of its own.
  case secured
  /// It reports the wanted firmware.
  case upgraded
  /// Its configuration was delivered and its parameters set, all confirmed.
  case configured
  /// After its last boot it informed again and reads back as desired.
  case verified
  /// All of its profile is true.
  case provisioned
}

extension Milestone: Comparable {
  package static func < (left: Milestone, right: Milestone) -> Bool {
    left.position < right.position
  }

  /// The place in the order of the journey, from 0.
  package var position: Int {
    Self.allCases.firstIndex(of: self) ?? 0
  }
}
