import Net

/// A lease as the table keeps it: a client's key and its texts cost memory only where they say more than its hardware
/// address does, so that some hundred thousand leases fit a small appliance.
struct LeaseRow {
  /// A ``ClientKey``. Nearly all are made of an Ethernet address, which needs no memory of its own.
  enum Key: Hashable {
    case hardware(MACAddress)
    /// A client identifier of hardware type 1 and that address, as most clients make it (RFC 2132 section 9.14).
    case identifier(MACAddress)
    case other(ClientKey)

    init(_ key: ClientKey) {
      switch key {
      case .hardware(Message.ethernet, let address):
        self = MACAddress(octets: address[...]).map(Key.hardware) ?? .other(key)
      case .identifier(let bytes) where bytes.first == Message.ethernet:
        self = MACAddress(octets: bytes.dropFirst()).map(Key.identifier) ?? .other(key)
      case .hardware, .identifier: self = .other(key)
      }
    }

    var clientKey: ClientKey {
      switch self {
      case .hardware(let address): .hardware(type: Message.ethernet, address: address.octets)
      case .identifier(let address): .identifier([Message.ethernet] + address.octets)
      case .other(let key): key
      }
    }
  }

  /// What few leases have.
  private final class Texts: Sendable {
    let hostname: String?
    let vendorClass: String?
    let relayInformation: [UInt8]?

    init(_ lease: Lease) {
      hostname = lease.hostname
      vendorClass = lease.vendorClass
      relayInformation = lease.relayInformation
    }
  }

  private static let noHardware = UInt64.max

  let key: Key
  let state: Lease.State
  let address: IPv4Address
  private let hardware: UInt64
  let start: Timestamp
  let expiry: Timestamp
  private let texts: Texts?
  /// The neighbors among the rows of the same client; ``RowIndex/none`` at the ends, and where it is not among them.
  var next = RowIndex.none
  var previous = RowIndex.none
  /// The next of the rows of the same name; ``RowIndex/none`` at the end, and where it is not among them.
  var nextNamed = RowIndex.none

  init(_ lease: Lease) {
    key = Key(lease.client)
    state = lease.state
    address = lease.address
    hardware = lease.hardware?.rawValue ?? Self.noHardware
    start = lease.start
    expiry = lease.expiry
    let isPlain = lease.hostname == nil && lease.vendorClass == nil && lease.relayInformation == nil
    texts = isPlain ? nil : Texts(lease)
  }

  var lease: Lease {
    Lease(
      address: address, client: key.clientKey,
      hardware: hardware == Self.noHardware ? nil : MACAddress(rawValue: hardware), state: state, start: start,
      expiry: expiry, hostname: texts?.hostname, vendorClass: texts?.vendorClass,
      relayInformation: texts?.relayInformation)
  }

  var hostname: String? { texts?.hostname }

  func isActive(at now: Timestamp) -> Bool {
    state == .bound && now < expiry
  }
}
