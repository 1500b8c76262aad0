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
