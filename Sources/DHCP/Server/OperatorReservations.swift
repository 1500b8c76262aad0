package import Net

/// The addresses that the operator has set down for clients while the server runs, beside those of the configuration.
/// They are kept as text: a line for each, with the address and the client.
package struct OperatorReservations: Hashable, Sendable {
  /// The name under which they are on record.
  package static let setting = "reservations"
  package static let maximumCount = 4096

  package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    case tooMany
    /// No subnet has a host of this address, or it is a server's or a router's.
    case notAssignable(IPv4Address)
    case addressTaken(IPv4Address)
    case clientTaken(by: IPv4Address)
    case heldByAnother(IPv4Address)
    case nobodyNamed(IPv4Address)

    package var description: String {
      switch self {
      case .tooMany:
        "\(OperatorReservations.maximumCount) addresses are reserved already; the others belong in the file"
      case .notAssignable(let address):
        "no router can have \(address): it is in no subnet, or is the server's or a gateway's"
      case .addressTaken(let address): "\(address) is reserved already"
      case .clientTaken(let address): "that router has a reservation already: \(address)"
      case .heldByAnother(let address): "another router holds \(address); release it first"
      case .nobodyNamed(let address): "nobody holds \(address); name the router with --client"
      }
    }
  }

  /// In the order in which they were made.
  package private(set) var list: [Reservation] = []

  package init() {}

  /// Reads what ``stored`` has written; a line that is none is left out.
  package init(stored bytes: [UInt8]) {
    list = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap(Self.reservation)
  }

  package var stored: [UInt8] {
    Array(list.map { "\($0.address) \($0.client)\n" }.joined().utf8)
  }

  private static func reservation(_ line: Substring) -> Reservation? {
    let words = line.split(separator: " ")
    guard words.count == 2, let address = IPv4Address(String(words[0])),
      let client = Reservation.Client(String(words[1]))
    else { return nil }
    return Reservation(client: client, address: address)
  }

  /// Sets an address down for a client; nil is whoever holds it. `lease` is what is on record of the address.
  package mutating func reserve(
    _ address: IPv4Address, for named: Reservation.Client?, lease: Lease?, in configuration: ServerConfiguration,
    now: Timestamp
  ) throws(Refusal) {
    guard list.count < Self.maximumCount else { throw .tooMany }
    guard let index = configuration.subnetIndex(containing: address) else { throw .notAssignable(address) }
    let subnet = configuration.subnets[index]
    guard subnet.subnet.hosts.contains(address), !configuration.serverAddresses.contains(address),
      !subnet.routers.contains(address)
    else { throw .notAssignable(address) }
    guard !subnet.reservations.isReserved(address) else { throw .addressTaken(address) }
    let holder = lease.flatMap { $0.isActive(at: now) ? $0 : nil }
    guard let client = named ?? holder.flatMap(Reservation.Client.init(holding:)) else { throw .nobodyNamed(address) }
    if let other = subnet.reservations.reservation(of: client) { throw .clientTaken(by: other.address) }
    if let holder, !client.isHolder(of: holder) { throw .heldByAnother(address) }
    list.append(Reservation(client: client, address: address))
  }

  /// False where the operator has not reserved the address.
  package mutating func remove(_ address: IPv4Address) -> Bool {
    let count = list.count
    list.removeAll { $0.address == address }
    return list.count < count
  }
}

extension Reservation.Client: LosslessStringConvertible {
  /// A hardware address, or a client identifier in hexadecimal digits, its type byte included. Nil for anything else.
  package init?(_ text: String) {
    if let hardware = MACAddress(text) {
      self = .hardware(hardware)
    } else if let bytes = Hexadecimal.decode(text), (2...255).contains(bytes.count) {
      self = .identifier(bytes)
    } else {
      return nil
    }
  }

  package var description: String {
    switch self {
    case .hardware(let address): "\(address)"
    case .identifier(let bytes), .circuit(let bytes), .remote(let bytes): Hexadecimal.encode(bytes)
    }
  }

  /// As whom the holder of a lease is known: by its identifier where it has one.
  init?(holding lease: Lease) {
    switch lease.client {
    case .identifier(let bytes): self = .identifier(bytes)
    case .hardware:
      guard let hardware = lease.hardware else { return nil }
      self = .hardware(hardware)
    }
  }

  func isHolder(of lease: Lease) -> Bool {
    switch self {
    case .hardware(let address): lease.hardware == address
    case .identifier(let bytes): lease.client == .identifier(bytes)
    case .circuit, .remote: false
    }
  }
}
