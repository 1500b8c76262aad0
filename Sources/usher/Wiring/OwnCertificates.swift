import ConfigurationFile
import Transport

/// The certificates that the configuration names.
struct OwnCertificates {
  static let sizeLimit = 1 << 20

  /// The ACS's; nil for one that the lab's CA issues.
  private(set) var identity: TLSIdentity?
  /// Who signs the routers'; nil for the lab's CA.
  private(set) var clientAuthority: CertificateChain?

  /// Adds to `problems` what is wrong with the files. `read` does so itself where one cannot be read, and returns nil.
  init(
    _ settings: ACSTLSSettings, problems: inout [Problem], read: (_ name: String, _ option: String) -> [UInt8]?
  ) {
    var found: [Problem] = []
    func make<Value>(
      _ name: String?, _ option: String, _ body: ([UInt8]) throws(CertificateFileError) -> Value
    ) -> Value? {
      guard let name, let bytes = read(name, option) else { return nil }
      do throws(CertificateFileError) {
        return try body(bytes)
      } catch {
        found.append(settings.origin.problem(at: option, "\(name): \(error)"))
        return nil
      }
    }
    let certificate = make(settings.certificate, "certificate") { bytes throws(CertificateFileError) in
      try CertificateChain(pem: bytes)
    }
    let rest = make(settings.chain, "chain") { bytes throws(CertificateFileError) in
      try CertificateChain(pem: bytes)
    }
    if let certificate {
      identity = make(settings.key, "key") { bytes throws(CertificateFileError) in
        try TLSIdentity(
          rest.map { certificate.followed(by: $0) } ?? certificate, key: CertificateKey(pem: bytes))
      }
    }
    clientAuthority = make(settings.clientAuthority, "client-ca") { bytes throws(CertificateFileError) in
      try CertificateChain(pem: bytes)
    }
    problems += found
  }
}
