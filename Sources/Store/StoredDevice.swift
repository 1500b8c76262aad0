package import CWMP
package import Net

/// A device's record as bytes, in which it is kept on the medium and in memory: a hundred thousand of them are held, and
/// one is read at each Inform.
///
/// Its first byte is the format. Fields are only ever added at the end: what an older version wrote lacks them, and they
/// have their defaults then.
package enum StoredDevice {
  private static let format: UInt8 = 2

  package static func encode(_ device: Device) -> [UInt8] {
    var writer = ByteWriter(reserving: 512)
    writer.write(format)
    writer.writeText(device.id.oui)
    writer.writeText(device.id.productClass)
    writer.writeText(device.id.serialNumber)
    writer.writeText(device.manufacturer)
    writer.write(UInt8(device.dataModel == .internetGatewayDevice ? 0 : 1))
    writer.writeText(device.softwareVersion)
    writer.writeText(device.hardwareVersion)
    writer.writeText(device.provisioningCode)
    writer.writeText(device.connectionRequestURL)
    writer.writeMoment(device.firstInform)
    writer.writeMoment(device.lastInform)
    writer.writeOptional(device.lastBoot) { $0.writeMoment($1) }
    writer.write(device.admission)
    writer.write(device.credentials)
    writer.writeCount(device.parameters.count)
    for fact in device.parameters {
      writer.writeText(fact.path)
      writer.writeText(fact.value)
      writer.writeMoment(fact.moment)
    }
    writer.writeOptional(device.transfer) { $0.write($1) }
    writer.writeOptional(device.reboot) { $0.write($1) }
    writer.writeText(device.configuration)
    writer.writeOptional(device.setback) { $0.write($1) }
    writer.writeOptional(device.verified) { writer, verification in
      writer.writeText(verification.fingerprint)
      writer.writeMoment(verification.moment)
    }
    writer.writeLater(device)
    return writer.bytes
  }

  /// Throws where the bytes are of another format, or cut short.
  package static func decode(_ bytes: [UInt8]) throws(StoredDeviceError) -> Device {
    guard let first = bytes.first, first == format else { throw .otherFormat(bytes.first) }
    var reader = ByteReader(bytes.span.bytes)
    do throws(ByteError) {
      try reader.skip(1)
      return try reader.readDevice()
    } catch {
      throw .damaged(error)
    }
  }
}

/// Why bytes are no record of a device.
package enum StoredDeviceError: Error, Hashable, Sendable, CustomStringConvertible {
  case otherFormat(UInt8?)
  case damaged(ByteError)

  package var description: String {
    switch self {
    case .otherFormat(let format?): "a device's record has the unknown format \(format)"
    case .otherFormat(nil): "a device's record is empty"
    case .damaged(let error): "a device's record is damaged: \(error)"
    }
  }
}

extension ByteWriter {
  /// The fields that versions after the first have added, in the order in which they came.
  fileprivate mutating func writeLater(_ device: Device) {
    writeOptional(device.discovered) { writer, discovered in
      writer.writeText(discovered.softwareVersion)
      writer.writeMoment(discovered.moment)
      writer.writeCount(discovered.count)
      writer.write(UInt8(discovered.byLevel ? 1 : 0))
    }
    writeText(device.udpConnectionRequestAddress)
    writeOptional(device.isNATDetected) { $0.write(UInt8($1 ? 1 : 0)) }
    write(device.habits.byte)
    writeOptional(device.stunRefusal) { writer, refusal in
      writer.writeText(refusal.softwareVersion)
      writer.writeCount(refusal.code)
    }
    writeOptional(device.relapse) { $0.write($1) }
    writeOptional(device.lastSet) { $0.write($1) }
    writeOptional(device.boots) { writer, boots in
      writer.writeCount(boots.count)
      writer.writeMoment(boots.start)
      writer.writeOptional(boots.lastSet) { $0.write($1) }
    }
    writeText(device.verified?.profile)
    write(device.drifts)
    writeText(device.doubtfulFile)
    write(UInt8(device.usesOwn ? 1 : 0))
    writeOptional(device.renewal) { $0.write($1) }
    writeOptional(device.relayPort) { writer, port in
      writer.writeCount(port.count)
      writer.write(port)
    }
    writeOptional(device.approval) { writer, approval in
      writer.write(approval.address.rawValue)
      writer.writeMoment(approval.moment)
    }
  }
}

extension ByteReader {
  @_lifetime(self: copy self)
  fileprivate mutating func readDevice() throws(ByteError) -> Device {
    let id = DeviceID(oui: try readText(), productClass: try readText(), serialNumber: try readText())
    let manufacturer = try readText()
    let dataModel: DataModel = try readUInt8() == 0 ? .internetGatewayDevice : .device
    let softwareVersion = try readOptionalText()
    let hardwareVersion = try readOptionalText()
    let provisioningCode = try readOptionalText()
    let connectionRequestURL = try readOptionalText()
    var device = Device(id: id, manufacturer: manufacturer, dataModel: dataModel, firstInform: try readMoment())
    device.softwareVersion = softwareVersion
    device.hardwareVersion = hardwareVersion
    device.provisioningCode = provisioningCode
    device.connectionRequestURL = connectionRequestURL
    device.lastInform = try readMoment()
    if try readFlag() { device.lastBoot = try readMoment() }
    device.admission = try readAdmission()
    device.credentials = try readCredentials()
    device.parameters = try readParameterFacts()
    if try readFlag() { device.transfer = try readTransfer() }
    if try readFlag() { device.reboot = try readReboot() }
    device.configuration = try readOptionalText()
    if try readFlag() { device.setback = try readSetback() }
    if try readFlag() {
      device.verified = Verification(fingerprint: try readText(), moment: try readMoment())
    }
    if !isAtEnd, try readFlag() {
      device.discovered = Discovered(
        softwareVersion: try readOptionalText(), moment: try readMoment(), count: try readCount(),
        byLevel: try readFlag())
    }
    if !isAtEnd { device.udpConnectionRequestAddress = try readOptionalText() }
    if !isAtEnd, try readFlag() { device.isNATDetected = try readFlag() }
    if !isAtEnd { device.habits = Habits(byte: try readUInt8()) }
    if !isAtEnd, try readFlag() {
      device.stunRefusal = STUNRefusal(softwareVersion: try readOptionalText(), code: try readCount())
    }
    if !isAtEnd, try readFlag() { device.relapse = try readRelapse() }
    if !isAtEnd, try readFlag() { device.lastSet = try readLastSet() }
    if !isAtEnd, try readFlag() {
      device.boots = BootSeries(
        count: try readCount(), start: try readMoment(), lastSet: try readFlag() ? try readLastSet() : nil)
    }
    if !isAtEnd {
      // Read also where there is nothing to put it into: others follow.
      let profile = try readOptionalText()
      device.verified?.profile = profile
    }
    if !isAtEnd { device.drifts = try readDrifts() }
    if !isAtEnd { device.doubtfulFile = try readOptionalText() }
    // Older versions did not tell those that were never used from others.
    device.usesOwn = try isAtEnd ? device.isSecured : readFlag()
    if !isAtEnd, try readFlag() { device.renewal = try readRenewal() }
    if !isAtEnd, try readFlag() { device.relayPort = try readBytes(readCount()) }
    if !isAtEnd, try readFlag() {
      device.approval = Approval(address: IPv4Address(rawValue: try readUInt32()), moment: try readMoment())
    }
    return device
  }

  @_lifetime(self: copy self)
  private mutating func readParameterFacts() throws(ByteError) -> [ParameterFact] {
    let count = max(0, try readCount())
    var facts: [ParameterFact] = []
    // Each takes ten bytes at least: a damaged count reserves no more than there can be.
    facts.reserveCapacity(min(count, remaining / 10))
    for _ in 0..<count {
      facts.append(ParameterFact(path: try readText(), value: try readText(), moment: try readMoment()))
    }
    return facts
  }
}

extension Habits {
  /// Of either habit 0 where it is unknown, then 1 or 2: one in units, the other in threes.
  fileprivate var byte: UInt8 {
    let booleans: UInt8 =
      switch booleans {
      case nil: 0
      case .digits?: 1
      case .words?: 2
      }
    let milliseconds: UInt8 =
      switch milliseconds {
      case nil: 0
      case false?: 1
      case true?: 2
      }
    return booleans + 3 * milliseconds
  }

  fileprivate init(byte: UInt8) {
    self.init(booleans: [nil, .digits, .words][Int(byte % 3)], milliseconds: [nil, false, true][Int(byte / 3 % 3)])
  }
}
