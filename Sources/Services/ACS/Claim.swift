import CWMP
import DHCP
import Net

/// A device that has credentials of its own came without them: with the shared ones, or with none where its model need
/// not log in. Everybody on the routers' network knows those, so it is taken for itself only by what else speaks for
/// it, and is held for a person otherwise.
///
/// A router that was reset says so (`0 BOOTSTRAP`, or that it did what it was asked to), and comes from where it was.
/// One that has never used its own need not say so: it may be of those that do not keep what they take.
struct Claim: Sendable {
  /// As it is on record.
  var device: Device
  /// Where the claim comes from.
  var address: IPv4Address?
  /// Whether it says why it has lost its own.
  var isReset: Bool
  /// The hardware address that the device has on record, and its IP address there.
  var hardware: MACAddress?
  var formerAddress: IPv4Address?

  /// Facts about the address that the claim comes from.
  struct Place: Sendable {
    var lease: Lease?
    /// The hardware address that answers for the address on the link now; nil where it is on no link.
    var neighbor: MACAddress?
  }

  enum Evidence: Hashable, Sendable {
    /// The address is on lease to the device's hardware address, through no relay that says where it is.
    case lease
    /// The same, and the relay names the port that the device was at before.
    case relayPort
    /// The device's hardware address answers for the address on a link of this machine.
    case neighbor
    /// The device's first session came from the same address.
    case firstAddress
    case certificate
    case person
  }

  enum Doubt: Hashable, Sendable {
    case noReset
    case noAddress
    /// No hardware address of the device is on record.
    case noHardware
    case noLease(of: MACAddress)
    case otherLease(of: MACAddress?, not: MACAddress)
    case otherNeighbor(MACAddress, not: MACAddress)
    case otherPort
  }

  enum Decision: Hashable, Sendable {
    case taken(Evidence)
    case held(Doubt)
  }

  /// Seconds after which who was sent away is to come again.
  static let retryAfter: Int64 = 300

  /// `place` is asked only where it decides: to look up who answers for an address takes a while.
  func decision(at now: Timestamp, place: () -> Place) -> Decision {
    if device.approval?.holds(for: address, at: now) == true { return .taken(.person) }
    guard isReset || !device.usesOwn else { return .held(.noReset) }
    guard let address else { return .held(.noAddress) }
    let isFirstAddress = !device.usesOwn && address == formerAddress
    guard let hardware else { return isFirstAddress ? .taken(.firstAddress) : .held(.noHardware) }
    let place = place()
    if let neighbor = place.neighbor, neighbor != hardware {
      return .held(.otherNeighbor(neighbor, not: hardware))
    }
    if let lease = place.lease, lease.isActive(at: now) { return decision(by: lease, of: hardware) }
    if place.neighbor == hardware { return .taken(.neighbor) }
    return isFirstAddress ? .taken(.firstAddress) : .held(.noLease(of: hardware))
  }

  private func decision(by lease: Lease, of hardware: MACAddress) -> Decision {
    guard lease.hardware == hardware else { return .held(.otherLease(of: lease.hardware, not: hardware)) }
    let port = lease.relayPort
    guard port == device.relayPort ?? [] else { return .held(.otherPort) }
    return .taken(port.isEmpty ? .lease : .relayPort)
  }
}

extension Lease {
  /// The client's port, as its relay said; empty where no relay did.
  var relayPort: [UInt8] { relayInformation.map { RelayInformation(bytes: $0).port } ?? [] }
}

extension Claim.Evidence: CustomStringConvertible {
  /// A part of a sentence that says what speaks for the claim.
  var description: String {
    switch self {
    case .lease: "its address is on lease to the router's hardware address"
    case .relayPort: "its address is on lease to the router's hardware address, at the same port of the same relay"
    case .neighbor: "the router's hardware address answers for its address"
    case .firstAddress: "the router's first session came from there"
    case .certificate: "its certificate names the router"
    case .person: "a person said so"
    }
  }
}

extension Claim.Doubt: CustomStringConvertible {
  /// A sentence, without its full stop, that says what speaks against the claim.
  var description: String {
    switch self {
    case .noReset: "it does not say that it was reset (0 BOOTSTRAP)"
    case .noAddress: "it has no IPv4 address to know it by"
    case .noHardware: "no hardware address of the router is on record to know it by"
    case .noLease(let hardware): "its address is not on lease to \(hardware), the router's hardware address"
    case .otherLease(let other, let hardware):
      "its address is on lease to \(other.map { "\($0)" } ?? "another client"), and the router is \(hardware)"
    case .otherNeighbor(let other, let hardware): "\(other) answers for its address, and the router is \(hardware)"
    case .otherPort: "it is at another port of a relay than the router was, or its relay does not say"
    }
  }
}
