package import XML

/// Why bytes are no CWMP message that can be answered.
package enum EnvelopeError: Error, Hashable, Sendable {
  case xml(XMLError)
  /// The root element has another name.
  case notAnEnvelope(String)
  case noBody
  case emptyBody
  /// An element without which the message means nothing; its place, such as `Inform.DeviceId.SerialNumber`, and the line
  /// of the element that lacks it.
  case missing(String, line: Int)
  /// A text by which the device is named, longer than any device's; its place, and the line of its element.
  case tooLong(String, limit: Int, line: Int)
  /// An operation of a ChangeDUState whose type (empty: none) is not known, and the line of its element.
  case unknownOperation(String, line: Int)
}

extension EnvelopeError {
  /// The stable name under which such refusals are counted.
  package var counter: String {
    switch self {
    case .xml(let error): error.counter
    case .notAnEnvelope: "cwmp.refused.notAnEnvelope"
    case .noBody: "cwmp.refused.noBody"
    case .emptyBody: "cwmp.refused.emptyBody"
    case .missing: "cwmp.refused.missingElement"
    case .tooLong: "cwmp.refused.tooLong"
    case .unknownOperation: "cwmp.refused.unknownOperation"
    }
  }
}

extension EnvelopeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .xml(let error): error.description
    case .notAnEnvelope(let name): "the root element is \(name), not a SOAP envelope"
    case .noBody: "the envelope has no body"
    case .emptyBody: "the body of the envelope is empty"
    case .missing(let element, let line): "line \(line): \(element) is missing"
    case .tooLong(let element, let limit, let line): "line \(line): \(element) is longer than \(limit) bytes"
    case .unknownOperation(let type, let line): "line \(line): an operation has the unknown type \"\(type)\""
    }
  }
}
