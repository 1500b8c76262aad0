import NIOSSL

/// Why a connection to a TLS port came to nothing.
package enum HandshakeFailure: Error, Hashable, Sendable {
  /// The client speaks HTTP without TLS.
  case plainHTTP
  /// Its first byte begins no TLS handshake.
  case notTLS
  case timeout
  /// The client went away before the end: it may dislike the certificate and not say so.
  case left
  /// The client says that it does not take the server's certificate.
  case untrusted(CertificateAlert)
  /// It offers no version from TLS 1.2 on.
  case version
  /// It offers no cipher suite or signature that would do.
  case cipher
  /// It showed no certificate where one is required.
  case noClientCertificate
  /// It showed one that is not signed by whom it must be, or not valid now.
  case clientCertificate
  case other(String)

  package var counterName: String {
    switch self {
    case .plainHTTP: "tls.refused.plainHTTP"
    case .notTLS: "tls.refused.notTLS"
    case .timeout: "tls.closed.slow"
    case .left: "tls.closed.left"
    case .untrusted: "tls.failed.untrusted"
    case .version: "tls.failed.version"
    case .cipher: "tls.failed.cipher"
    case .noClientCertificate: "tls.failed.noClientCertificate"
    case .clientCertificate: "tls.failed.clientCertificate"
    case .other: "tls.failed.other"
    }
  }

  /// `alert` is what the client said in the clear before. OpenSSL's clients do so in TLS 1.3 too, and BoringSSL, which
  /// expects it enciphered then, cannot tell what it was.
  init(_ error: any Error, alert: UInt8?) {
    if let alert = alert.flatMap(CertificateAlert.init) {
      self = .untrusted(alert)
      return
    }
    guard case NIOSSLError.handshakeFailed(let reason) = error else {
      self = .other("\(error)")
      return
    }
    let stack: [BoringSSLInternalError] =
      switch reason {
      case .sslError(let stack), .unknownError(let stack): stack
      default: []
      }
    if stack.contains(.eofDuringHandshake) {
      self = .left
      return
    }
    self.init(reasons: stack.map(\.description), of: "\(reason)")
  }

  /// BoringSSL tells its reasons as words in a line of text: `error:1000…:SSL routines:OPENSSL_internal:REASON at …`.
  private init(reasons lines: [String], of text: String) {
    let words = Set(lines.flatMap { $0.split { ": ".contains($0) }.map(String.init) })
    func has(_ names: String...) -> Bool { names.contains(where: words.contains) }
    if let alert = CertificateAlert.allCases.first(where: { words.contains($0.boringSSLName) }) {
      self = .untrusted(alert)
    } else if has("UNSUPPORTED_PROTOCOL", "WRONG_VERSION_NUMBER", "TLSV1_ALERT_PROTOCOL_VERSION") {
      self = .version
    } else if has(
      "NO_SHARED_CIPHER", "WRONG_CURVE", "NO_SHARED_GROUP", "NO_COMMON_SIGNATURE_ALGORITHMS",
      "SSLV3_ALERT_HANDSHAKE_FAILURE")
    {
      self = .cipher
    } else if has("PEER_DID_NOT_RETURN_A_CERTIFICATE") {
      self = .noClientCertificate
    } else if has("CERTIFICATE_VERIFY_FAILED") {
      self = .clientCertificate
    } else {
      self = .other(lines.last ?? text)
    }
  }
}

extension HandshakeFailure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .plainHTTP: "it spoke plain HTTP to the port for TLS"
    case .notTLS: "what it sent is not TLS"
    case .timeout: "the TLS handshake took too long"
    case .left: "it left in the TLS handshake; it may not trust the CA"
    case .untrusted(let alert): "it does not take the ACS's certificate (\(alert)); give it the CA, or set its clock"
    case .version: "it offers no TLS version from 1.2 on"
    case .cipher: "it offers no cipher suite for the ACS's certificate; `acs.tls.key-type: rsa` may help"
    case .noClientCertificate: "it showed no certificate, and one is required"
    case .clientCertificate: "its certificate is not one that is accepted"
    case .other(let reason): "the TLS handshake failed: \(reason)"
    }
  }
}
