import Crypto

/// Codes that prove who wrote a message.
package enum MessageAuthentication {
  /// HMAC-SHA1 (RFC 2104), 20 bytes. For STUN and UDP connection requests alone, which know nothing better.
  package static func hmacSHA1(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: key)))
  }
}
