import CWMP
package import DHCP
package import Net
import Provisioning

/// Lets in a router that brings no credentials, by where it is: it has an address that this appliance leased to it, on a
/// link that the appliance serves itself. The Broadband Forum's dialect of option 43 (TR-069 section 3.1) has no
/// credentials to hand out, so such a router can open its first session in no other way by itself.
package struct FirstContact: Sendable {
  /// What is known of an address when somebody comes from it.
  struct Circumstances: Sendable {
    var lease: Lease?
    /// Who answers for the address on the link now.
    var neighbor: MACAddress?
    /// Whether another DHCP server answers on the links: the network is not the appliance's alone.
    var isShared: Bool
    /// The device as it is on record, and the hardware address that it was seen with.
    var device: Device?
    var hardware: MACAddress?
    /// The hardware address that the inventory has for it.
    var expected: MACAddress?
  }

  enum Refusal: String, Hashable, Sendable {
    /// The address is on no link where first contact is let in so.
    case otherLink
    case sharedNetwork
    /// It has credentials of its own, or had some.
    case secured
    case noLease
    case relayed
    /// Somebody else answers for the address than the one it was leased to, or nobody.
    case otherNeighbor
    /// The device is known by another hardware address.
    case otherHardware
  }

  private let lease: @Sendable (IPv4Address) -> Lease?
  private let neighbor: @Sendable (IPv4Address) -> MACAddress?
  private let isShared: @Sendable () -> Bool
  private let memo = NeighborMemo()

  package init(
    lease: @escaping @Sendable (IPv4Address) -> Lease?, neighbor: @escaping @Sendable (IPv4Address) -> MACAddress?,
    isShared: @escaping @Sendable () -> Bool
  ) {
    self.lease = lease
    self.neighbor = neighbor
    self.isShared = isShared
  }

  /// What is known of the address now. Reads the store and the kernel's table: to be asked only where it matters.
  func circumstances(of address: IPv4Address) -> Circumstances {
    Circumstances(lease: lease(address), neighbor: neighbor(address), isShared: isShared())
  }

  /// What is known of the address that a claim to be a router with this hardware address comes from. Who answers for it
  /// is asked only where it is not on lease to somebody else.
  func place(of address: IPv4Address, expecting hardware: MACAddress, at now: Timestamp) -> Claim.Place {
    let lease = activeLease(of: address, at: now)
    if let lease, lease.hardware != hardware { return Claim.Place(lease: lease) }
    return Claim.Place(lease: lease, neighbor: memo.hardware(of: address, at: now, ask: neighbor))
  }

  func activeLease(of address: IPv4Address, at now: Timestamp) -> Lease? {
    lease(address).flatMap { $0.isActive(at: now) ? $0 : nil }
  }

  /// Nil where the device is let in; `links` are the networks where that is allowed.
  static func refusal(
    of address: IPv4Address, on links: [Subnet], _ known: Circumstances, at now: Timestamp
  ) -> Refusal? {
    guard links.contains(where: { $0.contains(address) }) else { return .otherLink }
    guard !known.isShared else { return .sharedNetwork }
    if case .confirmed? = known.device?.credentials { return .secured }
    guard let lease = known.lease, lease.isActive(at: now), let hardware = lease.hardware else { return .noLease }
    guard lease.relayInformation == nil else { return .relayed }
    guard known.neighbor == hardware else { return .otherNeighbor }
    guard known.expected.map({ $0 == hardware }) ?? true, known.hardware.map({ $0 == hardware }) ?? true else {
      return .otherHardware
    }
    return nil
  }
}
