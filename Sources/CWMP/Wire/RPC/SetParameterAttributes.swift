import XML

/// SetParameterAttributes (TR-069 annex A.3.2.4): all of the attributes or none. Its response has no arguments.
package struct SetParameterAttributes: Hashable, Sendable {
  /// At least one.
  package var parameters: [AttributeChange]

  package init(parameters: [AttributeChange]) {
    self.parameters = parameters
  }

  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    parameters = []
    for entry in element.entries(of: "ParameterList", &warnings) {
      parameters.append(AttributeChange(decoding: entry, &warnings))
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.array("ParameterList", of: "cwmp:SetParameterAttributesStruct", parameters) { $1.encode(into: &$0) }
  }
}

/// SetParameterAttributesStruct.
package struct AttributeChange: Hashable, Sendable {
  /// At most 256 characters; one that ends in a dot means all below it.
  package var path: String
  /// Nil leaves it as it is.
  package var notification: Notification?
  /// Who besides the ACS may write: `Subscriber`, or nobody. Nil leaves it as it is.
  package var accessList: [String]?

  package init(path: String, notification: Notification? = nil, accessList: [String]? = nil) {
    self.path = path
    self.notification = notification
    self.accessList = accessList
  }

  /// What is not to be changed stands in the message all the same; it is not looked at.
  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    path = element.word(of: "Name", &warnings)
    if element.boolean(of: "NotificationChange", default: false, &warnings) {
      notification = Notification(decoding: element, &warnings)
    }
    if element.boolean(of: "AccessListChange", default: false, &warnings) {
      accessList = element.entries(of: "AccessList", &warnings).map { $0.text.trimmed }
    }
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("SetParameterAttributesStruct") { writer in
      writer.element("Name", text: path)
      writer.element("NotificationChange", boolean: notification != nil)
      (notification ?? .off).encode(into: &writer)
      writer.element("AccessListChange", boolean: accessList != nil)
      writer.array("AccessList", of: "xsd:string", accessList ?? []) { $0.element("string", text: $1) }
    }
  }
}

/// How a CPE tells of a parameter's changes (TR-069 table "SetParameterAttributesStruct").
package struct Notification: RawRepresentable, Hashable, Sendable, Codable {
  package let rawValue: Int

  package init(rawValue: Int) {
    self.rawValue = rawValue
  }

  package static let off = Notification(rawValue: 0)
  /// With the next Inform, whatever it is sent for.
  package static let passive = Notification(rawValue: 1)
  /// With an Inform of its own.
  package static let active = Notification(rawValue: 2)
  package static let passiveLightweight = Notification(rawValue: 3)
  package static let passiveAndPassiveLightweight = Notification(rawValue: 4)
  package static let activeLightweight = Notification(rawValue: 5)
  package static let passiveAndActiveLightweight = Notification(rawValue: 6)

  /// From 3 on it is for CPEs that speak CWMP 1.4.
  package static let range = 0...6

  /// As an operator says it; a number where there is no word.
  package var word: String {
    ["off", "passive", "active"].indices.contains(rawValue) ? ["off", "passive", "active"][rawValue] : "\(rawValue)"
  }
}

extension Notification {
  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    rawValue = element.integer(of: "Notification", default: Self.off.rawValue, &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("Notification", number: rawValue)
  }
}
