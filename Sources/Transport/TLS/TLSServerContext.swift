import HTTP
import NIOSSL
import Synchronization
import X509

/// What a TLS server is: one of these serves all its ports, and what it holds can be replaced while they are open. Each
/// connection keeps what it began with.
package final class TLSServerContext: Sendable {
  package struct Settings: Hashable, Sendable {
    package var identity: TLSIdentity
    package var clients: Clients
    /// The authority that signed the identity, where it is the lab's own: clients can be given its certificate.
    package var authority: LabAuthority?

    package init(_ identity: TLSIdentity, clients: Clients = .unasked, authority: LabAuthority? = nil) {
      self.identity = identity
      self.clients = clients
      self.authority = authority
    }
  }

  /// Whether clients are asked for a certificate, and who must have signed it.
  package enum Clients: Hashable, Sendable {
    case unasked
    /// One that is shown must be good, and none need be shown.
    case optional(signedBy: CertificateChain)
    case required(signedBy: CertificateChain)
  }

  private let state: Mutex<(settings: Settings, context: NIOSSLContext)>

  /// Throws what BoringSSL has against the settings.
  package init(_ settings: Settings) throws {
    state = Mutex((settings, try Self.context(settings)))
  }

  package var settings: Settings { state.withLock { $0.settings } }

  /// For connections from now on.
  package func replace(_ settings: Settings) throws {
    // A new context knows nothing of the sessions that the old one's clients would resume.
    guard settings != self.settings else { return }
    let context = try Self.context(settings)
    state.withLock { $0 = (settings, context) }
  }

  var context: NIOSSLContext { state.withLock { $0.context } }

  private static func context(_ settings: Settings) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try settings.identity.chain.certificates.map { .certificate(try nioCertificate($0)) },
      privateKey: .privateKey(
        try NIOSSLPrivateKey(bytes: Array(settings.identity.key.pem().utf8), format: .pem)))
    configuration.minimumTLSVersion = .tlsv12
    configuration.maximumTLSVersion = .tlsv13
    configuration.cipherSuiteValues = ciphers
    configuration.shutdownTimeout = .seconds(2)
    switch settings.clients {
    case .unasked: configuration.certificateVerification = .none
    case .optional(let authorities):
      configuration.certificateVerification = .optionalVerification
      configuration.trustRoots = .certificates(try authorities.certificates.map(nioCertificate))
    case .required(let authorities):
      configuration.certificateVerification = .noHostnameVerification
      configuration.trustRoots = .certificates(try authorities.certificates.map(nioCertificate))
    }
    return try NIOSSLContext(configuration: configuration)
  }

  private static func nioCertificate(_ certificate: Certificate) throws -> NIOSSLCertificate {
    try NIOSSLCertificate(bytes: certificate.der(), format: .der)
  }

  /// Of TLS 1.2; those of 1.3 are fixed. The last six are for old routers, which know neither GCM nor elliptic curves.
  private static let ciphers: [NIOTLSCipher] = [
    .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    .TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, .TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
    .TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, .TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, .TLS_RSA_WITH_AES_128_GCM_SHA256,
    .TLS_RSA_WITH_AES_256_GCM_SHA384, .TLS_RSA_WITH_AES_128_CBC_SHA, .TLS_RSA_WITH_AES_256_CBC_SHA,
  ]
}

extension ClientCertificate {
  /// Of a certificate that BoringSSL has verified.
  init(_ certificate: NIOSSLCertificate) throws {
    let subject = try Certificate(derEncoded: certificate.toDERBytes()).subject
    self.init()
    for attribute in subject.lazy.flatMap({ $0 }) {
      // Of several common names the last is the most specific.
      switch attribute.type {
      case .RDNAttributeType.commonName: commonName = String(attribute.value)
      case [2, 5, 4, 5]: serialNumber = String(attribute.value)
      default: break
      }
    }
  }
}
