/// What a STUN server answers (RFC 3489 section 8, TR-069 annex G.2.1). It has one address and one port, so it changes
/// neither: who asks for that is told that the attribute is not understood. CHANGED-ADDRESS, which stands in every
/// Binding Response (RFC 3489 section 11.2.3), is that one address too.
package struct STUNResponder: Sendable {
  package enum Challenges: Hashable, Sendable {
    case never
    /// Who says that its binding has changed must prove who it is.
    case bindingChanges
    case always
  }

  package enum Decision: Hashable, Sendable {
    case respond(Reply, Binding)
    case refuse(Refusal, Reply)
    case ignore(Refusal)
  }

  package struct Reply: Hashable, Sendable {
    package let datagram: [UInt8]
    package let destination: STUNAddress
  }

  /// What the request told of the network between.
  package struct Binding: Hashable, Sendable {
    /// Where the client is seen.
    package let place: STUNAddress
    /// Whose password protected the request; nil where none did.
    package let username: String?
    /// It is the one that takes connection requests.
    package let takesConnectionRequests: Bool
    package let isChange: Bool

    package init(place: STUNAddress, username: String?, takesConnectionRequests: Bool, isChange: Bool) {
      self.place = place
      self.username = username
      self.takesConnectionRequests = takesConnectionRequests
      self.isChange = isChange
    }
  }

  private let challenges: Challenges
  private let hmac: HMACSHA1

  package init(challenges: Challenges, hmac: @escaping HMACSHA1) {
    self.challenges = challenges
    self.hmac = hmac
  }

  /// `password` is asked for that of a user name.
  package func decide(
    _ datagram: [UInt8], from source: STUNAddress, at local: STUNAddress, password: (String) -> String?
  ) -> Decision {
    let request: STUNMessage
    do throws(STUNError) {
      request = try STUNMessage(decoding: datagram.span.bytes)
    } catch {
      return .ignore(.malformed(error))
    }
    guard request.kind == .bindingRequest else { return .ignore(.notARequest) }
    guard source.port != 0 else { return .ignore(.source(source)) }
    // A server that sent its answers anywhere would be a weapon (RFC 3489 section 12.1.1).
    let destination = request.responseAddress ?? source
    guard destination.address == source.address, destination.port != 0 else {
      return .ignore(.foreignResponseAddress(destination))
    }
    let unknown = request.attributes.filter(Self.isNotUnderstood).map(\.type)
    if !unknown.isEmpty { return refuse(.unknownAttributes(unknown), request, destination) }

    let guardian: Guardian?
    switch authenticate(request, datagram, password) {
    case .success(let proved): guardian = proved
    case .failure(let refusal): return refuse(refusal, request, destination)
    }
    var response = STUNMessage(.bindingResponse, transaction: request.transaction)
    response.attributes = [.mappedAddress(source), .sourceAddress(local), .changedAddress(local)]
    // A client of RFC 3489 must refuse an answer with what it does not know.
    if request.hasMagicCookie { response.attributes.append(.xorMappedAddress(source)) }
    if request.responseAddress != nil { response.attributes.append(.reflectedFrom(source)) }
    let bytes =
      guardian.map { $0.integrity.protected(response, password: $0.password, hmac: hmac) } ?? response.encoded()
    return .respond(
      Reply(datagram: bytes, destination: destination),
      Binding(
        place: source, username: guardian?.username, takesConnectionRequests: request.has(.connectionRequestBinding),
        isChange: request.has(.bindingChange)))
  }

  /// Those of a request that a client may not expect to be ignored, and that mean nothing here.
  private static func isNotUnderstood(_ attribute: STUNAttribute) -> Bool {
    switch attribute {
    case .changeRequest(let address, let port): address || port
    case .other(let type, _): type < STUNAttribute.firstOptional
    case .mappedAddress, .responseAddress, .sourceAddress, .changedAddress, .username, .messageIntegrity, .errorCode,
      .unknownAttributes, .reflectedFrom, .xorMappedAddress, .connectionRequestBinding, .bindingChange:
      false
    }
  }

  // MARK: - Who it is

  private struct Guardian {
    let username: String
    let password: [UInt8]
    let integrity: STUNIntegrity
  }

  /// RFC 3489 section 8.1: nil where the request is not protected and need not be.
  private func authenticate(
    _ request: STUNMessage, _ datagram: [UInt8], _ password: (String) -> String?
  ) -> Result<Guardian?, Refusal> {
    guard request.messageIntegrity != nil else {
      switch challenges {
      case .never: return .success(nil)
      case .bindingChanges: return request.has(.bindingChange) ? .failure(.unauthorized) : .success(nil)
      case .always: return .failure(.unauthorized)
      }
    }
    guard let bytes = request.username else { return .failure(.missingUsername) }
    guard let (username, password) = account(of: bytes, password) else { return .failure(.unknownUsername) }
    let key = Array(password.utf8)
    guard let integrity = STUNIntegrity.of(datagram, password: key, hmac: hmac) else { return .failure(.integrity) }
    return .success(Guardian(username: username, password: key, integrity: integrity))
  }

  /// Whose name it is. RFC 3489 section 11.2.6 wants a multiple of four bytes, for which clients fill up their names, as
  /// does ``STUNUsername``.
  private func account(of bytes: [UInt8], _ password: (String) -> String?) -> (username: String, password: String)? {
    let end = bytes.lastIndex { $0 != 0 && $0 != 0x20 }.map { $0 + 1 } ?? 0
    guard let told = String(validating: bytes[..<end], as: UTF8.self) else { return nil }
    for name in [told, STUNUsername.unpadded(told)] {
      if let found = password(name) { return (name, found) }
    }
    return nil
  }

  private func refuse(_ refusal: Refusal, _ request: STUNMessage, _ destination: STUNAddress) -> Decision {
    guard let code = refusal.code else { return .ignore(refusal) }
    var response = STUNMessage(.bindingErrorResponse, transaction: request.transaction)
    response.attributes = [.errorCode(code: code, reason: refusal.phrase)]
    if case .unknownAttributes(let types) = refusal {
      // An odd number is made even by telling one twice (RFC 3489 section 11.2.10).
      response.attributes.append(.unknownAttributes(types.count.isMultiple(of: 2) ? types : types + types.suffix(1)))
    }
    return .refuse(refusal, Reply(datagram: response.encoded(), destination: destination))
  }
}
