import CWMP
import Net
import Testing

@testable import Provisioning

struct GoalTests {
  @Test func `paths stand under the router's own root, and values are rendered`() throws {
    let goal = try goal(for: Device(id: msr, manufacturer: "", dataModel: .device, firstInform: noon))
    #expect(
      goal.parameters.map(\.wanted) == [
        ParameterValue(path: "Device.ManagementServer.PeriodicInformEnable", value: "1", type: .boolean),
        ParameterValue(path: "Device.ManagementServer.PeriodicInformInterval", value: "300", type: .unsignedInt),
        ParameterValue(path: "Device.Time.NTPServer1", value: "192.0.2.1"),
        ParameterValue(path: "Device.ManagementServer.STUNPassword", value: "secret Bern 1"),
      ])
    #expect(goal.configuration?.content == Array("sysname Bern-1\n".utf8))
    #expect(goal.profile == "branch")
  }

  @Test func `a parameter of the profile comes before the periodic one of the same path`() throws {
    var profile = try fullProfile()
    profile.parameters = [
      ParameterValue(path: "~.ManagementServer.PeriodicInformInterval", value: "60", type: .unsignedInt)
    ]
    let goal = try goal(profile: profile)
    #expect(goal.parameters.map(\.wanted.value) == ["1", "60"])
  }

  @Test func `the row's variables come before the profile's, and those before what is known of every router`() throws {
    var profile = try fullProfile()
    profile.configuration = .init(
      template: try Template("{{ a }} {{ b }} {{ hostname }} {{ serial }} {{ mac }} {{ address }} {{ acs_url }}"),
      fileName: "x")
    profile.parameters = []
    profile.variables = ["a": "profile", "b": "profile"]
    let row = Inventory.Row(
      serialNumber: "x", site: "Bern", variables: ["a": "row", "b": "", "hostname": "r1"], line: 2)
    let goal = try goal(row: row, profile: profile)
    #expect(
      goal.configuration.map { String(decoding: $0.content, as: UTF8.self) }
        == "row profile r1 210235A95YH10C000045 00:0f:e2:00:00:01 192.0.2.10 http://acs.example:7547/acs")
  }

  @Test func `a goal that cannot be rendered says where and why`() throws {
    var profile = try fullProfile()
    #expect(
      throws: GoalError.template(
        .noValue(name: "site", at: .init(line: 1, column: 11)),
        of: "the parameter \(root)ManagementServer.STUNPassword",
        profile: nil)
    ) { try goal(row: nil, profile: profile) }
    profile.parameters = []
    profile.configuration?.template = try Template("vlan\n name {{ vlna }}\n")
    profile.variables = ["vlan": "1"]
    do throws(GoalError) {
      _ = try Goal(for: device(), row: row, profile: profile, here, digest: digest)
      Issue.record("it was rendered")
    } catch {
      #expect(
        error.description
          == "the configuration \"startup.cfg\" of profile \"branch\": line 2, column 10: no variable \"vlna\"; did you mean \"vlan\"?"
      )
    }
  }

  @Test func `what a router reports cannot bring a command into its configuration`() throws {
    var profile = try fullProfile()
    profile.configuration?.template = try Template("description {{ product_class }}")
    let evil = Device(
      id: DeviceID(oui: "000FE2", productClass: "x\n undo cwmp", serialNumber: "1"), manufacturer: "",
      dataModel: .device, firstInform: noon)
    #expect(throws: GoalError.self) { try goal(for: evil, profile: profile) }
  }

  @Test(arguments: ["", "Device.", "Device.X\n", String(repeating: "x", count: 257)])
  func `what is no path is refused`(path: String) throws {
    var profile = try fullProfile()
    profile.parameters = [ParameterValue(path: path, value: "")]
    #expect(throws: GoalError.invalidPath(path)) { try goal(profile: profile) }
  }

  @Test func `the fingerprint tells goals apart`() throws {
    let base = try fullProfile()
    var others = [base, base, base, base, base]
    others[1].variables["ntp"] = "192.0.2.2"
    others[2].rebootsWhenConfigured = false
    others[3].periodicInformInterval = 301
    others[4].configuration?.template = try Template("sysname other")
    #expect(Set(try others.map { try goal(profile: $0).fingerprint }).count == 5)
    #expect(try goal().fingerprint == goal().fingerprint)
  }

  @Test(arguments: [
    (ValueType.boolean, "1", "true", true), (.boolean, "true", "1", true), (.boolean, "1", "0", false),
    (.boolean, "1", "on", false), (.unsignedInt, "300", "0300", true), (.unsignedInt, "300", " 300 ", true),
    (.unsignedInt, "300", "", false), (.int, "-1", "-1", true), (.unsignedInt, "300", "301", false),
    (.string, "a", "A", false), (.string, "1", "true", false), (.hexBinary, "0aff", "0AFF", true),
    (.unsignedInt, "x", "x", false),
  ])
  func `values agree as their type reads them`(type: ValueType, wanted: String, found: String, agree: Bool) {
    let parameter = Goal.Parameter(wanted: ParameterValue(path: "Device.X", value: wanted, type: type), digest: digest)
    #expect(parameter.agrees(with: found) == agree)
  }
}

struct MatchTests {
  @Test(arguments: [
    ("*", "", true), ("*", "x", true), ("", "", true), ("", "x", false), ("MSR*", "msr36-20", true),
    ("MSR36-?0", "MSR36-20", true), ("*20", "MSR36-20", true), ("M*3*0", "MSR36-20", true),
    ("M*4*0", "MSR36-20", false),
    ("?", "", false), ("**", "", true), ("*a*b*c*", "xxaxxbxxcxx", true),
  ])
  func `a pattern matches in either case`(pattern: String, subject: String, matches: Bool) {
    #expect(Pattern(pattern).matches(subject) == matches)
  }

  @Test func `a pattern of many stars ends`() {
    #expect(!Pattern(String(repeating: "a*", count: 200) + "b").matches(String(repeating: "a", count: 2000)))
  }

  @Test func `the row names the profile, and else the first that matches is taken`() throws {
    let profiles = [
      Profile(name: "hp", match: Match(manufacturer: Pattern("HP*"))),
      Profile(name: "msr", match: Match(oui: Pattern("000fe2"), productClass: Pattern("MSR*"))), Profile(name: "rest"),
    ]
    #expect(try profiles.profile(for: device(), row: nil).name == "msr")
    #expect(try profiles.profile(for: device(), row: .init(profile: "hp", line: 3)).name == "hp")
    #expect(throws: GoalError.unknownProfile(name: "rst", line: 3, nearest: "rest")) {
      try profiles.profile(for: device(), row: .init(profile: "rst", line: 3))
    }
    #expect(throws: GoalError.noProfile(of: msr)) { try [profiles[0]].profile(for: device(), row: nil) }
  }
}

struct AdmissionTests {
  private let open = Profile(name: "lab", admit: .all)
  private let closed = Profile(name: "branch", admit: .inventory)

  @Test func `the inventory admits, or says no`() {
    #expect(Admission.decision(for: device(), row: row, profile: closed) == .admitted(by: "the inventory"))
    let no = Inventory.Row(serialNumber: "x", isApproved: false, line: 7)
    #expect(
      Admission.decision(for: device(), row: no, profile: open)
        == .quarantined(reason: "line 7 of the inventory says that it is not approved"))
  }

  @Test func `a router that the inventory does not have is admitted by an open profile alone`() {
    #expect(
      Admission.decision(for: device(), row: nil, profile: open) == .admitted(by: "profile lab, which admits all"))
    #expect(
      Admission.decision(for: device(), row: nil, profile: closed)
        == .quarantined(reason: "its serial number \"210235A95YH10C000045\" is not in the inventory"))
    guard case .quarantined = Admission.decision(for: device(), row: nil, profile: nil) else {
      Issue.record("without a profile it must be quarantined")
      return
    }
  }

  @Test func `what a person decided stays`() {
    let approved = device { $0.admission = .admitted(by: Admission.person) }
    #expect(Admission.decision(for: approved, row: nil, profile: closed) == approved.admission)
  }

  @Test func `an admission is told of once`() {
    var progress = Progress(of: device())
    progress.decide(.quarantined(reason: "r"))
    progress.decide(.quarantined(reason: "r"))
    progress.decide(.admitted(by: "x"))
    #expect(progress.outcomes == [.quarantined(reason: "r"), .admitted(by: "x")])
  }
}

struct AdviceTests {
  @Test func `a URL has a scheme, a host, a port and a path`() throws {
    let url = try ACSURL("http://acs.example:7547/acs?x=1")
    #expect(
      [url.scheme.rawValue, url.host, String(url.port), url.path] == ["http", "acs.example", "7547", "/acs?x=1"])
    #expect(try ACSURL("HTTPS://192.0.2.1").port == 443)
    #expect(try ACSURL("https://192.0.2.1").path == "/")
    #expect(try ACSURL("https://192.0.2.1").address == IPv4Address(192, 0, 2, 1))
    #expect(try ACSURL(host: "acs", port: 80, path: "/acs").text == "http://acs/acs")
    #expect(try ACSURL(host: "acs", port: 7547, path: "").text == "http://acs:7547")
  }

  @Test(arguments: [
    ("http://", ACSURLError.length(7)), ("http://a b.example/", .characters), ("ftp://acs.example/", .scheme),
    ("http://u:p@acs.example", .userInformation), ("http://acs..example", .host("acs..example")),
    ("http://192.0.2.300/", .host("192.0.2.300")), ("http:///acs", .host("")), ("http://-acs.x/", .host("-acs.x")),
    ("http://acs:0/", .port("0")), ("http://acs:99999/", .port("99999")), ("http://acs:/", .port("")),
    ("http://acs:+80/", .port("+80")), ("http://[::1]:80/", .host("[::1]:80")), ("http://é.example/", .characters),
  ])
  func `what routers could not use is refused`(text: String, error: ACSURLError) {
    #expect(throws: error) { try ACSURL(text) }
  }

  @Test func `URL, user name and password fit one sub-option`() throws {
    let address = IPv4Address(192, 0, 2, 1)
    let url = try ACSURL("http://acs.example:7547/" + String(repeating: "x", count: 200))
    #expect(
      try Advice(url: url, username: "user", password: "0123456789012345678", address: address).name == "acs.example")
    #expect(throws: AdviceError.tooLong(254, limit: 253)) {
      try Advice(url: url, username: "user", password: String(repeating: "x", count: 24), address: address)
    }
    #expect(throws: AdviceError.characters) {
      try Advice(url: url, username: "us er", password: nil, address: address)
    }
    #expect(throws: AdviceError.passwordAlone) {
      try Advice(url: url, username: nil, password: "x", address: address)
    }
    #expect(try Advice(url: ACSURL("http://192.0.2.1/"), username: nil, password: nil, address: address).name == nil)
  }
}
