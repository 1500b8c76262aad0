import CWMP
import Net
import Store
import Testing

struct StoredDeviceTests {
  private static let noon = Timestamp(rawValue: 1_800_000_000_000)

  private static var full: Device {
    var device = Device(
      id: DeviceID(oui: "000FE2", productClass: "MSR 36-20", serialNumber: "ü-1"), manufacturer: "H3C",
      dataModel: .device, firstInform: noon)
    device.softwareVersion = "7.1.064, Release 0821P20"
    device.hardwareVersion = ""
    device.provisioningCode = "\u{0}\u{FFFD}"
    device.connectionRequestURL = String(repeating: "x", count: 300)
    device.lastInform = noon.advanced(bySeconds: -1)
    device.lastBoot = Timestamp(rawValue: -5)
    device.admission = .quarantined(reason: "no")
    device.credentials = .proposed(SealedCredentials(username: "u", secrets: [0, 255]))
    device.parameters = (0..<200).map { ParameterFact(path: "Device.\($0)", value: "<\($0)>", moment: noon) }
    device.transfer = Transfer(
      commandKey: "k", fileType: "3", fileName: "f", digest: "d", moment: noon, state: .failed(code: -1, text: "no"),
      attempt: 70_000)
    device.reboot = Reboot(commandKey: "r", moment: noon, state: .done, attempt: 2)
    device.configuration = "d"
    device.setback = Setback(
      kind: .refused(method: "Download", path: nil, code: 9010, text: "t"), fingerprint: "f", attempt: 3, moment: noon)
    device.verified = Verification(fingerprint: "f", moment: noon, profile: "branch")
    device.relapse = Relapse(count: 2, moment: noon, isDoubted: true, isLeft: false)
    device.lastSet = LastSet("the parameter Device.A", moment: noon)
    device.boots = BootSeries(count: 9, start: noon, lastSet: LastSet("the file \"a\"", moment: noon))
    device.drifts = [Drift(path: "Device.A", wanted: "1", found: ""), Drift(path: "Device.B", wanted: "", found: "x")]
    device.doubtfulFile = "a.cfg"
    device.udpConnectionRequestAddress = "192.0.2.9:3478"
    device.isNATDetected = true
    device.stunRefusal = STUNRefusal(softwareVersion: "7", code: 9005)
    device.discovered = Discovered(softwareVersion: "7", moment: noon, count: 300, byLevel: true)
    device.habits = Habits(booleans: .words, milliseconds: false)
    device.usesOwn = true
    device.renewal = .proposed(SealedCredentials(username: "u", secrets: [1]))
    device.relayPort = [1, 1, 7]
    device.approval = Approval(address: IPv4Address(192, 0, 2, 60), moment: noon)
    return device
  }

  @Test func `a record that was written is read back whole`() throws {
    var device = Self.full
    #expect(try StoredDevice.decode(StoredDevice.encode(device)) == device)
    device.setback = Setback(
      kind: .mismatched(path: "p", wanted: "a", found: ""), fingerprint: "f", attempt: 1, moment: Self.noon)
    device.credentials = .confirmed(SealedCredentials(username: "", secrets: []))
    device.renewal = .accepted(SealedCredentials(username: "", secrets: []))
    device.relayPort = []
    device.admission = .admitted(by: "a person")
    device.transfer?.state = .accepted
    device.reboot = nil
    device.verified = nil
    device.discovered = nil
    device.habits = Habits(milliseconds: true)
    #expect(try StoredDevice.decode(StoredDevice.encode(device)) == device)
    let bare = Device(id: device.id, manufacturer: "", dataModel: .internetGatewayDevice, firstInform: Self.noon)
    #expect(try StoredDevice.decode(StoredDevice.encode(bare)) == bare)
  }

  @Test func `no field of a device is left out of these tests`() {
    for child in Mirror(reflecting: Self.full).children {
      let value = Mirror(reflecting: child.value)
      #expect(value.displayStyle != .optional || !value.children.isEmpty, "\(child.label ?? "")")
    }
  }

  /// Takes away what versions after the first have added, the newest first.
  private static let laterFields: [@Sendable (inout Device) -> Void] = [
    { $0.approval = nil }, { $0.relayPort = nil }, { $0.renewal = nil }, { $0.usesOwn = false },
    { $0.doubtfulFile = nil }, { $0.drifts = [] }, { $0.verified?.profile = nil }, { $0.boots = nil },
    { $0.lastSet = nil }, { $0.relapse = nil },
    { $0.stunRefusal = nil }, { $0.habits = Habits() }, { $0.isNATDetected = nil },
    { $0.udpConnectionRequestAddress = nil }, { $0.discovered = nil },
  ]

  @Test func `a record that is cut short anywhere is refused with its place`() {
    let bytes = StoredDevice.encode(Self.full)
    // Where the fields of an older version end, such a record ends rightly.
    var older = Self.full
    var ends: [Int] = []
    // Newest first; what is absent takes one byte.
    for (number, drop) in Self.laterFields.enumerated() {
      drop(&older)
      ends.append(StoredDevice.encode(older).count - number - 1)
    }
    for count in 1..<bytes.count where !ends.contains(count) {
      #expect(throws: StoredDeviceError.self, "\(count)") { try StoredDevice.decode(Array(bytes.prefix(count))) }
    }
    #expect(throws: StoredDeviceError.damaged(.truncated(at: 2, needed: 6))) {
      try StoredDevice.decode(Array(bytes.prefix(2)))
    }
  }

  @Test func `of an older record, credentials that were confirmed and never given up count as used`() throws {
    func read(_ change: (inout Device) -> Void) throws -> Device {
      var device = Device(
        id: Self.full.id, manufacturer: "", dataModel: .device, firstInform: Self.noon)
      device.credentials = .confirmed(SealedCredentials(username: "u", secrets: [1]))
      change(&device)
      // The four fields that it did not have.
      return try StoredDevice.decode(Array(StoredDevice.encode(device).dropLast(4)))
    }
    #expect(try read { _ in }.usesOwn)
    #expect(
      try !read { $0.relapse = Relapse(count: 1, moment: Self.noon, isDoubted: true, isLeft: false) }.usesOwn)
    #expect(try !read { $0.credentials = .bootstrap }.usesOwn)
  }

  @Test func `a record of another format is refused`() {
    #expect(throws: StoredDeviceError.otherFormat(3)) { try StoredDevice.decode([3, 0]) }
    #expect(throws: StoredDeviceError.otherFormat(nil)) { try StoredDevice.decode([]) }
  }
}
