package import Net

/// The auto-configuration server (TR-069) and how routers are told of it.
package struct ACSSettings: Section {
  package enum Authentication: String, CaseIterable, Sendable {
    /// HTTP digest authentication (RFC 7616).
    case digest
    /// HTTP basic authentication (RFC 7617) beside digest, over plain HTTP too.
    case basic
    case none
  }

  /// The algorithms that digest authentication offers.
  package enum Digest: String, CaseIterable, Sendable {
    case md5
    case sha256 = "sha-256"
    case both
  }

  /// How a router opens its first session.
  package enum FirstContact: String, CaseIterable, Sendable {
    /// By what option 43 or its model gives it.
    case credentials
    /// Without any too, from an address that was leased to it on a served link.
    case link
  }

  package enum Scheme: String, CaseIterable, Sendable {
    case http, https
  }

  /// The name in the URL; the DNS server answers for it.
  package var name = "acs.usher.internal"
  /// Nil for the address of the interface that the router asks on.
  package var address: IPv4Address?
  package var port = 7547
  /// At least one; routers are given the first.
  package var paths = ["/acs"]
  /// Whether ports 80 and 443 are served too, for names of others.
  package var servesCaptivePorts = false
  /// Of the URL that is made.
  package var scheme = Scheme.http
  /// The whole URL in place of the one that is made.
  package var url: String?
  /// What option 43 hands out beside the URL, to open the first session.
  package var username = "usher"
  /// Nil for one that is generated at the first start and kept.
  package var password: String?
  package var authentication = Authentication.digest
  package var digest = Digest.md5
  package var firstContact = FirstContact.credentials
  /// The leading bits of a router's address that must stay the same within a session.
  package var sessionPrefix = 32
  package var tls = ACSTLSSettings()
  /// Networks that connection requests go to besides each router's own address.
  package var connectionRequestsTo: [Subnet] = []
  package var stun = STUNSettings()
  package var transcripts = TranscriptSettings()
  package var origin = Origin()

  package init() {}

  /// The path in the URL that is made.
  package var path: String { paths.first ?? "/acs" }

  /// The URL that routers are given.
  package var routersURL: String {
    if let url { return url }
    return switch scheme {
    case .http: "http://\(name):\(port)\(path)"
    case .https: "https://\(name):\(tlsPort)\(path)"
    }
  }

  /// The port for https.
  package var tlsPort: Int { tls.port ?? (port < 65_535 ? port + 1 : port - 1) }

  /// The bytes that a generated password may have, so that it fits option 43 beside URL and user name.
  package static let generatedPasswordLength = 32

  static let schema: [Row<ACSSettings>] = [
    Row("name", \.name, .domainName, "The host name in the ACS URL. It must be in `dns.zone` while DNS is on."),
    Row(
      "address", \.address, .ipv4, absent: "the address of the interface that the router is on",
      "The address that the name resolves to."),
    Row("port", \.port, .integer(1...65_535), "The TCP port of the ACS."),
    Row(
      "path", \.paths, Form.oneOrMore(of: .urlPath, "paths", atMost: 16).matching("a path, or a list of some", isGiven),
      "The path in the ACS URL, or several, of which the first is in the URL and all are served."),
    Row(
      "captive-ports", \.servesCaptivePorts, .flag,
      "Whether the ACS is also at ports 80 and, with TLS, 443, for routers that come by a name in `dns.captive` and "
        + "whose URL has no port."),
    Row(
      "scheme", \.scheme, .choice(),
      "Whether routers are sent to `port` or, with https, to `tls.port`, where they must trust its certificate."),
    Row(
      "url", \.url, .acsURL, absent: "made of scheme, name, port and path",
      "The whole ACS URL that routers are given, where it is to be another."),
    Row("username", \.username, .word, "The user name that routers are given for their first session."),
    Row(
      "password", \.password, .word, absent: "generated at the first start and kept",
      "The password that routers are given for their first session."),
    Row(
      "authentication", \.authentication, .choice(),
      "How routers prove who they are: by HTTP digest, and over TLS by basic too; by basic everywhere; or not at all, "
        + "which is for closed labs only."),
    Row(
      "digest", \.digest, .choice(),
      "What digest authentication offers: MD5, which every router takes; SHA-256, which few do; or both, MD5 first."),
    Row(
      "first-contact", \.firstContact, .choice(),
      "How a router opens its first session: by credentials alone; or, with link, without any too, from the address that "
        + "it leased here, on an interface of this appliance, without a relay. For routers whose dialect of option 43 "
        + "carries none, where the network is the appliance's alone: whoever is on it can come first. Not while another "
        + "DHCP server answers there."),
    Row(
      "session-prefix", \.sessionPrefix, .integer(8...32),
      "How many leading bits of a router's address must stay the same from the beginning of its session to the fetch of "
        + "the files that it is given there: 32 for the one address, 24 for its network of 256, for routers behind a "
        + "NAT that has several addresses."),
    Row("tls", \.tls, .section, "The ACS over TLS."),
    Row(
      "connection-requests-to", \.connectionRequestsTo, .list(of: .subnet, "subnets", atMost: 64),
      "Where a router's ConnectionRequestURL may lead besides to its own address, such as to its loopback."),
    Row("transcripts", \.transcripts, .section, "Which sessions are kept, for `usher transcript`."),
    Row("stun", \.stun, .section, "The STUN server, by which routers behind a NAT can be woken (TR-069 annex G)."),
  ]

  /// Sub-option 1 of Comware's option 43, URL, user name and password with spaces between, has one byte of length.
  func check(into findings: inout Findings) {
    checkTLS(&findings)
    guard ["name", "port", "path", "scheme", "tls", "url", "username", "password"].allSatisfy(origin.isRight) else {
      return
    }
    let size =
      routersURL.utf8.count + 1 + username.utf8.count + 1 + (password?.utf8.count ?? Self.generatedPasswordLength)
    guard size > 253 else { return }
    let option = ["url", "path", "name", "username", "password"].first(where: origin.isGiven) ?? "name"
    findings.add(
      origin.problem(
        at: option, "the ACS URL, user name and password have \(size) bytes with the spaces between them",
        expected: "at most 253, which is what option 43 can carry"))
  }

  private static func isGiven(_ paths: [String]) -> Bool { !paths.isEmpty }

  private func checkTLS(_ findings: inout Findings) {
    guard origin.isRight("tls") else { return }
    if scheme == .https, origin.isRight("scheme"), url == nil, !tls.isEnabled {
      findings.add(
        origin.problem(
          at: "scheme", "acs.scheme is \"https\", and acs.tls is not enabled", expected: "acs.tls with enabled: true"))
    }
    if servesCaptivePorts, tls.isEnabled, port == 443 || tlsPort == 80 {
      findings.add(
        origin.problem(
          at: "captive-ports",
          "acs.captive-ports has port \(port == 443 ? "443 for https" : "80 for http"), "
            + "which acs.\(port == 443 ? "port" : "tls.port") has for the other",
          expected: "other ports for the ACS itself"))
    }
    if tls.isEnabled, tls.port == port, origin.isRight("port") {
      findings.add(
        tls.origin.problem(
          at: "port", "acs.port and acs.tls.port are both \(port)", expected: "a port of its own for each"))
    }
  }
}
