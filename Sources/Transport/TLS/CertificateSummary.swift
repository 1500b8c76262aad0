import Foundation
package import Net
import X509

/// A certificate as a person compares it.
package struct CertificateSummary: Sendable {
  package let subject: String
  package let names: [String]
  package let algorithm: String
  package let start: Timestamp
  package let end: Timestamp
  /// SHA-256.
  package let fingerprint: String

  init(_ certificate: Certificate) throws {
    subject = certificate.subject.description
    names =
      try certificate.extensions.subjectAlternativeNames?.map { name in
        switch name {
        case .dnsName(let host): host
        case .ipAddress(let address) where address.bytes.count == 4:
          address.bytes.map(String.init).joined(separator: ".")
        default: "\(name)"
        }
      } ?? []
    algorithm = "\(certificate.publicKey)".replacing("PublicKey", with: "").trimmingCharacters(in: ["."])
    start = Timestamp(certificate.notValidBefore)
    end = Timestamp(certificate.notValidAfter)
    fingerprint = try certificate.fingerprint()
  }
}

extension LabAuthority {
  package func summary() throws -> CertificateSummary {
    try CertificateSummary(certificate)
  }
}

extension TLSIdentity {
  package func summary() throws -> CertificateSummary? {
    try chain.certificates.first.map { try CertificateSummary($0) }
  }
}
