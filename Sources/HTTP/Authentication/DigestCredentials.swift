/// A client's answer to a digest challenge (RFC 7616 §3.4).
package struct DigestCredentials: Hashable, Sendable {
  package var username: String
  package var realm: String
  package var nonce: String
  /// The target as the client hashed it, whatever the request line says: some send it empty, or absolute, or short.
  package var uri: String
  /// Hexadecimal digits.
  package var response: String
  /// As named; nil means MD5.
  package var algorithm: String?
  package var qop: String?
  package var clientNonce: String?
  /// As written, because it is hashed as written: eight hexadecimal digits.
  package var nonceCount: String?
  package var opaque: String?

  /// Reads the value of an Authorization field. Only what the hash cannot do without has to be there: qop, algorithm,
  /// opaque and, without qop, cnonce and nc may be missing.
  package init(authorization fieldValue: String) throws(AuthenticationError) {
    guard let field = try AuthenticationField.parse(fieldValue).first else { throw .noScheme }
    guard field.isScheme("Digest") else { throw .otherScheme }
    username = try field.require("username")
    realm = try field.require("realm")
    nonce = try field.require("nonce")
    uri = try field.require("uri")
    response = try field.require("response")
    algorithm = field["algorithm"]
    qop = field["qop"].flatMap { $0.isEmpty ? nil : $0 }
    clientNonce = field["cnonce"]
    nonceCount = field["nc"]
    opaque = field["opaque"]
    if qop != nil {
      guard clientNonce != nil else { throw .missing(parameter: "cnonce") }
      guard let nonceCount else { throw .missing(parameter: "nc") }
      guard UInt32(nonceCount, radix: 16) != nil else { throw .malformed(parameter: "nc") }
    }
  }

  /// Answers a challenge. `clientNonce` is random; `count` is how often this nonce has now been used, from 1.
  package init(
    answering challenge: DigestChallenge, username: String, password: String, method: Method, uri: String,
    clientNonce: String, count: UInt32 = 1, hashes: HashFunctions
  ) {
    self.username = username
    self.realm = challenge.realm
    self.nonce = challenge.nonce
    self.uri = uri
    response = ""
    algorithm = challenge.algorithm?.rawValue
    opaque = challenge.opaque
    let usesQOP = !challenge.qop.isEmpty
    if usesQOP {
      qop = "auth"
      let digits = String(count, radix: 16)
      nonceCount = String(repeating: "0", count: 8 - digits.count) + digits
    }
    let algorithm = challenge.algorithm ?? .md5
    if usesQOP || algorithm.isSession { self.clientNonce = clientNonce }
    response = expectedResponse(algorithm: algorithm, password: password, method: method, hashes: hashes)
  }

  /// The value of the Authorization field.
  package var fieldValue: String {
    var parts = [
      "username=\(quoted(username))", "realm=\(quoted(realm))", "nonce=\(quoted(nonce))", "uri=\(quoted(uri))",
      "response=\(quoted(response))",
    ]
    if let algorithm { parts.append("algorithm=\(algorithm)") }
    if let clientNonce { parts.append("cnonce=\(quoted(clientNonce))") }
    if let opaque { parts.append("opaque=\(quoted(opaque))") }
    if let qop { parts.append("qop=\(qop)") }
    if let nonceCount { parts.append("nc=\(nonceCount)") }
    return "Digest " + parts.joined(separator: ", ")
  }

  /// The algorithm named, or nil where it is not spoken here.
  package var knownAlgorithm: DigestAlgorithm? {
    guard let algorithm else { return .md5 }
    return DigestAlgorithm(named: algorithm)
  }

  /// Whether the uri hashed is the target of the request: the same path and query, absolute or not. Routers are known
  /// to send an empty or another one, so this is for the record, not for refusal.
  package func names(_ target: RequestTarget) -> Bool {
    RequestTarget.withoutOrigin(Substring(uri)) == RequestTarget.withoutOrigin(Substring(target.text))
  }

  /// The response that proves the password (RFC 7616 §3.4.1).
  package func expectedResponse(
    algorithm: DigestAlgorithm, password: String, method: Method, hashes: HashFunctions
  ) -> String {
    let key = hashes.hash([username, realm, password], with: algorithm)
    return expectedResponse(algorithm: algorithm, key: key, method: method, hashes: hashes)
  }

  private func expectedResponse(
    algorithm: DigestAlgorithm, key: String, method: Method, hashes: HashFunctions
  ) -> String {
    var key = key
    if algorithm.isSession { key = hashes.hash([key, nonce, clientNonce ?? ""], with: algorithm) }
    let message = hashes.hash([method.rawValue, uri], with: algorithm)
    guard let qop else { return hashes.hash([key, nonce, message], with: algorithm) }
    return hashes.hash([key, nonce, nonceCount ?? "", clientNonce ?? "", qop, message], with: algorithm)
  }

  /// Whether the response proves the password, compared in constant time; false for an algorithm not spoken here.
  package func prove(password: String, method: Method, hashes: HashFunctions) -> Bool {
    guard let algorithm = knownAlgorithm else { return false }
    return isProved(by: expectedResponse(algorithm: algorithm, password: password, method: method, hashes: hashes))
  }

  /// Whether the response proves the password that the key was made of, with this user's name in this realm.
  package func prove(key: DigestKey, method: Method, hashes: HashFunctions) -> Bool {
    guard let algorithm = knownAlgorithm, algorithm.takesKey else { return false }
    return isProved(by: expectedResponse(algorithm: algorithm, key: key.text, method: method, hashes: hashes))
  }

  private func isProved(by expected: String) -> Bool {
    isEqualInConstantTime(expected.utf8, response.utf8.map(\.lowercasedASCII))
  }
}

extension AuthenticationField {
  fileprivate func require(_ name: String) throws(AuthenticationError) -> String {
    guard let value = self[name] else { throw .missing(parameter: name) }
    return value
  }
}
