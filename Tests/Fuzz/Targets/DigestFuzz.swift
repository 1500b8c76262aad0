import HTTP

/// Any text is a field of authentication or is refused; what is read is written and read again as the same. Credentials
/// that were not made from the password and a nonce of ours are never accepted; those that were are, and once.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  if let fields = try? AuthenticationField.parse(text) {
    precondition(fields.count <= AuthenticationField.maximumSchemes)
    precondition(fields.allSatisfy { $0.parameters.count <= AuthenticationField.maximumParameters })
  }
  _ = try? BasicCredentials(authorization: text)
  for challenge in (try? DigestChallenge.parse([text])) ?? [] {
    let answer = DigestCredentials(
      answering: challenge, username: "router", password: "secret", method: .get, uri: "/", clientNonce: "c",
      hashes: hashes)
    precondition(answer.prove(password: "secret", method: .get, hashes: hashes), "an answer that proves nothing")
  }
  guard let credentials = try? DigestCredentials(authorization: text) else { return 0 }
  // Control characters are not written: they could end the line.
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) { expectSame(credentials) }
  var authenticator = DigestAuthenticator(
    realm: "usher", algorithms: [.md5, .sha256], secret: Array(repeating: 7, count: 16), hashes: hashes)
  if case .accepted = authenticator.judge(credentials, method: .get, passwords: ["secret"], at: 0) {
    preconditionFailure("a nonce that was never given out is accepted")
  }
  expectJudged(credentials, by: &authenticator)
  return 0
}

private let hashes = HashFunctions(md5: { fold($0, 1) + fold($0, 2) }, sha256: { fold($0, 3) + fold($0, 4) })

/// Not a cryptographic hash, but one that tells one text from another.
private func fold(_ bytes: [UInt8], _ seed: UInt64) -> String {
  let value = bytes.reduce(seed &* 0x9E37_79B9_7F4A_7C15) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  let digits = String(value ^ value >> 32, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}

private func expectSame(_ credentials: DigestCredentials) {
  // These are written without quotes, so others than words cannot be.
  let words = [credentials.algorithm, credentials.qop, credentials.nonceCount].compactMap { $0 }
  guard words.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isWord) }) else { return }
  guard let again = try? DigestCredentials(authorization: credentials.fieldValue) else {
    preconditionFailure("what was written is not read")
  }
  precondition(again == credentials, "what was read again differs")
}

private func isWord(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"):
    true
  default: false
  }
}

/// The same credentials, made with a nonce of ours and the password.
private func expectJudged(_ credentials: DigestCredentials, by authenticator: inout DigestAuthenticator) {
  guard let algorithm = credentials.knownAlgorithm, [.md5, .sha256].contains(algorithm),
    credentials.qop == nil || credentials.qop?.lowercased() == "auth",
    let field = authenticator.challenge(after: .noCredentials, at: 0).first,
    let nonce = (try? DigestChallenge.parse([field]))?.first?.nonce
  else { return }
  var credentials = credentials
  credentials.realm = authenticator.realm
  credentials.nonce = nonce
  credentials.response = credentials.expectedResponse(
    algorithm: algorithm, password: "secret", method: .get, hashes: hashes)
  precondition(
    authenticator.judge(credentials, method: .get, passwords: ["other"], at: 0) == .refused(.wrongPassword))
  guard credentials.nonceCount.map({ UInt32($0, radix: 16) != 0 }) ?? true else { return }
  precondition(
    authenticator.judge(credentials, method: .get, passwords: ["other", "secret"], at: 0) == .accepted(password: 1),
    "the right password is refused")
  guard credentials.qop != nil else { return }
  precondition(
    authenticator.judge(credentials, method: .get, passwords: ["secret"], at: 0) == .refused(.replayed),
    "the same credentials are accepted twice")
}
