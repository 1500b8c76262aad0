/// The alerts that are about a certificate (RFC 8446 section 6.2).
package enum CertificateAlert: UInt8, CaseIterable, Sendable {
  case bad = 42
  case unsupported = 43
  case revoked = 44
  case expired = 45
  case unknown = 46
  case unknownAuthority = 48
  case accessDenied = 49

  var boringSSLName: String {
    switch self {
    case .bad: "SSLV3_ALERT_BAD_CERTIFICATE"
    case .unsupported: "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE"
    case .revoked: "SSLV3_ALERT_CERTIFICATE_REVOKED"
    case .expired: "SSLV3_ALERT_CERTIFICATE_EXPIRED"
    case .unknown: "SSLV3_ALERT_CERTIFICATE_UNKNOWN"
    case .unknownAuthority: "TLSV1_ALERT_UNKNOWN_CA"
    case .accessDenied: "TLSV1_ALERT_ACCESS_DENIED"
    }
  }
}

extension CertificateAlert: CustomStringConvertible {
  /// The name in the RFC.
  package var description: String {
    switch self {
    case .bad: "bad_certificate"
    case .unsupported: "unsupported_certificate"
    case .revoked: "certificate_revoked"
    case .expired: "certificate_expired"
    case .unknown: "certificate_unknown"
    case .unknownAuthority: "unknown_ca"
    case .accessDenied: "access_denied"
    }
  }
}
