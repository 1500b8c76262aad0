import Foundation
package import Net
import SwiftASN1
import X509

/// A certificate authority of the lab's own, for an ACS whose routers no public one knows. What it signs is valid from
/// the year 2000 on: a router that has no time yet believes what its manufacturer left it.
package struct LabAuthority: Hashable, Sendable {
  /// Seconds: twenty years for itself, ten for servers and devices.
  static let lifetime: Int64 = 20 * year
  static let issuedLifetime: Int64 = 10 * year
  /// A certificate that would end sooner is issued anew: clocks may be that far ahead.
  static let issuedMargin: Int64 = 5 * year
  private static let year: Int64 = 365 * 86_400
  /// 2000-01-01.
  private static let start = Timestamp(secondsSince1970: 946_684_800)
  /// 2026-01-01. A clock that says less is wrong, and lifetimes are counted from here.
  private static let earliest = Timestamp(secondsSince1970: 1_767_225_600)

  let certificate: Certificate
  let key: CertificateKey

  init(_ certificate: Certificate, key: CertificateKey) {
    self.certificate = certificate
    self.key = key
  }

  /// Signs its own certificate.
  init(key: CertificateKey, at now: Timestamp) throws {
    let name = try DistinguishedName {
      // Several labs may be known to one router: each authority has a name of its own.
      CommonName("Usher lab CA \(Hexadecimal.encode(Randomness.bytes(4)))")
    }
    certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.key.publicKey,
      notValidBefore: Self.start.date,
      notValidAfter: max(now, Self.earliest).advanced(bySeconds: Self.lifetime).date, issuer: name, subject: name,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
        Critical(KeyUsage(keyCertSign: true, cRLSign: true))
        SubjectKeyIdentifier(hash: key.key.publicKey)
      }, issuerPrivateKey: key.key)
    self.key = key
  }

  /// A server's certificate, with a key of the authority's own kind.
  package func issue(for names: ServerNames, at now: Timestamp) throws -> TLSIdentity {
    let subject = try DistinguishedName { CommonName(names.commonName) }
    return try issue(subject: subject, usage: .serverAuth, names: names.alternatives, at: now)
  }

  /// A device's certificate, for it to prove itself with. Its common name is the device's (TR-069 section 3.3).
  package func issue(forDevice name: String, at now: Timestamp) throws -> TLSIdentity {
    let subject = try DistinguishedName { CommonName(name) }
    return try issue(subject: subject, usage: .clientAuth, names: nil, at: now)
  }

  private func issue(
    subject: DistinguishedName, usage: ExtendedKeyUsage.Usage, names: SubjectAlternativeNames?, at now: Timestamp
  ) throws -> TLSIdentity {
    let own = try CertificateKey.make(key.kind)
    let extensions = try Certificate.Extensions {
      Critical(BasicConstraints.notCertificateAuthority)
      // To encipher keys is what RSA does in the cipher suites without forward secrecy.
      Critical(KeyUsage(digitalSignature: true, keyEncipherment: own.kind == .rsa))
      try ExtendedKeyUsage([usage])
      SubjectKeyIdentifier(hash: own.key.publicKey)
      AuthorityKeyIdentifier(keyIdentifier: try certificate.extensions.subjectKeyIdentifier?.keyIdentifier)
      if let names { names }
    }
    let issued = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: own.key.publicKey,
      notValidBefore: Self.start.date, notValidAfter: end(of: Self.issuedLifetime, at: now).date,
      issuer: certificate.subject, subject: subject, extensions: extensions, issuerPrivateKey: key.key)
    return try TLSIdentity(CertificateChain([issued, certificate]), key: own)
  }

  private func end(of lifetime: Int64, at now: Timestamp) -> Timestamp {
    min(max(now, Self.earliest).advanced(bySeconds: lifetime), Timestamp(certificate.notValidAfter))
  }

  /// Whether a server's certificate is this authority's, has these names and lasts. An address that has gone does no
  /// harm, and one that comes and goes is no reason for a new certificate each time.
  func covers(_ identity: TLSIdentity, names: ServerNames, at now: Timestamp) -> Bool {
    guard let first = identity.chain.certificates.first, first.issuer == certificate.subject,
      certificate.publicKey.isValidSignature(first.signature, for: first),
      Timestamp(first.notValidAfter) >= end(of: Self.issuedMargin, at: now),
      let found = try? first.extensions.subjectAlternativeNames
    else { return false }
    let wanted = Set(names.alternatives)
    let others = Set(found).subtracting(wanted)
    return wanted.isSubset(of: Set(found)) && others.count <= ServerNames.limit && others.allSatisfy(\.isAddress)
  }

  /// For others to be told whom to trust.
  package var chain: CertificateChain? { try? CertificateChain([certificate]) }

  package func pem() throws -> String {
    try certificate.serializeAsPEM().pemString + "\n"
  }

  package func der() throws -> [UInt8] {
    try certificate.der()
  }
}

extension GeneralName {
  fileprivate var isAddress: Bool {
    if case .ipAddress = self { true } else { false }
  }
}
