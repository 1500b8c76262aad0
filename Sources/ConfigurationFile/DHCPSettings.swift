/// What the DHCP server does in all subnets.
package struct DHCPSettings: Section {
  /// How a router is told the URL of its ACS.
  package enum Dialect: String, CaseIterable, Sendable {
    /// Option 43, sub-option 1: URL, user name and password with spaces between (H3C, HPE Comware).
    case comware
    /// Option 43, sub-option 1: the URL (TR-069 section 3.1).
    case broadbandForum = "broadband-forum"
    /// Option 43: the bare URL.
    case url
    /// Option 43, sub-options 1 and 2: `URL=…;` and `username=…;password=…;` (Huawei AR).
    case huawei
    /// Option 43, sub-options 1 to 4: URL, provisioning code, user name, password (Eltex).
    case eltex
    /// No option 43.
    case none
  }

  /// When option 43 is sent.
  package enum Sending: String, CaseIterable, Sendable {
    /// To routers that ask for it.
    case requested
    /// To those, and to all that are known as CPEs by a rule, a class, their vendor class or their OUI.
    case matched
    case always
  }

  /// Who gets an answer.
  package enum Audience: String, CaseIterable, Sendable {
    case everyone
    /// Beside another DHCP server: only routers that the inventory, a reservation, a lease, a rule, or their own vendor
    /// class or hardware address make known.
    case known
  }

  /// Whether addresses are given at all.
  package var isEnabled = true
  package var audience = Audience.everyone
  /// Whether requests for addresses that this server knows nothing of are refused (DHCPNAK) rather than ignored; nil for
  /// what follows from the audience.
  package var isAuthoritative: Bool?
  /// Option 80 (RFC 4039).
  package var commitsRapidly = false
  /// Option 118 (RFC 3011).
  package var honorsSubnetSelection = false
  /// Seconds.
  package var offersAfter = 0
  package var detectsConflicts = true
  /// Seconds, as is the next.
  package var offerHold = 60
  package var quarantine = 86_400
  /// Where no rule holds and the router's vendor class tells nothing.
  package var dialect = Dialect.comware
  package var acsParameters = ACSParameterSettings()
  /// When option 43 goes out.
  package var sending = Sending.matched
  /// In the order in which they are tried.
  package var rules: [DialectRule] = []
  /// In the order in which they are tried.
  package var classes: [ClassSettings] = []
  package var origin = Origin()

  package init() {}

  static let schema: [Row<DHCPSettings>] = [
    Row(
      "enabled", \.isEnabled, .flag,
      "Whether addresses are given. Where another DHCP server does that, all else is served beside it; that server has to "
        + "tell routers of the ACS (`usher option43` makes its option 43)."),
    Row(
      "answer", \.audience, .choice(),
      "Who is answered: `everyone`, or, beside another DHCP server, `known` routers only: those in the inventory, with a "
        + "reservation or a lease, of a rule or class below, or whose vendor class or OUI tells that they are routers."),
    Row(
      "authoritative", \.isAuthoritative, .flag, absent: "true, unless `answer` is `known`",
      "Whether requests for addresses that this server knows nothing of are refused rather than ignored. Beside another "
        + "DHCP server, only what is on lease from this one is refused to others."),
    Row(
      "rapid-commit", \.commitsRapidly, .flag,
      "Whether routers that ask for it get their lease without an offer first (option 80); only where no other DHCP "
        + "server is."),
    Row(
      "subnet-selection", \.honorsSubnetSelection, .flag,
      "Whether a router may choose the subnet of its address itself (option 118)."),
    Row(
      "offer-after", \.offersAfter, .duration(0...3600),
      "How long a router must have tried before it is offered an address, so that another server can answer first."),
    Row(
      "conflict-detection", \.detectsConflicts, .flag,
      "Whether an address is asked about (ARP, or ICMP echo behind a relay) before it is offered to somebody new."),
    Row(
      "offer-hold", \.offerHold, .duration(10...3600), "How long an address is kept for a router that was offered it."),
    Row(
      "quarantine", \.quarantine, .duration(60...604_800),
      "How long an address that was found in use is kept back."),
    Row(
      "dialect", \.dialect, .choice(),
      "How option 43 tells the ACS URL where neither a rule nor the router's vendor class decides."),
    Row(
      "acs-parameters", \.acsParameters, .section, "What routers are told of the ACS beside its URL and credentials."),
    Row(
      "send", \.sending, .choice(),
      "When option 43 is sent: to routers that have `requested` it, also to those known as CPEs (`matched`), or `always`."
    ),
    Row(
      "rules", \.rules, .list(of: .section, "rules", atMost: 1000),
      "Which routers get which dialect; the first match wins."),
    Row(
      "classes", \.classes, .list(of: .section, "classes", atMost: 256),
      "Kinds of routers and what they are given, in every subnet or as `subnets[].classes` says; the first match wins. "
        + "What a subnet says of a class goes before what stands here, and that before what the subnet says to all."),
  ]

  func check(into findings: inout Findings) {
    var paths: [String: String] = [:]
    for one in classes where one.origin.isRight("name") {
      guard let path = paths.updateValue(one.origin.path, forKey: one.name) else { continue }
      findings.add(
        one.origin.problem(
          at: "name", "\(one.origin.path).name is \(quoted(one.name)), as is \(path).name",
          expected: "a name of its own"))
    }
  }
}

/// A dialect for the routers of which all the patterns given hold.
package struct DialectRule: Section {
  /// A pattern of option 60.
  package var vendorClass: String?
  /// Six upper-case hexadecimal digits: the first three octets of the hardware address.
  package var oui: String?
  package var dialect = DHCPSettings.Dialect.comware
  package var origin = Origin()

  package init() {}

  static let schema: [Row<DialectRule>] = [
    Row(
      "vendor-class", \.vendorClass, .pattern, absent: "any",
      "A pattern of the vendor class (option 60); * stands for any text, ? for one character."),
    Row("oui", \.oui, .oui, absent: "any", "The first three octets of the router's hardware address."),
    Row("dialect", \.dialect, .choice(), required: true, "The dialect of option 43 for these routers."),
  ]

  func check(into findings: inout Findings) {
    guard !origin.isGiven("vendor-class"), !origin.isGiven("oui"), let position = origin.position else { return }
    findings.add(
      Problem(
        position: position, path: origin.path, message: "\(origin.path) tells no routers apart",
        expected: "vendor-class or oui or both"))
  }
}
