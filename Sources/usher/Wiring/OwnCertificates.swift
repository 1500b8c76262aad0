import ConfigurationFile
import Transport

/// The certificates that the configuration names.
struct OwnCertificates {
  /// The ACS's; nil for one that the lab's CA issues.
  private(set) var identity: TLSIdentity?
  /// Who signs the routers'; nil for the lab's CA.
  private(set) var clientAuthority: CertificateChain?

  /// What is wrong with the files, the reader keeps.
  init(_ settings: ACSTLSSettings, by reader: inout ConfigurationReader) {
    let origin = settings.origin
    func chain(_ bytes: [UInt8]) throws(CertificateFileError) -> CertificateChain { try CertificateChain(pem: bytes) }
    let certificate = reader.certificate(settings.certificate, origin, "certificate", chain)
    let rest = reader.certificate(settings.chain, origin, "chain", chain)
    let key = reader.certificate(settings.key, origin, "key") { bytes throws(CertificateFileError) in
      try CertificateKey(pem: bytes)
    }
    clientAuthority = reader.certificate(settings.clientAuthority, origin, "client-ca", chain)
    guard let certificate, let key else { return }
    do throws(CertificateFileError) {
      identity = try TLSIdentity(rest.map { certificate.followed(by: $0) } ?? certificate, key: key)
    } catch {
      reader.note(origin.problem(at: "key", "\(settings.key ?? ""): \(error)"))
    }
  }
}
