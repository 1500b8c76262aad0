package import Net
import XML

/// OpResultStruct (TR-069 annex A.4.2.3): how an operation on a deployment unit ended.
package struct DeploymentResult: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    case installed = "Installed"
    case uninstalled = "Uninstalled"
    case failed = "Failed"
  }

  /// As RFC 4122 writes it.
  package var uuid: String
  /// The path of the unit in the data model; empty where it is not there anymore.
  package var unit: String
  /// At most 32 characters.
  package var version: String
  package var state: State
  /// Whether all is there that the unit needs.
  package var isResolved: Bool
  /// The paths of its execution units, with commas between them.
  package var executionUnits: String
  /// Nil where it is not known.
  package var startTime: Timestamp?
  package var completeTime: Timestamp?
  /// Nil where it went well.
  package var fault: TransferFault?

  package init(
    uuid: String, unit: String, version: String, state: State, isResolved: Bool, executionUnits: String = "",
    startTime: Timestamp? = nil, completeTime: Timestamp? = nil, fault: TransferFault? = nil
  ) {
    self.uuid = uuid
    self.unit = unit
    self.version = version
    self.state = state
    self.isResolved = isResolved
    self.executionUnits = executionUnits
    self.startTime = startTime
    self.completeTime = completeTime
    self.fault = fault
  }

  /// Without a readable CurrentState it failed: nothing is done that the CPE did not confirm.
  init(decoding element: XMLElement, _ warnings: inout Warnings) {
    uuid = element.word(of: "UUID", &warnings)
    unit = element.word(of: "DeploymentUnitRef", &warnings)
    version = element.word(of: "Version", &warnings)
    let text = element.word(of: "CurrentState", &warnings)
    let state = State(rawValue: text)
    if state == nil { warnings.add(.illegalValue(element: "\(element.name).CurrentState", text: text.shortened)) }
    self.state = state ?? .failed
    isResolved = element.boolean(of: "Resolved", default: false, &warnings)
    executionUnits = element.word(of: "ExecutionUnitRefList", &warnings)
    startTime = element.moment(of: "StartTime", &warnings)
    completeTime = element.moment(of: "CompleteTime", &warnings)
    fault = TransferFault.decode("Fault", in: element, &warnings)
  }

  func encode(into writer: inout XMLWriter) {
    writer.element("UUID", text: uuid)
    writer.element("DeploymentUnitRef", text: unit)
    writer.element("Version", text: version)
    writer.element("CurrentState", text: state.rawValue)
    writer.element("Resolved", boolean: isResolved)
    writer.element("ExecutionUnitRefList", text: executionUnits)
    writer.element("StartTime", text: DateTime.encode(startTime))
    writer.element("CompleteTime", text: DateTime.encode(completeTime))
    TransferFault.encode(fault, as: "Fault", into: &writer)
  }
}

extension XMLElement {
  /// The arguments Results, which are no SOAP array: each is one of its own. At most `limit` of them.
  func results(limit: Int, _ warnings: inout Warnings) -> ArraySlice<XMLElement> {
    let results = children.filter { $0.name == "Results" }
    if results.isEmpty { warnings.add(.missing("\(name).Results")) }
    if results.count > limit { warnings.add(.tooMany(element: "\(name).Results", limit: limit)) }
    return results.prefix(limit)
  }
}
