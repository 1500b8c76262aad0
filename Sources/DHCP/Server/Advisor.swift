package import Net

/// What clients are to know of the ACS.
package struct ACSParameters: Hashable, Sendable {
  package var url: String
  package var username: String?
  package var password: String?
  /// Comware only.
  package var serviceProvider: String?
  /// The Broadband Forum's dialect only, as are the next two.
  package var provisioningCode: String?
  /// Seconds.
  package var retryMinimumWait: Int?
  /// Thousandths.
  package var retryMultiplier: Int?
  /// Comware only: sub-options such as `80`, kept as they are.
  package var others: [SubOption]

  package init(
    url: String, username: String? = nil, password: String? = nil, serviceProvider: String? = nil,
    provisioningCode: String? = nil, retryMinimumWait: Int? = nil, retryMultiplier: Int? = nil,
    others: [SubOption] = []
  ) {
    self.url = url
    self.username = username
    self.password = password
    self.serviceProvider = serviceProvider
    self.provisioningCode = provisioningCode
    self.retryMinimumWait = retryMinimumWait
    self.retryMultiplier = retryMultiplier
    self.others = others
  }

  /// Nil for no dialect.
  package func option43(in dialect: Dialect) -> Option43? {
    switch dialect {
    case .comware:
      .comware(
        ComwareParameters(
          url: url, username: username, password: password, serviceProvider: serviceProvider, others: others))
    case .broadbandForum: .broadbandForum(broadbandForum)
    case .bareURL: .bareURL(url)
    case .huawei: .huawei(HuaweiParameters(url: url, username: username, password: password))
    case .eltex:
      .eltex(
        EltexParameters(url: url, provisioningCode: provisioningCode, username: username, password: password))
    case .none: nil
    }
  }

  var broadbandForum: BroadbandForumParameters {
    BroadbandForumParameters(
      url: url, provisioningCode: provisioningCode, retryMinimumWait: retryMinimumWait, retryMultiplier: retryMultiplier
    )
  }
}

/// Where a client finds its boot file (options 66, 67 and 150, `file`, `sname`, `siaddr`).
package struct BootFile: Hashable, Sendable {
  /// A name, a path, or a URL, for routers that take one. At most 255 bytes; one of more than 127 goes out as option 67
  /// only.
  package var name: String
  /// None for a URL, which says by itself where the file is.
  package var servers: [IPv4Address]
  /// Option 66; the first of `servers` in dotted decimal where it is nil.
  package var serverName: String?
  /// Whether firmware that loads a boot program by name (PXE, UEFI HTTP boot) gets it too. A router's boot file is not
  /// for it.
  package var isForBootLoaders: Bool

  package init(name: String, servers: [IPv4Address], serverName: String? = nil, isForBootLoaders: Bool = false) {
    self.name = name
    self.servers = servers
    self.serverName = serverName
    self.isForBootLoaders = isForBootLoaders
  }
}

/// What is told to clients of one kind. The first rule that matches counts.
package struct AdviceRule: Hashable, Sendable {
  package enum Choice: Hashable, Sendable {
    /// By what the client shows of itself.
    case automatic
    case fixed(Dialect)
  }

  /// All must hold.
  package var matches: [ClientMatch]
  package var dialect: Choice
  package var offersBootFile: Bool

  package init(matches: [ClientMatch], dialect: Choice = .automatic, offersBootFile: Bool = true) {
    self.matches = matches
    self.dialect = dialect
    self.offersBootFile = offersBootFile
  }
}

/// What one client is told.
package struct Advice: Hashable, Sendable {
  package let acs: ACSHint?
  /// Option 43.
  package let vendorSpecific: [UInt8]?
  /// Option 125, for clients of the Broadband Forum's kind.
  package let vendorIdentifyingOptions: [UInt8]?
  /// Whether these go out even if the client does not ask for them.
  package let isForced: Bool
  /// Whether a setting or what the client shows of itself tells that it is a CPE.
  package let isForCPE: Bool
  package let bootFile: BootFile?
}

/// Chooses what a client is told of its ACS and boot file.
package struct Advisor: Sendable {
  /// When option 43 goes out (RFC 2132 section 8.4 leaves it open).
  package enum Sending: String, CaseIterable, Sendable {
    /// To clients that list it in option 55.
    case whenRequested
    /// To those, and to every client known as a CPE by rule, vendor class or OUI.
    case whenMatched
    /// To every client.
    case always
  }

  private let options: [Dialect: [UInt8]]
  private let vendorIdentifyingOptions: [UInt8]?
  private let url: String?
  private let rules: [AdviceRule]
  private let fallback: Dialect
  private let sending: Sending

  /// Tells nobody anything.
  package static let silent = Advisor()

  private init() {
    (options, vendorIdentifyingOptions, url, rules) = ([:], nil, nil, [])
    (fallback, sending) = (.none, .whenRequested)
  }

  /// `fallback` is the dialect for clients that show nothing of what they are, and `others` are those that subnets and
  /// classes set. `firstVendorOptionCode` is the code of the URL in option 125. Refuses parameters that one of the dialects cannot express, as far as a client could get that dialect.
  package init(
    acs: ACSParameters?, rules: [AdviceRule] = [], fallback: Dialect = .comware, others: Set<Dialect> = [],
    sending: Sending = .whenMatched, firstVendorOptionCode: UInt8 = 11
  ) throws(Option43Error) {
    var options: [Dialect: [UInt8]] = [:]
    for dialect in Self.reachable(rules: rules, fallback: fallback).union(others) {
      if let option = acs?.option43(in: dialect) { options[dialect] = try option.encode() }
    }
    if let acs, options[.broadbandForum] != nil {
      var bytes: [UInt8] = []
      try acs.broadbandForum.vendorIdentifyingOptions(firstCode: firstVendorOptionCode).write(into: &bytes)
      vendorIdentifyingOptions = bytes
    } else {
      vendorIdentifyingOptions = nil
    }
    self.options = options
    self.url = acs?.url
    self.rules = rules
    self.fallback = fallback
    self.sending = sending
  }

  /// A rule for everyone ends the list, and what lies behind it is out of reach.
  private static func reachable(rules: [AdviceRule], fallback: Dialect) -> Set<Dialect> {
    let automatic: Set<Dialect> = [.comware, .broadbandForum, fallback]
    var dialects: Set<Dialect> = []
    for rule in rules {
      switch rule.dialect {
      case .automatic: dialects.formUnion(automatic)
      case .fixed(let dialect): dialects.insert(dialect)
      }
      if rule.matches.allSatisfy({ $0 == .everyone }) { return dialects }
    }
    return dialects.union(automatic)
  }

  /// Whether a rule or what the client shows of itself tells that it is a CPE.
  package func recognizes(_ client: ClientTraits) -> Bool {
    rules.contains { $0.matches.allSatisfy { $0.matches(client) } } || DialectRecognition.dialect(of: client) != nil
  }

  /// `set` is the dialect that the client's subnet or class has, which goes before the rules, and `bootFile` their boot
  /// file.
  package func advice(for client: ClientTraits, dialect set: Dialect? = nil, bootFile: BootFile? = nil) -> Advice {
    let rule = set == nil ? rules.first { $0.matches.allSatisfy { $0.matches(client) } } : nil
    let recognized = DialectRecognition.dialect(of: client)
    let dialect: Dialect
    switch set.map(AdviceRule.Choice.fixed) ?? rule?.dialect ?? .automatic {
    case .automatic: dialect = recognized ?? fallback
    case .fixed(let fixed): dialect = fixed
    }
    let isMatched = set != nil || rule != nil || recognized != nil
    let isForRouters = rule?.offersBootFile ?? !DialectRecognition.bootsOtherwise(client)
    let bytes = options[dialect]
    return Advice(
      acs: bytes == nil ? nil : url.map { ACSHint(url: $0, dialect: dialect) }, vendorSpecific: bytes,
      vendorIdentifyingOptions: dialect == .broadbandForum ? vendorIdentifyingOptions : nil,
      isForced: sending == .always || sending == .whenMatched && isMatched, isForCPE: isMatched,
      bootFile: bootFile.flatMap { isForRouters || $0.isForBootLoaders ? $0 : nil })
  }
}
