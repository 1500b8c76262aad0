import CWMP
import Journey
import Net
import Testing

@testable import Services

/// What is bound to where a router's session began.
struct AddressBindingTests {
  private let noon = Timestamp(rawValue: 1_800_000_000_000)
  private let home = IPv4Address(192, 0, 2, 7)
  private let near = IPv4Address(192, 0, 2, 8)
  private let far = IPv4Address(198, 51, 100, 7)
  private let device = DeviceID(oui: "000FE2", productClass: "MSR", serialNumber: "S")

  private var session: ACSSession {
    ACSSession(
      id: "s", router: RouterID(rawValue: 1), address: home, connection: 1, session: CWMP.Session(),
      device: Device(id: device, manufacturer: "H3C", dataModel: .device, firstInform: noon), start: noon)
  }

  private func isForeign(_ finding: SessionTable.Finding) -> Bool {
    if case .foreign(let place) = finding { return place == .init(router: RouterID(rawValue: 1), address: home) }
    return false
  }

  @Test func `a binding holds for the address, or for its network`() {
    #expect(AddressBinding.exact.holds(home, home) && !AddressBinding.exact.holds(home, near))
    let network = AddressBinding(bits: 24)
    #expect(network.holds(home, near) && !network.holds(home, far))
    #expect(!network.holds(home, nil) && !network.holds(nil, home) && network.holds(nil, nil))
    #expect(network.place(of: home) == "192.0.2.0/24" && AddressBinding.exact.place(of: home) == "192.0.2.7")
  }

  @Test func `a POST from elsewhere leaves the session where it is`() {
    let table = SessionTable()
    #expect(table.put(session))
    #expect(isForeign(table.take(cookie: "s", connection: 9, from: near, binding: .exact)))
    #expect(isForeign(table.take(cookie: "s", connection: 9, from: nil, binding: .exact)))
    #expect(isForeign(table.take(cookie: "s", connection: 9, from: far, binding: AddressBinding(bits: 24))))
    guard case .session = table.take(cookie: "s", connection: 9, from: near, binding: AddressBinding(bits: 24)) else {
      Issue.record("the router is not let go on")
      return
    }
  }

  @Test func `a session that is over is none for who has another address by now`() {
    let table = SessionTable()
    var session = session
    session.session.finish()
    #expect(table.put(session))
    guard case .none = table.take(cookie: "s", connection: 9, from: near, binding: .exact) else {
      Issue.record("a session that is over was found")
      return
    }
    guard case .session = table.take(cookie: "s", connection: 9, from: home, binding: .exact) else {
      Issue.record("the session is gone")
      return
    }
  }

  @Test func `a transfer has so many fetches, in whole and in part, and the next has its own`() {
    let count = FetchCount()
    for _ in 0..<FetchCount.wholes { #expect(count.take("k-1", of: device, isPart: false)) }
    #expect(!count.take("k-1", of: device, isPart: false))
    for _ in 0..<FetchCount.parts { #expect(count.take("k-1", of: device, isPart: true)) }
    #expect(!count.take("k-1", of: device, isPart: true))
    #expect(count.take("k-2", of: device, isPart: false))
    // What is counted is not forgotten by the next few thousands.
    for number in 0..<FetchCount.limit / 2 { #expect(count.take("n-\(number)", of: device, isPart: false)) }
    #expect(!count.take("k-1", of: device, isPart: false))
  }

  @Test func `what is refused again is told again after ten minutes, and each router has its own`() {
    let watch = StrangerWatch()
    let (one, two) = (RouterID(rawValue: 1), RouterID(rawValue: 2))
    #expect(watch.isNews("session", of: one, at: noon))
    #expect(!watch.isNews("session", of: one, at: noon.advanced(bySeconds: 599)))
    #expect(watch.isNews("again", of: one, at: noon) && watch.isNews("session", of: two, at: noon))
    #expect(watch.isNews("session", of: one, at: noon.advanced(bySeconds: 600)))
  }
}
