/// A parameter with a value, as ParameterValueStruct carries it (TR-069 table "ParameterValueStruct").
package struct ParameterValue: Hashable, Sendable, Codable {
  /// The full path, such as `InternetGatewayDevice.ManagementServer.PeriodicInformInterval`.
  package var path: String
  /// The text of the value, unescaped.
  package var value: String
  package var type: ValueType

  package init(path: String, value: String, type: ValueType = .string) {
    self.path = path
    self.value = value
    self.type = type
  }
}

/// The XML Schema types that CWMP parameters have (TR-106 section 3.2).
package enum ValueType: String, CaseIterable, Hashable, Sendable, Codable {
  case string, int, unsignedInt, long, unsignedLong, boolean, dateTime, base64, hexBinary
}
