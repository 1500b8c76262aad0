import DHCP
import Net
import Testing

/// What the operator keeps for a router while the server runs.
struct OperatorReservationTests {
  private let configuration = ServerConfiguration(
    subnets: [
      Lab.subnet(reservations: [
        Reservation(client: .hardware(Client(90).hardware), address: IPv4Address(192, 0, 2, 9))
      ])
    ], serverAddresses: [Lab.serverAddress])
  private let now = Lab.start
  private let address = IPv4Address(192, 0, 2, 100)

  private func lease(_ client: Client, state: Lease.State = .bound) -> Lease {
    Lease(
      address: address, client: client.key, hardware: client.hardware, state: state, start: now,
      expiry: now.advanced(bySeconds: 3600))
  }

  private func refusal(
    _ address: IPv4Address, for client: Reservation.Client?, lease: Lease? = nil
  ) -> OperatorReservations.Refusal? {
    var reservations = OperatorReservations()
    do throws(OperatorReservations.Refusal) {
      try reservations.reserve(address, for: client, lease: lease, in: configuration, now: now)
      return nil
    } catch {
      #expect(reservations.list.isEmpty)
      return error
    }
  }

  @Test func `an address is kept for who is named, or for who holds it`() throws {
    var reservations = OperatorReservations()
    try reservations.reserve(
      IPv4Address(192, 0, 2, 50), for: .hardware(Client(1).hardware), lease: nil, in: configuration, now: now)
    try reservations.reserve(address, for: nil, lease: lease(Client(2)), in: configuration, now: now)
    let other = IPv4Address(192, 0, 2, 101)
    try reservations.reserve(
      other, for: nil, lease: lease(Client(3, identifier: [1, 2, 3])), in: configuration, now: now)
    #expect(
      reservations.list.map(\.client) == [
        .hardware(Client(1).hardware), .hardware(Client(2).hardware), .identifier([1, 2, 3]),
      ])
    #expect(OperatorReservations(stored: reservations.stored) == reservations)
    #expect(reservations.remove(other) && !reservations.remove(other) && reservations.list.count == 2)
  }

  @Test func `what cannot be is refused with its reason`() {
    let client = Reservation.Client.hardware(Client(1).hardware)
    for address in ["198.51.100.7", "192.0.2.0", "192.0.2.255", "192.0.2.1"].compactMap({ IPv4Address($0) }) {
      #expect(refusal(address, for: client) == .notAssignable(address))
    }
    let taken = IPv4Address(192, 0, 2, 9)
    #expect(refusal(taken, for: client) == .addressTaken(taken))
    #expect(refusal(address, for: .hardware(Client(90).hardware)) == .clientTaken(by: taken))
    #expect(refusal(address, for: client, lease: lease(Client(2))) == .heldByAnother(address))
    #expect(refusal(address, for: client, lease: lease(Client(2), state: .released)) == nil)
    #expect(refusal(address, for: nil) == .nobodyNamed(address))
    #expect(refusal(address, for: nil, lease: lease(Client(2), state: .declined)) == .nobodyNamed(address))
  }

  @Test func `there is an end to them, and what is on record but no reservation is left out`() throws {
    let lines = (0..<OperatorReservations.maximumCount).map { "10.0.\($0 / 256).\($0 % 256) 020000000001" }
    var reservations = OperatorReservations(stored: Array(lines.joined(separator: "\n").utf8))
    #expect(reservations.list.count == OperatorReservations.maximumCount)
    #expect(throws: OperatorReservations.Refusal.tooMany) {
      try reservations.reserve(
        address, for: .hardware(Client(1).hardware), lease: nil, in: configuration, now: now)
    }
    #expect(OperatorReservations(stored: Array("x\n10.0.0.1\n10.0.0.1 zz\n10.0.0.2 0102\n".utf8)).list.count == 1)
  }
}
