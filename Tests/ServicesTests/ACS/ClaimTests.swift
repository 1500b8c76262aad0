import CWMP
import DHCP
import Net
import Testing

@testable import Services

struct ClaimTests {
  private static let noon = Timestamp(secondsSince1970: 1_800_000_000)
  private static let address = IPv4Address(192, 0, 2, 10)
  private static let elsewhere = IPv4Address(192, 0, 2, 60)
  private static let hardware = MACAddress(rawValue: 0x000F_E200_0001)
  private static let other = MACAddress(rawValue: 0x000F_E200_0002)
  private static let port = RelayInformation(subOptions: [(1, [7]), (2, [1, 2])])

  private static func lease(_ hardware: MACAddress? = hardware, relay: [UInt8]? = nil) -> Lease {
    Lease(
      address: address, client: .identifier([1]), hardware: hardware, state: .bound, start: noon,
      expiry: noon.advanced(bySeconds: 60), relayInformation: relay)
  }

  private static func claim(_ change: (inout Claim) -> Void = { _ in }) -> Claim {
    var device = Device(
      id: DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "1"), manufacturer: "H3C", dataModel: .device,
      firstInform: noon)
    device.credentials = .confirmed(SealedCredentials(username: "u", secrets: [1]))
    device.usesOwn = true
    var claim = Claim(device: device, address: address, isReset: true, hardware: hardware, formerAddress: address)
    change(&claim)
    return claim
  }

  private func decide(
    _ claim: Claim, _ lease: Lease? = lease(), neighbor: MACAddress? = hardware, at now: Timestamp = noon
  ) -> Claim.Decision {
    claim.decision(at: now) { Claim.Place(lease: lease, neighbor: neighbor) }
  }

  @Test func `a router that was reset is known by the lease of its hardware address`() {
    #expect(decide(Self.claim()) == .taken(.lease))
    #expect(decide(Self.claim(), neighbor: nil) == .taken(.lease), "behind a router of the network")
  }

  @Test func `one that uses its own credentials has to say that it was reset`() {
    #expect(decide(Self.claim { $0.isReset = false }) == .held(.noReset))
    let never = Self.claim { ($0.isReset, $0.device.usesOwn) = (false, false) }
    #expect(decide(never) == .taken(.lease), "it may be of those that do not keep what they take")
  }

  @Test func `somebody else's lease or hardware address is no evidence, whatever else is right`() {
    #expect(decide(Self.claim(), Self.lease(Self.other)) == .held(.otherLease(of: Self.other, not: Self.hardware)))
    #expect(decide(Self.claim(), Self.lease(nil)) == .held(.otherLease(of: nil, not: Self.hardware)))
    #expect(decide(Self.claim(), neighbor: Self.other) == .held(.otherNeighbor(Self.other, not: Self.hardware)))
    #expect(
      decide(Self.claim(), nil, neighbor: Self.other) == .held(.otherNeighbor(Self.other, not: Self.hardware)))
    #expect(decide(Self.claim(), nil, neighbor: nil) == .held(.noLease(of: Self.hardware)))
    #expect(
      decide(Self.claim(), neighbor: nil, at: Self.noon.advanced(bySeconds: 61)) == .held(.noLease(of: Self.hardware)))
    #expect(decide(Self.claim { $0.hardware = nil }) == .held(.noHardware))
    #expect(decide(Self.claim { $0.address = nil }) == .held(.noAddress))
  }

  @Test func `without a lease here, its hardware address on the link speaks for it`() {
    #expect(decide(Self.claim(), nil) == .taken(.neighbor))
  }

  @Test func `through a relay it is to be at the port where it was`() {
    let relayed = Self.claim { $0.device.relayPort = Self.port.port }
    #expect(decide(relayed, Self.lease(relay: Self.port.bytes), neighbor: nil) == .taken(.relayPort))
    // What the relay says besides may be another each time.
    let more = Self.port.bytes + [8, 2, 9, 9]
    #expect(decide(relayed, Self.lease(relay: more), neighbor: nil) == .taken(.relayPort))
    let moved = RelayInformation(subOptions: [(1, [8]), (2, [1, 2])])
    #expect(decide(relayed, Self.lease(relay: moved.bytes), neighbor: nil) == .held(.otherPort))
    #expect(decide(relayed, Self.lease()) == .held(.otherPort), "it was behind a relay")
    #expect(decide(Self.claim(), Self.lease(relay: Self.port.bytes), neighbor: nil) == .held(.otherPort))
  }

  @Test func `before it has used its own, the address of its first session speaks for it where nothing else is known`()
  {
    let first = Self.claim { ($0.device.usesOwn, $0.hardware, $0.isReset) = (false, nil, false) }
    #expect(decide(first, nil, neighbor: nil) == .taken(.firstAddress))
    var moved = first
    moved.address = Self.elsewhere
    #expect(decide(moved, nil, neighbor: nil) == .held(.noHardware))
    var used = first
    (used.device.usesOwn, used.isReset) = (true, true)
    #expect(decide(used, nil, neighbor: nil) == .held(.noHardware))
  }

  @Test func `a person's word holds for the address that it names, for a day, whatever else is known`() {
    let approved = Self.claim {
      $0.device.approval = Approval(address: Self.elsewhere, moment: Self.noon)
      ($0.isReset, $0.address) = (false, Self.elsewhere)
    }
    #expect(decide(approved, nil, neighbor: Self.other) == .taken(.person))
    #expect(decide(approved, at: Self.noon.advanced(bySeconds: Approval.lifetime)) == .held(.noReset))
    var other = approved
    other.address = Self.address
    #expect(decide(other) == .held(.noReset))
  }

  @Test func `what is known of the place is not looked up where it decides nothing`() {
    let claims = [
      Self.claim { $0.isReset = false }, Self.claim { $0.address = nil }, Self.claim { $0.hardware = nil },
    ]
    for claim in claims {
      _ = claim.decision(at: Self.noon) {
        Issue.record("it was looked up")
        return Claim.Place()
      }
    }
  }
}

struct HeldWatchTests {
  private let watch = HeldWatch()
  private let noon = Timestamp(secondsSince1970: 1_800_000_000)

  private func device(_ serial: Int) -> DeviceID {
    DeviceID(oui: "000FE2", productClass: "", serialNumber: "\(serial)")
  }

  private func claim(of serial: Int, from host: Int) -> HeldWatch.Case {
    HeldWatch.Case(device: device(serial), party: .claimant(IPv4Address(rawValue: 0xC000_0200 + UInt32(host))))
  }

  @Test func `a claim that goes on is told once an hour, and all of one router eight times`() {
    #expect(watch.note(claim(of: 1, from: 1), "a", at: noon))
    for second in 1..<60 {
      #expect(!watch.note(claim(of: 1, from: 1), "b", at: noon.advanced(bySeconds: Int64(second))))
    }
    #expect(watch.present(at: noon).map(\.reason) == ["b"])
    #expect(watch.note(claim(of: 1, from: 1), "b", at: noon.advanced(bySeconds: HeldWatch.pause)))
    let told = (1...500).count { watch.note(claim(of: 2, from: $0), "a", at: noon) }
    #expect(told == HeldWatch.toldOfDevice)
  }

  @Test func `one host fills the list for nobody else, and the list has an end`() {
    for serial in 1...1000 { _ = watch.note(claim(of: serial, from: 1), "a", at: noon) }
    #expect(watch.present(at: noon).count == HeldWatch.limitOfParty)
    for host in 2...6000 { _ = watch.note(claim(of: 1, from: host), "a", at: noon.advanced(bySeconds: 1)) }
    let present = watch.present(at: noon.advanced(bySeconds: 1))
    #expect(present.count == HeldWatch.limit)
    #expect(present.contains { $0.held == claim(of: 1, from: 6000) })
    #expect(watch.present(at: noon.advanced(bySeconds: 1 + HeldWatch.window)).isEmpty)
  }

  @Test func `what a person is to decide is told in a few sentences, and what to do with each`() {
    _ = watch.note(claim(of: 1, from: 1), "it does not say that it was reset", at: noon)
    for serial in 1...9 { _ = watch.note(claim(of: serial, from: 2), "a", at: noon.advanced(bySeconds: 1)) }
    let twin = DeviceID(oui: "000FE2", productClass: "X", serialNumber: "a")
    _ = watch.note(HeldWatch.Case(device: device(5), party: .twin(twin)), "", at: noon.advanced(bySeconds: 2))
    for host in 3...9 { _ = watch.note(claim(of: 1, from: host), "a", at: noon.advanced(bySeconds: 3)) }
    let problems = watch.present(at: noon.advanced(bySeconds: 4)).problems {
      $0.rawValue & 1 == 1 ? MACAddress(rawValue: 1) : nil
    }
    #expect(problems.count == 6)
    #expect(
      problems[0]
        == "a host at 192.0.2.1 (00:00:00:00:00:01) claims to be router 000FE2-1 without the credentials that it has, and "
        + "is held: it does not say that it was reset; if that is the router after a reset, \"usher admit 000FE2-1 --from "
        + "192.0.2.1\" lets it start anew; if not, look for that host")
    #expect(problems[1].hasPrefix("a host at 192.0.2.2 claims to be 9 routers, 000FE2-"))
    #expect(problems[1].contains(" and 6 more, without the credentials that they have"))
    #expect(problems[2].contains("\"usher admit 000FE2-X-a\" gives the row to it"))
    #expect(problems[5].hasPrefix("5 more are held"))
    watch.remove(claim(of: 1, from: 1))
    watch.removeTwin(twin)
    #expect(!watch.present(at: noon.advanced(bySeconds: 4)).contains { $0.held.party == .twin(twin) })
  }
}
