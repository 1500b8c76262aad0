import CWMP
import HTTP
import Net
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
}
