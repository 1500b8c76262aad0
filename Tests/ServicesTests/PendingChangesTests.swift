import Journey
import Net
import Store
import Testing

@testable import Services

struct PendingChangesTests {
  private let now = Timestamp(secondsSince1970: 1000)
  private let address = IPv4Address(192, 0, 2, 7)

  private func router(_ number: Int64, hostname: String? = nil) -> Router {
    var router = Router(id: RouterID(rawValue: number), hardware: MACAddress(rawValue: UInt64(number)), firstSeen: now)
    router.hostname = hostname
    return router
  }

  private func event(_ number: Int64, _ fact: Fact) -> Event {
    Event(router: RouterID(rawValue: number), moment: now, fact: fact)
  }

  private func seen(_ router: Router) -> Correlation {
    Correlation(router: router.id, changed: [router])
  }

  private let discovered = Fact.discovered(vendorClass: nil, hostname: nil, relay: nil)

  @Test func `of a router that changed twice the newest record is written, before the events`() {
    var pending = PendingChanges()
    pending.add(seen(router(1)))
    pending.add(event(1, discovered))
    pending.add(seen(router(1, hostname: "branch")))
    #expect(pending.take() == [.router(router(1, hostname: "branch")), .event(event(1, discovered))])
    #expect(pending.isEmpty && pending.take() == [])
  }

  @Test func `a lease takes the place of the record and of the offer before it, and of nobody else's`() {
    var pending = PendingChanges()
    for number in [1, 2] as [Int64] {
      pending.add(seen(router(number)))
      pending.add(event(number, discovered))
      pending.add(event(number, .offered(address: address)))
    }
    pending.supersede(by: seen(router(1)))
    #expect(
      pending.take() == [
        .router(router(2)), .event(event(1, discovered)), .event(event(2, discovered)),
        .event(event(2, .offered(address: address))),
      ])
  }

  @Test func `what is merged or forgotten is not written as a router`() {
    var pending = PendingChanges()
    pending.add(seen(router(1)))
    pending.add(seen(router(2)))
    let merge = Merge(from: RouterID(rawValue: 2), into: RouterID(rawValue: 3))
    pending.add(Correlation(router: RouterID(rawValue: 3), merges: [merge], forgotten: [RouterID(rawValue: 1)]))
    #expect(pending.take() == [.merge(merge.from, into: merge.into), .forget(RouterID(rawValue: 1))])
  }

  @Test func `after a commit that failed, records come back where nothing newer is there, and events are lost`() {
    var pending = PendingChanges()
    pending.add(seen(router(1)))
    pending.add(seen(router(2)))
    pending.add(event(1, .offered(address: address)))
    let taken = pending.take()
    pending.add(seen(router(2, hostname: "newer")))
    pending.add(event(2, .offered(address: address)))
    let forget = Change.forget(RouterID(rawValue: 9))
    #expect(pending.restore(taken + [forget]) == 1)
    pending.supersede(by: Correlation(router: RouterID(rawValue: 2)))
    #expect(Set(pending.take()) == [.router(router(1)), .router(router(2, hostname: "newer")), forget])
  }
}
