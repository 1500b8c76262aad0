/// What a password comes to for MD5 digests of one user in one realm, H(A1) (RFC 7616 §3.4.2): as good as the password
/// there, and to be kept as closely. It takes 16 bytes, so that it can be kept for every router.
package struct DigestKey: Hashable, Sendable {
  private let high: UInt64
  private let low: UInt64

  package init(username: String, realm: String, password: String, hashes: HashFunctions) {
    let digits = Array(hashes.hash([username, realm, password], with: .md5).utf8)
    func value(_ digits: ArraySlice<UInt8>) -> UInt64 {
      digits.reduce(0) { $0 << 4 | UInt64($1.hexadecimalValue ?? 0) }
    }
    high = value(digits.prefix(16))
    low = value(digits.dropFirst(16))
  }

  /// The 32 digits that are hashed on.
  var text: String {
    var digits: [UInt8] = []
    digits.reserveCapacity(32)
    digits.append(hexadecimal: high, digits: 16)
    digits.append(hexadecimal: low, digits: 16)
    return String(decoding: digits, as: UTF8.self)
  }
}
