import Journey
import Net
import Store
import Synchronization
import Testing

@testable import Services

struct RouterHardwareTests {
  private func router(_ serial: String?, _ hardware: UInt64?) -> Router {
    Router(
      id: RouterID(rawValue: 1), hardware: hardware.map { MACAddress(rawValue: $0) }, serialNumber: serial,
      firstSeen: Timestamp(secondsSince1970: 1_800_000_000))
  }

  @Test func `the hardware of a serial number is that of the router on record, or of the one that informs`() {
    let known = RouterHardware([router("A1", 7), router("B2", nil), router(nil, 9)])
    #expect(known.hardware(ofSerialNumber: "a1") == MACAddress(rawValue: 7))
    #expect(known.hardware(ofSerialNumber: "B2") == nil)
    known.apply([.router(router("B2", 8)), .router(router(nil, 1)), .router(router("C3", nil))])
    #expect(known.hardware(ofSerialNumber: "B2") == MACAddress(rawValue: 8))
    #expect(known.hardware(ofSerialNumber: "C3") == nil)
  }

  @Test func `what is learned is told once, until it is other`() {
    let known = RouterHardware([router("A1", 7)])
    let told = Mutex<[UInt64]>([])
    known.onLearning { _, hardware in told.withLock { $0.append(hardware.rawValue) } }
    for hardware in [7, 7, 8, 8, 7] as [UInt64] { known.apply([.router(router("A1", hardware))]) }
    #expect(told.withLock { $0 } == [8, 7])
  }

  @Test func `a device that is not admitted takes no other one's place`() {
    func router(_ device: String, _ serial: String, _ hardware: UInt64) -> Router {
      var router = self.router(serial, hardware)
      router.device = device
      return router
    }
    let twin = "000FE2-a1"
    let known = RouterHardware([router("000FE2-A1", "A1", 7), router(twin, "a1", 9)]) { "\($0)" == twin }
    #expect(known.hardware(ofSerialNumber: "A1") == MACAddress(rawValue: 7))
    known.apply([.router(router(twin, "a1", 10))])
    #expect(known.hardware(ofSerialNumber: "A1") == MACAddress(rawValue: 7))
    known.apply([.router(router("000FE2-A1", "A1", 8))])
    #expect(known.hardware(ofSerialNumber: "a1") == MACAddress(rawValue: 8))
  }
}
