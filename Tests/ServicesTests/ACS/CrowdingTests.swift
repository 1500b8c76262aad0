import CWMP
import Journey
import Net
import Provisioning
import Testing

@testable import Services

/// What one address, or everybody together, may take of the ACS.
struct CrowdingTests {
  private let noon = Timestamp(rawValue: 1_800_000_000_000)
  private let address = IPv4Address(192, 0, 2, 7)

  private func session(_ number: Int, at address: IPv4Address) -> ACSSession {
    let id = DeviceID(oui: "000FE2", productClass: "MSR", serialNumber: "S\(number)")
    return ACSSession(
      id: "s\(number)", router: RouterID(rawValue: Int64(number)), address: address, connection: UInt64(number),
      session: CWMP.Session(),
      device: Device(id: id, manufacturer: "H3C", dataModel: .device, firstInform: noon), start: noon)
  }

  @Test func `an address has so many sessions under way at most, and another address has its own`() {
    let table = SessionTable()
    for number in 1..<SessionTable.servedAtOnceOfAddress { #expect(table.put(session(number, at: address))) }
    #expect(!table.isCrowded(address))
    #expect(table.put(session(5000, at: address)))
    #expect(table.isCrowded(address))
    #expect(!table.isCrowded(IPv4Address(192, 0, 2, 8)))
  }

  @Test func `a session that ends, falls silent or is forgotten makes room for another of its address`() {
    let table = SessionTable()
    for number in 1...SessionTable.servedAtOnceOfAddress { #expect(table.put(session(number, at: address))) }
    guard case .session(var first) = table.take(cookie: "s1", connection: 0, from: address, binding: .exact) else {
      Issue.record("the session is gone")
      return
    }
    first.session.finish()
    #expect(table.put(first))
    #expect(!table.isCrowded(address))
    table.removeEnded(at: noon.advanced(bySeconds: SessionTable.endedKept))
    #expect(table.put(session(5000, at: address)))
    #expect(table.isCrowded(address))
    guard case .session(let second) = table.take(cookie: "s2", connection: 0, from: address, binding: .exact) else {
      Issue.record("the session is gone")
      return
    }
    table.end(second)
    #expect(!table.isCrowded(address))
    #expect(table.removeSilent(at: noon.advanced(bySeconds: 60)).count == SessionTable.servedAtOnceOfAddress - 1)
    #expect(table.count == 0)
    for number in 1..<SessionTable.servedAtOnceOfAddress { #expect(table.put(session(number, at: address))) }
    #expect(!table.isCrowded(address))
  }

  @Test func `an address brings 4,096 new devices within an hour, another one its own, and more after the hour`() {
    let newcomers = Newcomers()
    for _ in 0..<Newcomers.limit { #expect(newcomers.admit(from: address, at: noon)) }
    #expect(!newcomers.admit(from: address, at: noon.advanced(bySeconds: 3599)))
    #expect(newcomers.admit(from: IPv4Address(192, 0, 2, 8), at: noon))
    #expect(newcomers.admit(from: address, at: noon.advanced(bySeconds: 3600)))
  }

  @Test func `transcripts take no more than their room, which a session gives back when it is gone`() {
    let room = TranscriptRoom(limit: 100)
    var first: TranscriptRoom.Place? = TranscriptRoom.Place(in: room)
    let second = TranscriptRoom.Place(in: room)
    #expect(first?.take(60) == true)
    #expect(!second.take(60))
    #expect(second.take(40))
    first = nil
    #expect(room.bytes == 40)
    #expect(second.take(60))
  }

  @Test func `quarantined devices are counted until somebody admits them`() {
    let directory = DeviceDirectory()
    var device = session(1, at: address).device
    device.admission = .quarantined(reason: "unknown")
    directory.apply([.device(device)])
    directory.apply([.device(device)])
    #expect(directory.quarantined == 1)
    device.admission = .admitted(by: Admission.person)
    directory.apply([.device(device)])
    #expect(directory.quarantined == 0)
  }
}
