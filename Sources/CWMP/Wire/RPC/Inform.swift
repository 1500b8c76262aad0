package import Net
import XML

/// Inform (TR-069 annex A.3.3.1): the first message of every session.
package struct Inform: Hashable, Sendable {
  package var manufacturer: String
  package var device: DeviceID
  /// At most 64. May be empty, though the standard wants one.
  package var events: [InformEvent]
  package var maxEnvelopes: Int
  /// The CPE's clock; nil where it does not know the time.
  package var currentTime: Timestamp?
  /// How often this session has been tried before.
  package var retryCount: Int
  package var parameters: [ParameterValue]

  package static let eventLimit = 64
  /// Bytes of each text that names the device, at most: the standard's 64 characters, and room for those who do not
  /// count.
  package static let identityLimit = 256

  package init(
    manufacturer: String, device: DeviceID, events: [InformEvent], maxEnvelopes: Int = 1, currentTime: Timestamp?,
    retryCount: Int = 0, parameters: [ParameterValue]
  ) {
    self.manufacturer = manufacturer
    self.device = device
    self.events = events
    self.maxEnvelopes = maxEnvelopes
    self.currentTime = currentTime
    self.retryCount = retryCount
    self.parameters = parameters
  }
}

extension Inform {
  package func has(_ code: EventCode) -> Bool {
    events.contains { $0.code == code }
  }

  /// Whether the CPE has started since its last session, or says that it did what only a start does.
  package var isBoot: Bool { has(.boot) || has(.bootstrap) || has(.rebootMethod) }

  /// The root of its data model, as the paths of its parameters show it; nil where they show neither.
  package var dataModel: DataModel? {
    for parameter in parameters {
      if parameter.path.hasPrefix(DataModel.internetGatewayDevice.rawValue) { return .internetGatewayDevice }
      if parameter.path.hasPrefix(DataModel.device.rawValue) { return .device }
    }
    return nil
  }

  /// The value of the parameter at this path below the root, such as `DeviceInfo.SoftwareVersion`.
  package func value(of path: String) -> String? {
    guard let root = dataModel?.rawValue else { return nil }
    return parameters.first { $0.path == root + path }?.value
  }
}

extension Inform {
  init(decoding element: XMLElement, _ warnings: inout Warnings) throws(EnvelopeError) {
    guard let id = element.child("DeviceId") else { throw .missing("Inform.DeviceId", line: element.line) }
    manufacturer = id.text(of: "Manufacturer", limit: Self.identityLimit, &warnings).trimmed
    let oui = id.child("OUI")?.text.trimmed ?? ""
    guard !oui.isEmpty else { throw .missing("Inform.DeviceId.OUI", line: id.line) }
    if oui.utf8.count != 6 || !oui.utf8.allSatisfy(Hexadecimal.isDigit) {
      warnings.add(.illegalValue(element: "Inform.DeviceId.OUI", text: oui.shortened))
    }
    let productClass = id.word(of: "ProductClass", &warnings)
    let serialNumber = id.child("SerialNumber")?.text.trimmed ?? ""
    guard !serialNumber.isEmpty else { throw .missing("Inform.DeviceId.SerialNumber", line: id.line) }
    for (name, text) in [("OUI", oui), ("ProductClass", productClass), ("SerialNumber", serialNumber)]
    where text.utf8.count > Self.identityLimit {
      throw .tooLong("Inform.DeviceId.\(name)", limit: Self.identityLimit, line: id.line)
    }
    device = DeviceID(oui: oui, productClass: productClass, serialNumber: serialNumber)

    let entries = element.entries(of: "Event", &warnings)
    if entries.count > Self.eventLimit { warnings.add(.tooMany(element: "Inform.Event", limit: Self.eventLimit)) }
    events = []
    for entry in entries.prefix(Self.eventLimit) { events.append(InformEvent(decoding: entry, &warnings)) }
    maxEnvelopes = element.number(of: "MaxEnvelopes", default: 1, &warnings)
    currentTime = element.moment(of: "CurrentTime", &warnings)
    retryCount = element.number(of: "RetryCount", default: 0, &warnings)
    parameters = []
    let list = element.entries(of: "ParameterList", &warnings)
    parameters.reserveCapacity(list.count)
    for entry in list {
      parameters.append(ParameterValue(decoding: entry, &warnings))
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("DeviceId") { writer in
      writer.element("Manufacturer", text: manufacturer)
      writer.element("OUI", text: device.oui)
      writer.element("ProductClass", text: device.productClass)
      writer.element("SerialNumber", text: device.serialNumber)
    }
    writer.array("Event", of: "cwmp:EventStruct", events) { $1.encode(into: &$0) }
    writer.element("MaxEnvelopes", number: maxEnvelopes)
    writer.element("CurrentTime", text: DateTime.encode(currentTime))
    writer.element("RetryCount", number: retryCount)
    writer.array("ParameterList", of: "cwmp:ParameterValueStruct", parameters) { $1.encode(into: &$0) }
  }
}

extension InformEvent {
  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    let text = element.text(of: "EventCode", limit: Self.textLimit, &warnings).trimmed
    self.init(
      EventCode(meant: text), commandKey: element.text(of: "CommandKey", limit: Self.textLimit, &warnings))
    if code.rawValue != text { warnings.add(.unusualEvent(text.shortened)) }
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("EventStruct") { writer in
      writer.element("EventCode", text: code.rawValue)
      writer.element("CommandKey", text: commandKey)
    }
  }
}

/// The ACS has taken the Inform: its events need not be sent again.
package struct InformResponse: Hashable, Sendable {
  /// 1; other values have no meaning anymore.
  package var maxEnvelopes: Int

  package init(maxEnvelopes: Int = 1) {
    self.maxEnvelopes = maxEnvelopes
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    maxEnvelopes = element.number(of: "MaxEnvelopes", default: 1, &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("MaxEnvelopes", number: maxEnvelopes)
  }
}
