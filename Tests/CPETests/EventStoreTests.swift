import CPE
import CWMP
import Testing

struct EventStoreTests {
  @Test func `single events are there once, M events each time, in the order of the standard`() {
    var store = EventStore()
    store.add(.rebootMethod, commandKey: "a")
    store.add(.periodic)
    store.add(.boot)
    store.add(.periodic)
    store.add(.rebootMethod, commandKey: "b")
    #expect(
      store.informed == [
        InformEvent(.boot), InformEvent(.periodic), InformEvent(.rebootMethod, commandKey: "a"),
        InformEvent(.rebootMethod, commandKey: "b"),
      ])
  }

  @Test func `a BOOTSTRAP drops what was not delivered, but not the BOOT`() {
    var store = EventStore()
    store.add(.boot)
    store.add(.valueChange)
    store.add(.downloadMethod, commandKey: "k")
    store.add(.bootstrap)
    #expect(store.informed.map(\.code) == [.bootstrap, .boot])
  }

  @Test func `the InformResponse delivers what was in the Inform, and not what came after`() {
    var store = EventStore()
    store.add(.boot)
    store.add(.transferComplete)
    store.add(.downloadMethod, commandKey: "k")
    let informed = store.informed
    store.add(.periodic)
    store.delivered(informed)
    #expect(store.informed.map(\.code) == [.periodic, .transferComplete, .downloadMethod])
  }

  @Test func `7 TRANSFER COMPLETE stays until the last transfer is acknowledged`() {
    var store = EventStore()
    store.add(.transferComplete)
    store.add(.downloadMethod, commandKey: "a")
    store.add(.uploadMethod, commandKey: "b")
    store.transferAcknowledged(.downloadMethod, commandKey: "a", isLast: false)
    #expect(store.informed.map(\.code) == [.transferComplete, .uploadMethod])
    store.transferAcknowledged(.uploadMethod, commandKey: "b", isLast: true)
    #expect(store.isEmpty)
  }

  @Test func `a restart loses BOOT, VALUE CHANGE and CONNECTION REQUEST and nothing else`() {
    var store = EventStore()
    let codes: [EventCode] = [
      .bootstrap, .boot, .periodic, .scheduled, .valueChange, .connectionRequest, .transferComplete, .rebootMethod,
      .downloadMethod,
    ]
    for code in codes { store.add(code) }
    store.restarted()
    #expect(
      store.informed.map(\.code)
        == [.bootstrap, .periodic, .scheduled, .transferComplete, .rebootMethod, .downloadMethod])
  }

  @Test func `a failed session loses the connection request`() {
    var store = EventStore()
    store.add(.connectionRequest)
    store.add(.periodic)
    store.sessionFailed()
    #expect(store.informed.map(\.code) == [.periodic])
  }

  @Test func `an Inform has 64 events at most`() {
    var store = EventStore()
    for number in 0..<100 { store.add(.rebootMethod, commandKey: "\(number)") }
    #expect(store.informed.count == 64)
  }
}
