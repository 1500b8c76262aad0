import CWMP
import HTTP
import Net
import Provisioning
import Store
import Testing
import Transport

@testable import Services

struct DeviceDirectoryTests {
  private let directory = DeviceDirectory()
  private let basis = DeviceDirectory.Basis(site: 1, hardware: nil, address: IPv4Address("192.0.2.20"))

  private var device: Device {
    Device(
      id: DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "1"), manufacturer: "H3C",
      dataModel: .internetGatewayDevice, firstInform: Timestamp(rawValue: 1000))
  }

  @Test func `a plan that came to its end stays there as long as nothing that it follows from changes`() {
    directory.apply([.device(device)])
    #expect(!directory.isDone(device.id, on: basis))
    directory.noteDone(device, on: basis)
    directory.apply([.contact(device.id, Timestamp(rawValue: 2000))])
    #expect(directory.isDone(device.id, on: basis))
    let others = [
      DeviceDirectory.Basis(site: 2, hardware: nil, address: basis.address),
      DeviceDirectory.Basis(site: 1, hardware: MACAddress("00:0f:e2:00:00:01"), address: basis.address),
      DeviceDirectory.Basis(site: 1, hardware: nil, address: nil),
      DeviceDirectory.Basis(site: 1, hardware: nil, address: basis.address, seen: basis.address),
      DeviceDirectory.Basis(site: 1, hardware: nil, address: basis.address, reached: basis.address),
    ]
    for other in others { #expect(!directory.isDone(device.id, on: other)) }
    var changed = device
    changed.softwareVersion = "7.2"
    directory.apply([.device(changed)])
    #expect(!directory.isDone(device.id, on: basis))
  }

  @Test func `the end of a plan that followed from a former record is not noted`() {
    var changed = device
    changed.softwareVersion = "7.2"
    directory.apply([.device(changed)])
    directory.noteDone(device, on: basis)
    #expect(!directory.isDone(device.id, on: basis))
    // Only when it came last is no part of what it follows from.
    changed.lastInform = Timestamp(rawValue: 3000)
    directory.noteDone(changed, on: basis)
    #expect(directory.isDone(device.id, on: basis))
  }

  @Test func `the key of a password is kept for as long as the device has those credentials`() {
    let credentials = SealedCredentials(username: "own", secrets: [1, 2, 3])
    let key = DigestKey(username: "own", realm: "usher", password: "p", hashes: .crypto)
    directory.note(key, of: credentials, of: device.id)
    var device = device
    device.credentials = .proposed(credentials)
    directory.apply([.device(device)])
    #expect(directory.login(username: "own")?.device == device && directory.login(username: "own")?.key == nil)
    directory.note(key, of: SealedCredentials(username: "own", secrets: [4]), of: device.id)
    #expect(directory.login(username: "own")?.key == nil)
    directory.note(key, of: credentials, of: device.id)
    directory.apply([.contact(device.id, Timestamp(rawValue: 2000))])
    #expect(directory.login(username: "own")?.key == key)
    device.credentials = .confirmed(SealedCredentials(username: "own", secrets: [4]))
    directory.apply([.device(device)])
    #expect(directory.login(username: "own")?.key == nil && directory.login(username: "other") == nil)
  }

  @Test func `a device that is not on record is not done`() {
    directory.noteDone(device, on: basis)
    #expect(!directory.isDone(device.id, on: basis))
  }

  // MARK: - Rows of the inventory

  private func device(
    _ serial: String, oui: String = "000FE2", class productClass: String = "MSR36", at second: Int64 = 1,
    _ change: (inout Device) -> Void = { $0.admission = .admitted(by: "the inventory") }
  ) -> Device {
    var device = Device(
      id: DeviceID(oui: oui, productClass: productClass, serialNumber: serial), manufacturer: "H3C",
      dataModel: .internetGatewayDevice, firstInform: Timestamp(rawValue: second * 1000))
    change(&device)
    return device
  }

  private let row = Inventory.Row(serialNumber: "A1", line: 2)

  @Test func `a row is its that has the best right to it, and of several, its that came first`() {
    #expect(directory.holder(of: row, serialNumber: "A1") == nil)
    let first = device("A1", at: 5)
    directory.apply([.device(first), .device(device("B1")), .device(device("a1", at: 1) { _ in })])
    #expect(directory.holder(of: row, serialNumber: "a1") == first.id, "who was never admitted has no right")
    directory.apply([.device(device("a1 ", at: 6)), .device(device("A1", oui: "00E0FC", at: 7))])
    #expect(directory.holder(of: row, serialNumber: "A1") == first.id)
    let person = device("A1", class: "X", at: 9) { $0.admission = .admitted(by: Admission.person) }
    directory.apply([.device(person)])
    #expect(directory.holder(of: row, serialNumber: "A1") == person.id)
    let other = Inventory.Row(serialNumber: "A1", oui: "00E0FC", line: 3)
    #expect(directory.holder(of: other, serialNumber: "A1")?.oui == "00E0FC")
    #expect(directory.holder(of: Inventory.Row(hardware: MACAddress(rawValue: 1)), serialNumber: "A1") == nil)
  }

  @Test func `a device that is no longer admitted keeps its row while it has credentials of its own`() {
    let former = device("A1", at: 5) {
      $0.admission = .quarantined(reason: "not approved")
      $0.credentials = .confirmed(SealedCredentials(username: "u", secrets: [1]))
    }
    directory.apply([.device(device("a1", at: 1) { _ in }), .device(former)])
    #expect(directory.holder(of: row, serialNumber: "a1") == former.id)
  }

  @Test func `any number of strangers with a serial number do not hide who has its row`() {
    for number in 0..<1000 { directory.apply([.device(device("A1", class: "\(number)") { _ in })]) }
    let real = device("a1", at: 2000)
    #expect(directory.twins(of: real.id).count == SerialNumbers.strangersKept)
    // It was among those that are not remembered, and is admitted later.
    directory.apply([.device(device("a1", at: 2000) { _ in })])
    directory.apply([.device(real)])
    #expect(directory.holder(of: row, serialNumber: "A1") == real.id)
  }

  @Test func `to find a twin takes no longer with a hundred thousand devices on record`() {
    func time(_ count: Int) -> Duration {
      let directory = DeviceDirectory()
      directory.apply((0..<count).map { .device(device("S\($0)")) })
      let twins = (0..<200).map { Change.device(device("s\($0)", class: "X")) }
      return ContinuousClock().measure { for twin in twins { directory.apply([twin]) } }
    }
    // By a search of all, it is a thousand times as long.
    let (few, many) = (time(200), time(100_000))
    #expect(many < few * 100, "\(few) and \(many)")
  }
}
