import Net
import Testing
import Transport

struct SignedPathTests {
  private let key: SigningKey
  private let now = Timestamp(secondsSince1970: 1_800_000_000)
  private let grant: SignedPath

  init() throws {
    key = try SigningKey(bytes: Array(0..<32))
    grant = SignedPath(
      path: "/files/startup.cfg", expiry: now.advanced(bySeconds: 600), device: "00D09E-MSR/ü 1",
      address: IPv4Address(192, 0, 2, 100))
  }

  private func verify(_ token: String, path: String? = nil, at moment: Timestamp? = nil) throws -> SignedPath {
    try SignedPath.verify(token: token, path: path ?? grant.path, key: key, at: moment ?? now)
  }

  @Test func `a token proves device, path and expiry until it expires`() throws {
    let token = grant.token(signedWith: key)
    #expect(try verify(token) == grant)
    #expect(try verify(token, at: grant.expiry.advanced(byMilliseconds: -1)) == grant)
    #expect(throws: SignatureError.expired(at: grant.expiry)) { try verify(token, at: grant.expiry) }
  }

  @Test func `a token stands in paths, queries and XML as it is`() {
    let isPlain = grant.token(signedWith: key).utf8.allSatisfy { character in
      (0x30...0x39).contains(character) || (0x41...0x5A).contains(character) || (0x61...0x7A).contains(character)
        || "-_.".utf8.contains(character)
    }
    #expect(isPlain)
  }

  @Test func `another path or another key is forged, expired or not`() throws {
    let token = grant.token(signedWith: key)
    #expect(throws: SignatureError.forged) { try verify(token, path: "/files/other.cfg", at: .distantFuture) }
    let other = grant.token(signedWith: try SigningKey(bytes: Array(1..<33)))
    #expect(throws: SignatureError.forged) { try verify(other) }
  }

  @Test func `no changed, cut or prolonged token is accepted`() throws {
    let token = Array(grant.token(signedWith: key).utf8)
    for place in token.indices {
      for replacement in "Aa0.-".utf8 where replacement != token[place] {
        var changed = token
        changed[place] = replacement
        #expect(throws: SignatureError.self) { try verify(String(decoding: changed, as: UTF8.self)) }
      }
      #expect(throws: SignatureError.self) { try verify(String(decoding: token[..<place], as: UTF8.self)) }
    }
    #expect(throws: SignatureError.self) { try verify(grant.token(signedWith: key) + "A") }
    #expect(throws: SignatureError.malformed) { try verify(String(repeating: "A", count: 100_000)) }
  }

  @Test func `part of a second counts as a whole one`() throws {
    let grant = SignedPath(path: "/", expiry: Timestamp(rawValue: now.rawValue + 1), device: "")
    #expect(try verify(grant.token(signedWith: key), path: "/").expiry == now.advanced(bySeconds: 1))
  }

  @Test func `a token tells the address that it was given to, or that none is known`() throws {
    for address in [nil, IPv4Address(rawValue: 0), IPv4Address(rawValue: .max)] {
      let grant = SignedPath(path: "/", expiry: now.advanced(bySeconds: 1), device: "d", address: address)
      #expect(try verify(grant.token(signedWith: key), path: "/").address == address)
    }
  }

  @Test func `a short key is refused`() {
    #expect(throws: SignatureError.shortKey(bytes: 15)) { try SigningKey(bytes: Array(0..<15)) }
  }
}
