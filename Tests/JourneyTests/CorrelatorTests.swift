import Net
import Testing

@testable import Journey

struct CorrelatorTests {
  private let other = MACAddress(rawValue: 0x000F_E200_0002)
  private let device = "000FE2-MSR-1"

  private func id(_ number: Int64) -> RouterID { RouterID(rawValue: number) }

  @Test func `a client that asks, leases and informs is one router`() throws {
    var correlator = Correlator(routers: [])
    let seen = try correlator.sighting(mac, vendorClass: "H3C", at: noon)
    #expect(
      seen == Correlation(router: one, changed: [Router(id: one, hardware: mac, vendorClass: "H3C", firstSeen: noon)]))
    #expect(try correlator.sighting(mac, vendorClass: "H3C", at: noon).changed.isEmpty)
    let leased = try correlator.leased(mac, address, hostname: "r1", at: noon)
    #expect(
      leased.changed
        == [Router(id: one, hardware: mac, address: address, vendorClass: "H3C", hostname: "r1", firstSeen: noon)])
    #expect(correlator.peer(address) == one)
    let informed = try correlator.informed(device: device, serialNumber: "1", from: address, at: noon)
    #expect(informed.router == one)
    #expect(informed.merges.isEmpty)
    #expect(informed.changed.first?.device == device)
    #expect(correlator.router(device: device) == one)
    #expect(try correlator.informed(device: device, serialNumber: "1", from: address, at: noon).changed.isEmpty)
    #expect(try correlator.leased(mac, address, at: noon).changed.isEmpty)
  }

  @Test func `an Inform without a lease makes a router without a hardware address`() throws {
    var correlator = Correlator(routers: [])
    let informed = try correlator.informed(device: device, serialNumber: "1", from: address, at: noon)
    #expect(
      informed.changed
        == [Router(id: one, address: address, device: device, serialNumber: "1", firstSeen: noon)])
    #expect(correlator.peer(address) == one)
    #expect(try correlator.informed(device: "x", serialNumber: "2", from: nil, at: noon).router == id(2))
  }

  @Test func `a device known from before is merged with the client that it turns out to be`() throws {
    var correlator = Correlator(routers: [])
    _ = try correlator.informed(device: device, serialNumber: "1", from: IPv4Address(10, 0, 0, 9), at: noon)
    _ = try correlator.leased(mac, address, vendorClass: "H3C", at: noon.advanced(bySeconds: 9))
    let informed = try correlator.informed(device: device, serialNumber: "1", from: address, at: noon)
    #expect(
      informed
        == Correlation(
          router: one,
          changed: [
            Router(
              id: one, hardware: mac, address: address, device: device, serialNumber: "1", vendorClass: "H3C",
              firstSeen: noon)
          ], merges: [Merge(from: id(2), into: one)]))
    #expect(correlator.router(hardware: mac) == one)
    #expect(correlator.peer(address) == one)
    #expect(correlator.peer(IPv4Address(10, 0, 0, 9)) == nil)
    #expect(correlator.current(id(2)) == one)
    #expect(correlator.router(id(2))?.id == one)
    #expect(correlator.count == 1)
    #expect(try correlator.sighting(other, at: noon).router == id(3), "a number is never used again")
  }

  @Test func `a router on another of its ports is the same router`() throws {
    var correlator = Correlator(routers: [])
    _ = try correlator.leased(mac, address, at: noon)
    _ = try correlator.informed(device: device, serialNumber: "1", from: address, at: noon)
    let second = IPv4Address(192, 0, 2, 11)
    _ = try correlator.leased(other, second, at: noon)
    let informed = try correlator.informed(device: device, serialNumber: "1", from: second, at: noon)
    #expect(informed.merges == [Merge(from: id(2), into: one)])
    #expect(informed.changed.first?.hardware == other)
    #expect(informed.changed.first?.address == second)
    #expect(correlator.peer(address) == nil)
    // The first port is a client of its own until it informs.
    #expect(try correlator.leased(mac, address, at: noon).router == id(3))
    #expect(
      try correlator.informed(device: device, serialNumber: "1", from: address, at: noon).merges
        == [Merge(from: id(3), into: one)])
  }

  @Test func `an address that is leased to another client moves`() throws {
    var correlator = Correlator(routers: [])
    _ = try correlator.leased(mac, address, at: noon)
    let moved = try correlator.leased(other, address, at: noon)
    #expect(
      Set(moved.changed)
        == [
          Router(id: one, hardware: mac, firstSeen: noon),
          Router(id: id(2), hardware: other, address: address, firstSeen: noon),
        ])
    #expect(correlator.peer(address) == id(2))
  }

  @Test func `a client that gets another address leaves the old one`() throws {
    var correlator = Correlator(routers: [])
    _ = try correlator.leased(mac, address, at: noon)
    _ = try correlator.leased(mac, IPv4Address(192, 0, 2, 11), at: noon)
    #expect(correlator.peer(address) == nil)
  }

  @Test func `a client that takes its address from another server is one router with who informs from there`() throws {
    var correlator = Correlator(routers: [])
    _ = try correlator.sighting(mac, vendorClass: "H3C", at: noon)
    let taken = correlator.leasedElsewhere(mac, address)
    #expect(taken?.changed == [Router(id: one, hardware: mac, address: address, vendorClass: "H3C", firstSeen: noon)])
    #expect(correlator.peer(address) == one)
    let informed = try correlator.informed(device: device, serialNumber: "1", from: address, at: noon)
    #expect(informed.router == one)
    #expect(correlator.count == 1)
  }

  @Test func `the same, where it informed before its request for the address was seen`() throws {
    var correlator = Correlator(routers: [])
    _ = try correlator.informed(device: device, serialNumber: "1", from: address, at: noon)
    _ = try correlator.sighting(mac, at: noon)
    _ = correlator.leasedElsewhere(mac, address)
    let informed = try correlator.informed(device: device, serialNumber: "1", from: address, at: noon)
    #expect(informed.merges == [Merge(from: id(2), into: one)])
    #expect(informed.changed.first?.hardware == mac)
    #expect(correlator.count == 1)
  }

  @Test func `a client that is no router on record becomes none by that, and its hardware is known when it informs`()
    throws
  {
    var correlator = Correlator(routers: [])
    #expect(correlator.leasedElsewhere(mac, address) == nil)
    #expect(correlator.count == 0)
    let informed = try correlator.informed(device: device, serialNumber: "1", from: address, at: noon)
    #expect(
      informed.changed
        == [Router(id: one, hardware: mac, address: address, device: device, serialNumber: "1", firstSeen: noon)])
    // Also where the device was known already.
    var second = Correlator(routers: [
      Router(id: one, address: address, device: device, serialNumber: "1", firstSeen: noon)
    ])
    _ = second.leasedElsewhere(mac, address)
    #expect(
      try second.informed(device: device, serialNumber: "1", from: address, at: noon).changed.first?.hardware == mac)
  }

  @Test func `a lease of ours ends what was seen of another server, and so does a flood`() throws {
    var correlator = Correlator(routers: [])
    _ = correlator.leasedElsewhere(mac, address)
    _ = try correlator.leased(other, address, at: noon)
    let informed = try correlator.informed(device: device, serialNumber: "1", from: address, at: noon)
    #expect(informed.changed.first?.hardware == other)

    var leases = ElsewhereLeases()
    for number in 0..<(3 * UInt32(ElsewhereLeases.limit)) {
      leases.note(IPv4Address(rawValue: 0x0A00_0000 + number), of: mac)
    }
    #expect(leases.take(IPv4Address(rawValue: 0x0A00_0000)) == nil)
    #expect(leases.take(IPv4Address(rawValue: 0x0A00_0000 + 3 * UInt32(ElsewhereLeases.limit) - 1)) == mac)
  }

  @Test func `two devices behind one address are two routers, whatever the order`() throws {
    var correlator = Correlator(routers: [])
    _ = try correlator.leased(mac, address, at: noon)
    _ = try correlator.informed(device: "a", serialNumber: "1", from: address, at: noon)
    for _ in 0..<2 {
      #expect(try correlator.informed(device: "b", serialNumber: "2", from: address, at: noon).router == id(2))
      let first = try correlator.informed(device: "a", serialNumber: "1", from: address, at: noon)
      #expect(first.router == one)
      #expect(first.merges.isEmpty)
    }
    #expect(correlator.peer(address) == one)
    #expect(correlator.router(id(2))?.hardware == nil)
  }

  @Test func `it goes on from stored records`() throws {
    let stored = [
      Router(id: id(7), hardware: mac, address: address, device: device, serialNumber: "1", firstSeen: noon),
      Router(id: id(9), address: address, device: "b", serialNumber: "2", firstSeen: noon),
    ]
    var correlator = Correlator(routers: stored)
    #expect(correlator.peer(address) == id(7), "the lease comes before an address that was only informed from")
    #expect(try correlator.sighting(mac, at: noon).router == id(7))
    #expect(try correlator.informed(device: device, serialNumber: "1", from: address, at: noon).changed.isEmpty)
    #expect(try correlator.sighting(other, at: noon).router == id(10))
    var later = Correlator(routers: stored, next: 100)
    #expect(try later.sighting(other, at: noon).router == id(100))
  }

  @Test func `a flood of forged clients forgets the oldest of them, and none that leased or informed`() throws {
    var correlator = Correlator(routers: [], unleasedLimit: 100)
    _ = try correlator.leased(mac, address, at: noon)
    _ = try correlator.informed(device: device, serialNumber: "1", from: IPv4Address(10, 0, 0, 1), at: noon)
    var forgotten: [RouterID] = []
    for number in 0..<5000 {
      forgotten += try correlator.sighting(MACAddress(rawValue: 0x0200_0000_0000 + UInt64(number)), at: noon).forgotten
    }
    #expect(correlator.count == 102)
    #expect(forgotten == (3..<4903).map { id($0) })
    #expect(correlator.peer(address) == one)
    #expect(correlator.router(device: device) == id(2))
    #expect(correlator.router(hardware: MACAddress(rawValue: 0x0200_0000_0000)) == nil)
    // What is forgotten is seen as new.
    #expect(try correlator.sighting(MACAddress(rawValue: 0x0200_0000_0000), at: noon).router == id(5003))
  }

  @Test func `clients that lease are no longer counted as forged ones`() throws {
    var correlator = Correlator(routers: [], unleasedLimit: 10)
    for number in 0..<200 {
      let hardware = MACAddress(rawValue: UInt64(number + 1))
      #expect(try correlator.sighting(hardware, at: noon).forgotten.isEmpty)
      let address = IPv4Address(rawValue: 0x0A00_0000 + UInt32(number))
      #expect(try correlator.leased(hardware, address, at: noon).forgotten.isEmpty)
    }
    #expect(correlator.count == 200)
    // Their addresses go to others: without one, they may be forgotten.
    for number in 0..<200 {
      _ = try correlator.leased(
        MACAddress(rawValue: UInt64(number + 1000)), IPv4Address(rawValue: 0x0A00_0000 + UInt32(number)), at: noon)
    }
    #expect(correlator.count == 210)
  }

  /// Whatever happens, each hardware address, address and device belongs to one router that is on record.
  @Test func `its indexes agree after anything`() throws {
    var generator = FixedGenerator(state: 5)
    var correlator = Correlator(routers: [], unleasedLimit: 3)
    var stored: [RouterID: Router] = [:]
    for _ in 0..<20_000 {
      let hardware = MACAddress(rawValue: UInt64.random(in: 1...8, using: &generator))
      let address = IPv4Address(rawValue: UInt32.random(in: 1...6, using: &generator))
      let device = "d\(Int.random(in: 1...5, using: &generator))"
      let correlation =
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: try correlator.sighting(hardware, at: noon)
        case 1: try correlator.leased(hardware, address, at: noon)
        default: try correlator.informed(device: device, serialNumber: device, from: address, at: noon)
        }
      for router in correlation.changed { stored[router.id] = router }
      for merge in correlation.merges { stored[merge.from] = nil }
      for id in correlation.forgotten { stored[id] = nil }
      #expect(stored.count == correlator.count)
      #expect(correlator.router(correlation.router) == stored[correlation.router])
      if let peer = correlator.peer(address) { #expect(stored[peer]?.address == address) }
      if let id = correlator.router(hardware: hardware) { #expect(stored[id]?.hardware == hardware) }
      if let id = correlator.router(device: device) { #expect(stored[id]?.device == device) }
      if correlation.router == correlator.router(device: device) {
        #expect(correlation.forgotten.isEmpty || stored[correlation.router] != nil)
      }
    }
    #expect(stored.values.allSatisfy { correlator.router($0.id) == $0 })
    #expect(Set(stored.values.compactMap(\.device)).count == stored.values.count { $0.device != nil })
    #expect(Set(stored.values.compactMap(\.hardware)).count == stored.values.count { $0.hardware != nil })
  }
}
