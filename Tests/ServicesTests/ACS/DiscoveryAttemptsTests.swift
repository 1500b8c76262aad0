import CWMP
import Net
import Provisioning
import Testing

@testable import Services

struct DiscoveryAttemptsTests {
  private func device(_ version: String) -> Device {
    let id = DeviceID(oui: "000FE2", productClass: "MSR", serialNumber: "1")
    var device = Device(id: id, manufacturer: "H3C", dataModel: .device, firstInform: Timestamp(rawValue: 0))
    device.softwareVersion = version
    return device
  }

  @Test func `a reading that is broken off three times is not begun again, until the software is another`() {
    let attempts = DiscoveryAttempts()
    #expect((0..<5).map { _ in attempts.begin(device("7.1")) } == [0, 1, 2, nil, nil])
    #expect(attempts.begin(device("7.2")) == 0)
  }

  @Test func `one that is ended begins the count anew`() {
    let attempts = DiscoveryAttempts()
    _ = attempts.begin(device("7.1"))
    attempts.end(device("7.1").id)
    #expect(attempts.begin(device("7.1")) == 0)
  }
}
