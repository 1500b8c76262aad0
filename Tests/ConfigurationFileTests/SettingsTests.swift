import DNS
import Net
import Testing

@testable import ConfigurationFile

struct SettingsTests {
  @Test func `the example is right and says what it says`() throws {
    let settings = try Settings.parse(Settings.example, file: "usher.yaml")
    #expect(settings.interfaces == ["eth1"])
    #expect(settings.acs.routersURL == "http://acs.usher.internal:7547/acs")
    #expect(settings.acs.address == IPv4Address(192, 0, 2, 1))
    #expect(settings.acs.password == nil)
    #expect(settings.dns.records.first?.data == .a(IPv4Address(192, 0, 2, 5)))
    #expect(settings.dhcp.rules.map(\.dialect) == [.broadbandForum, .comware])
    #expect(settings.dhcp.rules.map(\.oui) == [nil, "000FE2"])
    let subnet = try #require(settings.subnets.first)
    #expect(subnet.subnet.description == "192.0.2.0/24")
    #expect(subnet.pool.map(\.description) == ["192.0.2.100-192.0.2.199"])
    #expect(subnet.leaseTime == 43_200)
    #expect(subnet.dnsServers == nil)
    #expect(subnet.domain == nil)
    #expect(subnet.offeredBootFile == "device.cfg")
    #expect(subnet.options.first?.bytes == Array("192.0.2.1".utf8))
    #expect(
      subnet.reservations.first?.client == MACAddress("00:0f:e2:00:00:01").map(ReservationSettings.Client.hardware))
    #expect(settings.inventory == "routers.csv")
    let profile = try #require(settings.profiles.first)
    #expect(profile.match.productClass == "MSR*")
    #expect(profile.match.oui == "*")
    #expect(profile.admit == .inventory)
    #expect(profile.informInterval == 300)
    #expect(
      profile.parameters == [
        ParameterSettings(path: "InternetGatewayDevice.Time.NTPServer1", value: "192.0.2.5", type: .string),
        ParameterSettings(
          path: "InternetGatewayDevice.ManagementServer.PeriodicInformEnable", value: "true", type: .boolean),
      ])
    #expect(profile.configuration?.template == "branch.cfg")
    #expect(profile.reboot)
    #expect(profile.variables == [VariableSettings(name: "ntp", value: "192.0.2.5")])
  }

  @Test(arguments: ["", "\n", "# nothing but a comment\n", "---\n", "{}", "~", "\u{FEFF}\n", "--- {}\n...\n"])
  func `a file that says nothing leaves every default`(yaml: String) throws {
    #expect(try Settings.parse(yaml, file: "usher.yaml") == .default)
  }

  @Test func `without a file, every router is admitted and the interface's own subnet is served`() {
    #expect(Settings.default.profiles.map(\.name) == ["open-lab"])
    #expect(Settings.default.profiles.map(\.admit) == [.all])
    #expect(Settings.default.subnets.isEmpty)
    #expect(Settings.default.dhcp.dialect == .comware)
    #expect(Settings.default.acs.authentication == .digest)
    #expect(Settings.default.acs.tlsPort == 7548)
  }

  @Test(arguments: [
    ("90", 90), ("90s", 90), ("15m", 900), ("12h", 43_200), ("7d", 604_800), ("31536000", 31_536_000),
  ])
  func `a duration has a unit or is in seconds`(text: String, seconds: Int) throws {
    let settings = try Settings.parse("subnets: [{subnet: 10.0.0.0/24, lease-time: \(text)}]", file: "usher.yaml")
    #expect(settings.subnets.map(\.leaseTime) == [seconds])
  }

  @Test(arguments: [("1", 1), ("1025", 1025), ("512K", 512 << 10), ("200M", 200 << 20), ("1G", 1 << 30)])
  func `a size has a unit or is in bytes`(text: String, bytes: Int) throws {
    #expect(try Settings.parse("files: {limit: \(text)}", file: "usher.yaml").files.limit == bytes)
  }

  @Test(arguments: ["0", "-1", "1.5G", "1 G", "1g", "1GB", "9999999T", "all"])
  func `what is no size is refused`(text: String) {
    #expect(throws: ConfigurationError.self) { try Settings.parse("files: {limit: \(text)}", file: "usher.yaml") }
  }

  @Test func `one file may not be larger than all together`() {
    #expect(throws: ConfigurationError.self) {
      try Settings.parse("files: {limit: 2G, total: 1G}", file: "usher.yaml")
    }
  }

  @Test func `text is taken as it is written, whatever YAML makes of it`() throws {
    let settings = try Settings.parse(
      """
      acs: {username: 0x10, password: 1_000}
      profiles:
        - name: no
          variables: {country: no, time: 12:30, octal: 0644, empty: "", quoted: 'a "b" \\', null: "null"}
      """, file: "usher.yaml")
    #expect(settings.acs.username == "0x10")
    #expect(settings.acs.password == "1_000")
    #expect(settings.profiles.map(\.name) == ["no"])
    #expect(
      settings.profiles.first?.variables.map { [$0.name, $0.value] } == [
        ["country", "no"], ["time", "12:30"], ["octal", "0644"], ["empty", ""], ["quoted", "a \"b\" \\"],
        ["null", "null"],
      ])
  }

  @Test func `a parameter has the type of its spelling unless one is given`() throws {
    let settings = try Settings.parse(
      """
      profiles:
        - name: types
          parameters:
            Device.A: 5
            Device.B: -5
            Device.C: "5"
            Device.D: false
            Device.E: 9.1.064
            Device.F: {value: 99999999999, type: unsignedLong}
            Device.G: {value: 2026-01-31T12:00:00Z, type: dateTime}
            Device.H: {value: "1", type: boolean}
            Device.I: {value: no, type: string}
            Device.J: {value: QUJD, type: base64}
      """, file: "usher.yaml")
    #expect(
      settings.profiles.first?.parameters.map(\.type) == [
        .unsignedInt, .int, .string, .boolean, .string, .unsignedLong, .dateTime, .boolean, .string, .base64,
      ])
    #expect(settings.profiles.first?.parameters.last?.value == "QUJD")
  }

  @Test(arguments: [
    ("192.0.2.0/24", "192.0.2.1", ["192.0.2.2-192.0.2.254"]),
    ("192.0.2.0/24", "192.0.2.254", ["192.0.2.1-192.0.2.253"]),
    ("192.0.2.0/24", "192.0.2.9", ["192.0.2.1-192.0.2.8", "192.0.2.10-192.0.2.254"]),
    ("192.0.2.0/24", "198.51.100.1", ["192.0.2.1-192.0.2.254"]), ("192.0.2.0/31", "192.0.2.0", ["192.0.2.1"]),
    ("192.0.2.0/32", "192.0.2.0", []), ("128.0.0.0/1", "255.255.255.255", ["128.0.0.1-255.255.255.254"]),
  ])
  func `the interface's own subnet has a pool of all but the interface's address`(
    subnet: String, own: String, pool: [String]
  ) throws {
    let settings = SubnetSettings(try #require(Subnet(subnet)), except: try #require(IPv4Address(own)))
    #expect(settings.pool.map(\.description) == pool)
  }

  @Test func `a model has what most routers want unless it says otherwise`() throws {
    let models = try Settings.parse(
      "models: [{match: {oui: 00E0FC, software-version: V3*}, declaration: true, booleans: words, end: empty}, {}]",
      file: "usher.yaml"
    ).models
    let first = try #require(models.first)
    #expect(first.match.oui == "00E0FC" && first.match.softwareVersion == "V3*" && first.match.productClass == "*")
    #expect(first.declaration && first.booleans == .words && first.end == .empty && first.login == .required)
    #expect(models.dropFirst().map(\.end) == [.noContent])
    #expect(models.dropFirst().map(\.booleans) == [.own])
  }

  @Test func `an option's place is known to the caller who finds a problem with it later`() throws {
    let settings = try Settings.parse(Settings.example, file: "usher.yaml")
    let configuration = try #require(settings.profiles.first?.configuration)
    let problem = configuration.origin.problem(at: "template", "there is no file branch.cfg")
    let error = ConfigurationError(file: "usher.yaml", source: Settings.example, problems: [problem])
    #expect(
      error.description == """
        usher.yaml:42:17: there is no file branch.cfg
           42 |       template: branch.cfg
              |                 ^
        """)
    #expect(problem.path == "profiles[0].configuration.template")
  }

  @Test func `https has the port after that of http, unless it is given one`() throws {
    func url(_ acs: String) throws -> String {
      try Settings.parse("acs: {scheme: https, \(acs)}", file: "f").acs.routersURL
    }
    #expect(try url("path: /") == "https://acs.usher.internal:7548/")
    #expect(try url("port: 9090") == "https://acs.usher.internal:9091/acs")
    #expect(try url("port: 65535") == "https://acs.usher.internal:65534/acs")
    #expect(try url("tls: {port: 443}") == "https://acs.usher.internal:443/acs")
  }

  @Test(arguments: [
    "device.cfg", "config/vrpcfg.cfg", "/flash/a.cfg", "dir\\a.cfg", "http://192.0.2.1:7547/boot/device.cfg",
    "HTTPS://files.example/a/b?c=d", "tftp://192.0.2.9/a.cfg", "ftp://u:p@192.0.2.9/a.cfg", "http:device.cfg", "none",
    String(repeating: "a", count: 255),
  ])
  func `a boot file is a name, a path or a URL, of a subnet, a class or one router`(name: String) throws {
    let settings = try Settings.parse(
      """
      dhcp: {classes: [{name: a, oui: "000FE2", boot-file: '\(name)'}]}
      subnets:
        - subnet: 192.0.2.0/24
          pool: 192.0.2.100-192.0.2.149
          boot-file: '\(name)'
          classes: [{class: a, boot-file: '\(name)'}]
          reservations: [{mac: "00:0f:e2:00:53:01", address: 192.0.2.20, boot-file: '\(name)'}]
      """, file: "usher.yaml")
    let subnet = try #require(settings.subnets.first)
    #expect(subnet.bootFile == name && subnet.reservations.map(\.bootFile) == [name])
    #expect(subnet.classes.map(\.values.bootFile) == [name] && settings.dhcp.classes.map(\.values.bootFile) == [name])
  }

  @Test(arguments: [
    "", "a b", "a/", "../a", "a/../../b", "http://", "http:///a", "gopher://a/b", "http:a/b", "http:../a", ".hidden",
    "é.cfg", String(repeating: "a", count: 256),
  ])
  func `what no boot file can be called is refused`(name: String) {
    #expect(throws: ConfigurationError.self) {
      try Settings.parse("subnets: [{subnet: 192.0.2.0/24, boot-file: '\(name)'}]", file: "usher.yaml")
    }
  }

  @Test func `an option is forced with its value, or by its number where other settings make it`() throws {
    let options = "{code: 138, addresses: [192.0.2.10], force: true}, {code: 67, force: true}, {code: 42, force: true}"
    let settings = try Settings.parse(
      "subnets: [{subnet: 192.0.2.0/24, ntp-servers: [192.0.2.1], options: [\(options)]}]", file: "usher.yaml")
    let read = try #require(settings.subnets.first).options
    #expect(read.map(\.isForced) == [true, true, true] && read.map(\.isOfOthers) == [false, true, true])
    for wrong in [
      "{code: 67}", "{code: 138, force: true}", "{code: 53, force: true}", "{code: 67, text: a, force: true}",
    ] {
      #expect(throws: ConfigurationError.self) {
        try Settings.parse("subnets: [{subnet: 192.0.2.0/24, options: [\(wrong)]}]", file: "usher.yaml")
      }
    }
  }

  @Test func `beside another server nothing is refused by default, and DHCP can be off`() throws {
    let settings = try Settings.parse("dhcp: {enabled: false, answer: known}", file: "usher.yaml")
    #expect(!settings.dhcp.isEnabled && settings.dhcp.isAuthoritative == nil)
    #expect(Settings.default.dhcp.isEnabled)
  }
}
