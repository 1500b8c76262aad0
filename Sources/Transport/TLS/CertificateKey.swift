import Crypto
import CryptoExtras
import SwiftASN1
import X509

/// A private key, and how it is kept.
package struct CertificateKey: Hashable, Sendable {
  /// What kinds are made.
  package enum Kind: String, CaseIterable, Sendable {
    /// On the curve P-256.
    case ecdsa
    /// Of 2048 bits, for clients that know nothing else.
    case rsa
  }

  let key: Certificate.PrivateKey

  init(_ key: Certificate.PrivateKey) {
    self.key = key
  }

  static func make(_ kind: Kind) throws -> CertificateKey {
    switch kind {
    case .ecdsa: CertificateKey(Certificate.PrivateKey(P256.Signing.PrivateKey()))
    case .rsa: CertificateKey(Certificate.PrivateKey(try _RSA.Signing.PrivateKey(keySize: .bits2048)))
    }
  }

  /// The first private key of a PEM file (RFC 7468): PKCS#8, SEC 1 or PKCS#1, in the clear.
  package init(pem bytes: [UInt8]) throws(CertificateFileError) {
    let text = String(decoding: bytes, as: UTF8.self)
    let found: PEMDocument?
    do {
      found = try PEMDocument.parseMultiple(pemString: text).first { $0.discriminator.hasSuffix("PRIVATE KEY") }
    } catch {
      // The header that OpenSSL's older form has (RFC 1421) is none of PEM's newer one.
      if text.contains("Proc-Type: 4,ENCRYPTED") { throw .encryptedKey }
      throw .unreadableKey(reason: "\(error)")
    }
    guard let found else { throw .noKey }
    guard !found.discriminator.hasPrefix("ENCRYPTED") else { throw .encryptedKey }
    do {
      key = try Certificate.PrivateKey(pemDocument: found)
    } catch {
      throw .unreadableKey(reason: "\(error)")
    }
  }

  /// Of the same kind as this one, which a client that takes this one's signatures knows too.
  var kind: Kind {
    key.supportedSignatureAlgorithms.contains(.sha256WithRSAEncryption) ? .rsa : .ecdsa
  }

  func pem() throws -> String {
    try key.serializeAsPEM().pemString + "\n"
  }
}
