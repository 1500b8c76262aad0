package import XML

/// What was wrong with a message that was understood all the same.
package enum Warning: Hashable, Sendable {
  /// The document could only be read after repair.
  case repaired(XMLError)
  /// A name that is none of a charset's, in the Content-Type or (nil) in the document; it is passed over.
  case unknownCharset(String?)
  case noNamespace
  case unknownNamespace(String)
  /// An element that the method requires; its place, such as `Inform.RetryCount`.
  case missing(String)
  case illegalValue(element: String, text: String)
  /// An arrayType that is missing (nil) or that counts otherwise.
  case wrongArrayType(element: String, stated: String?, found: Int)
  /// A parameter's value without type (nil) or of one that CWMP does not have; it is taken as a string.
  case unknownType(path: String, type: String?)
  /// An event code in another spelling than the standard's.
  case unusualEvent(String)
  /// More entries than the standard allows; the rest was left out.
  case tooMany(element: String, limit: Int)
  /// A text far longer than the standard allows; the rest was left out.
  case tooLong(element: String, limit: Int)
  case ignoredHeader(String)
  case severalMethods
  /// An answer whose ID is not its request's; it was the only one outstanding.
  case mismatchedID(sent: String, received: String?)
}

extension Warning: CustomStringConvertible {
  package var description: String {
    switch self {
    case .repaired(let error): "read after repair: \(error)"
    case .unknownCharset(let name?): "unknown charset \(name)"
    case .unknownCharset(nil): "the document declares an unknown charset"
    case .noNamespace: "no CWMP namespace"
    case .unknownNamespace(let urn): "unknown CWMP namespace \(urn)"
    case .missing(let element): "\(element) is missing"
    case .illegalValue(let element, let text): "\(element) has the illegal value \"\(text)\""
    case .wrongArrayType(let element, let stated?, let found): "\(element) states \(stated) and has \(found) entries"
    case .wrongArrayType(let element, nil, _): "\(element) has no arrayType"
    case .unknownType(let path, let type?): "\(path) has the unknown type \(type)"
    case .unknownType(let path, nil): "\(path) has no type"
    case .unusualEvent(let code): "unusual event code \"\(code)\""
    case .tooMany(let element, let limit): "\(element) has more than \(limit) entries"
    case .tooLong(let element, let limit): "\(element) has more than \(limit) characters"
    case .ignoredHeader(let name): "the header \(name) is not known"
    case .severalMethods: "the body has more than one method; the first counts"
    case .mismatchedID(let sent, let received): "the answer to ID \(sent) has the ID \(received ?? "(none)")"
    }
  }
}

/// The warnings of a message: the first of them, and the number of the rest.
package struct Warnings: Hashable, Sendable {
  package static let limit = 32

  package private(set) var first: [Warning] = []
  package private(set) var dropped = 0

  package init() {}

  package var isEmpty: Bool { first.isEmpty }

  package mutating func add(_ warning: Warning) {
    guard first.count < Self.limit else {
      dropped += 1
      return
    }
    first.append(warning)
  }
}
