/// Why a file that should hold a certificate or a key cannot be used.
package enum CertificateFileError: Error, Hashable, Sendable {
  case noCertificate
  case unreadableCertificate(reason: String)
  case noKey
  case encryptedKey
  case unreadableKey(reason: String)
  /// The key is not that of the certificate.
  case otherKey

  package var counterName: String {
    switch self {
    case .noCertificate: "certificate.missing"
    case .unreadableCertificate: "certificate.unreadable"
    case .noKey: "certificate.noKey"
    case .encryptedKey: "certificate.encryptedKey"
    case .unreadableKey: "certificate.unreadableKey"
    case .otherKey: "certificate.otherKey"
    }
  }
}

extension CertificateFileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noCertificate: "it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)"
    case .unreadableCertificate(let reason): "it holds a certificate that cannot be read: \(reason)"
    case .noKey: "it holds no private key in PEM (-----BEGIN PRIVATE KEY-----)"
    case .encryptedKey: "its private key is encrypted with a password; write it without one"
    case .unreadableKey(let reason): "it holds a private key that cannot be read: \(reason)"
    case .otherKey: "its private key is not that of the certificate"
    }
  }
}
