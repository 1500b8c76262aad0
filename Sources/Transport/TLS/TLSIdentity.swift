package import Net
import X509

/// What a TLS server shows and proves: its certificate, those above it, and its key.
package struct TLSIdentity: Hashable, Sendable {
  package let chain: CertificateChain
  let key: CertificateKey

  /// Throws `.otherKey` where the key is not that of the chain's first certificate.
  package init(_ chain: CertificateChain, key: CertificateKey) throws(CertificateFileError) {
    guard chain.certificates.first?.publicKey == key.key.publicKey else { throw .otherKey }
    self.chain = chain
    self.key = key
  }

  /// Both from one file.
  init(pem bytes: [UInt8]) throws(CertificateFileError) {
    try self.init(CertificateChain(pem: bytes), key: CertificateKey(pem: bytes))
  }

  /// Key and certificates, for a file of mode 0600.
  package func pem() throws -> String {
    try key.pem() + chain.pem()
  }

  /// What is wrong with it at a moment.
  package func problem(at now: Timestamp) -> String? {
    for certificate in chain.certificates {
      let (start, end) = (Timestamp(certificate.notValidBefore), Timestamp(certificate.notValidAfter))
      if now > end { return "the certificate \(certificate.subject) ended at \(end)" }
      if now < start { return "the certificate \(certificate.subject) is valid from \(start) on" }
    }
    return nil
  }
}
