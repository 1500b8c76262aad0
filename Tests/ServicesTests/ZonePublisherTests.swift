import DHCP
import DNS
import Net
import Testing
import Transport

@testable import Services

struct ZonePublisherTests {
  private let now = Timestamp(secondsSince1970: 1000)
  private let domain: Name

  init() throws {
    domain = try Name("lab.example")
  }

  private func zones() throws -> ZoneSet {
    var builder = ZoneBuilder(serial: SerialNumber(rawValue: 1))
    try builder.addZone(domain, nameServer: Name("ns.lab.example"))
    return try builder.build()
  }

  private var names: ZonePublisher.LeaseNames { ZonePublisher.LeaseNames(domain: domain, timeToLive: 30) }

  private func lease(_ host: UInt8, hostname: String, seconds: Int64 = 60, state: Lease.State = .bound) -> Lease {
    let hardware = MACAddress(rawValue: UInt64(host))
    return Lease(
      address: IPv4Address(192, 0, 2, host), client: .hardware(type: 1, address: hardware.octets), hardware: hardware,
      state: state, start: now, expiry: now.advanced(bySeconds: seconds), hostname: hostname)
  }

  private func addresses(_ label: String, in publisher: ZonePublisher) throws -> [[RecordData]] {
    publisher.zones.records(of: try Name("\(label).lab.example")).map(\.data)
  }

  @Test func `a lease is visible once it is published, under its last name, and gone when it has run out`() throws {
    let publisher = ZonePublisher(try zones(), names: names)
    publisher.apply([lease(7, hostname: "before")], now: now)
    publisher.apply([lease(7, hostname: "r7", seconds: 90)], now: now)
    #expect(try addresses("r7", in: publisher).isEmpty)
    publisher.publish()
    #expect(try addresses("r7", in: publisher) == [[.a(IPv4Address(192, 0, 2, 7))]])
    #expect(try addresses("before", in: publisher).isEmpty)
    publisher.removeExpired(now: now.advanced(bySeconds: 89))
    #expect(try !addresses("r7", in: publisher).isEmpty)
    publisher.removeExpired(now: now.advanced(bySeconds: 90))
    #expect(try addresses("r7", in: publisher).isEmpty)
  }

  @Test func `new zones have the leases on record, and what became of them while they were read`() throws {
    let publisher = ZonePublisher(try zones(), names: names)
    publisher.apply([lease(1, hostname: "r1")], now: now)
    publisher.publish()
    publisher.replace(try zones(), names: names, now: now) { body in
      body(lease(1, hostname: "r1"))
      publisher.apply([lease(2, hostname: "r2"), lease(1, hostname: "r1", state: .released)], now: now)
      body(lease(3, hostname: "r3"))
    }
    #expect(try addresses("r1", in: publisher).isEmpty)
    #expect(try !addresses("r2", in: publisher).isEmpty && !addresses("r3", in: publisher).isEmpty)
  }

  @Test func `the service publishes by itself, soon`() async throws {
    let publisher = ZonePublisher(try zones(), names: names)
    let service = Task { try await publisher.run() }
    // The service takes leases away by the clock of today.
    let today = SteadyClock.now()
    publisher.apply([lease(7, hostname: "r7", seconds: today.seconds(since: now) + 3600)], now: today)
    for _ in 0..<6000 where try addresses("r7", in: publisher).isEmpty {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(try !addresses("r7", in: publisher).isEmpty)
    service.cancel()
    try await service.value
  }
}
