/// How the ACS speaks TLS.
package struct ACSTLSSettings: Section {
  package enum KeyType: String, CaseIterable, Sendable {
    case ecdsa, rsa
  }

  package enum ClientCertificates: String, CaseIterable, Sendable {
    case none, optional, required
  }

  package var isEnabled = true
  /// Nil for the one after ``ACSSettings/port``.
  package var port: Int?
  package var keyType = KeyType.ecdsa
  /// The paths of the operator's own files, as written. Nil for a certificate by the lab's CA.
  package var certificate: String?
  package var key: String?
  package var chain: String?
  package var clientCertificates = ClientCertificates.none
  /// The path of who signs the routers' certificates, as written. Nil for the lab's CA.
  package var clientAuthority: String?
  package var origin = Origin()

  package init() {}

  static let schema: [Row<ACSTLSSettings>] = [
    Row("enabled", \.isEnabled, .flag, "Whether the ACS is served over TLS too."),
    Row(
      "port", \.port, .integer(1...65_535), absent: "the one after `acs.port`: 7548",
      "The TCP port of the ACS for https."),
    Row(
      "key-type", \.keyType, .choice(),
      "The keys of the lab's CA and of the certificate that it issues; `rsa` is for routers that know nothing else."),
    Row(
      "certificate", \.certificate, .file, absent: "issued by the lab's CA, for the names and addresses of the ACS",
      "Your own certificate for the ACS (PEM), absolute or from the directory of this file. It needs `key`."),
    Row("key", \.key, .file, absent: "made with the certificate", "The private key of `certificate` (PEM)."),
    Row(
      "chain", \.chain, .file, absent: "what `certificate` holds after the first",
      "The certificates between yours and its CA (PEM)."),
    Row(
      "client-certificates", \.clientCertificates, .choice(),
      "Whether routers that come over TLS are asked for a certificate. One whose common name is the router's OUI-serial, "
        + "OUI-class-serial or serial number takes the place of a password."),
    Row(
      "client-ca", \.clientAuthority, .file, absent: "the lab's CA",
      "Who must have signed the routers' certificates (PEM)."),
  ]

  func check(into findings: inout Findings) {
    need("key", for: "certificate", &findings)
    need("certificate", for: "key", &findings)
    need("certificate", for: "chain", &findings)
    if origin.isGiven("client-ca"), origin.isRight("client-certificates"), clientCertificates == .none {
      findings.add(
        origin.problem(
          at: "client-ca", "\(origin.path).client-ca is given, and routers are not asked for a certificate",
          expected: "client-certificates: optional or required"))
    }
  }

  private func need(_ other: String, for option: String, _ findings: inout Findings) {
    guard origin.isGiven(option), !origin.isGiven(other) else { return }
    findings.add(
      origin.problem(
        at: option, "\(origin.path).\(option) is given without \(other)",
        expected: "\(origin.path).\(other) beside it"))
  }
}
