/// Whom a client's certificate names. The server has verified it.
package struct ClientCertificate: Hashable, Sendable {
  /// The subject's common name (RFC 5280 appendix A.1, `id-at-commonName`).
  package var commonName: String?
  /// The subject's serial number: the device's, not the certificate's (`id-at-serialNumber`).
  package var serialNumber: String?

  package init(commonName: String? = nil, serialNumber: String? = nil) {
    self.commonName = commonName
    self.serialNumber = serialNumber
  }
}

extension ClientCertificate: CustomStringConvertible {
  package var description: String { commonName ?? serialNumber ?? "nobody" }
}

/// How a request's connection was protected on its way.
package enum Security: Hashable, Sendable {
  case none
  /// `client` is nil where the client showed no certificate.
  case tls(client: ClientCertificate?)
}
