extension STUNResponder {
  /// Why a datagram gets no binding response.
  package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    case malformed(STUNError)
    /// A response: two servers that answered each other would never end.
    case notARequest
    case source(STUNAddress)
    case foreignResponseAddress(STUNAddress)
    case unknownAttributes([UInt16])
    case unauthorized
    case missingUsername
    case unknownUsername
    case integrity

    /// ERROR-CODE (RFC 3489 section 11.2.9); nil where nothing is answered.
    package var code: Int? {
      switch self {
      case .malformed, .notARequest, .source, .foreignResponseAddress: nil
      case .unknownAttributes: 420
      case .unauthorized: 401
      case .missingUsername: 432
      case .unknownUsername: 436
      case .integrity: 431
      }
    }

    /// With spaces to a multiple of four bytes, as RFC 3489 wants it.
    var phrase: String {
      let phrase =
        switch self {
        case .malformed, .notARequest, .source, .foreignResponseAddress: ""
        case .unknownAttributes: "Unknown Attribute"
        case .unauthorized: "Unauthorized"
        case .missingUsername: "Missing Username"
        case .unknownUsername: "Unknown Username"
        case .integrity: "Integrity Check Failure"
        }
      return phrase + String(repeating: " ", count: STUNMessage.padding(of: phrase.utf8.count))
    }

    package var counter: String {
      switch self {
      case .malformed(let error): error.counter
      case .notARequest: "stun.ignored.notARequest"
      case .source: "stun.ignored.source"
      case .foreignResponseAddress: "stun.ignored.foreignResponseAddress"
      case .unknownAttributes: "stun.refused.unknownAttributes"
      case .unauthorized: "stun.refused.unauthorized"
      case .missingUsername: "stun.refused.missingUsername"
      case .unknownUsername: "stun.refused.unknownUsername"
      case .integrity: "stun.refused.integrity"
      }
    }

    package var description: String {
      switch self {
      case .malformed(let error): "no STUN message: \(error)"
      case .notARequest: "a response, which is never answered"
      case .source(let source): "nothing can be sent to \(source)"
      case .foreignResponseAddress(let address): "the answer is asked for at \(address), which is not the sender's"
      case .unknownAttributes(let types):
        "attributes that are not understood: "
          + types.prefix(8).map { "0x" + String($0, radix: 16) }.joined(separator: ", ")
      case .unauthorized: "a changed binding must be told with user name and integrity"
      case .missingUsername: "it is protected, and does not say by whose password"
      case .unknownUsername: "no router has that connection request user name"
      case .integrity: "it is protected by another password"
      }
    }
  }
}
