import CWMP
import Testing

@testable import Provisioning

/// Every row rendered before a router comes.
struct InventoryCheckTests {
  private static let template = "sysname {{ hostname }}\nip {{ loopback }}\nntp {{ ntp | default \"192.0.2.1\" }}\n"

  private func check(
    _ csv: String, template: String = Self.template, parameters: [ParameterValue] = [], match: Match = Match(),
    variables: [String: String] = [:], others: [Profile] = [], bootFile: String? = nil
  ) throws -> InventoryCheck {
    let profile = Profile(
      name: "branch", match: match, parameters: parameters,
      configuration: Profile.Configuration(template: try Template(template), fileName: "startup.cfg"),
      variables: variables)
    return InventoryCheck(
      try Inventory(csv: Array(csv.utf8)), profiles: [profile] + others, bootFile: try bootFile.map { try Template($0) }
    )
  }

  @Test func `rows that have what their templates name are right`() throws {
    let check = try check("serial,profile,loopback\nA,branch,10.0.0.1\nB,,10.0.0.2\n")
    #expect(check.problems.isEmpty && check.unused.isEmpty)
  }

  @Test func `an empty value is told with its row and its place in the template`() throws {
    let check = try check("serial,profile,loopback\nA,branch,10.0.0.1\nB,branch,\nC,,\n")
    #expect(check.problems.map(\.row?.serialNumber) == ["B", "C"])
    #expect(
      check.problems.map(\.error)
        == Array(repeating: .noValue(name: "loopback", at: .init(line: 2, column: 7)), count: 2))
    #expect(check.problems.map(\.place) == [.configuration, .configuration])
  }

  @Test func `an empty value is none where the profile has one`() throws {
    #expect(try check("serial,loopback\nA,\n", variables: ["loopback": "10.0.0.9"]).problems.isEmpty)
  }

  @Test func `a column that is missing is told once, whatever the number of rows, with the nearest name`() throws {
    let check = try check("serial,profile,lopback\nA,branch,1\nB,branch,2\nC,branch,3\n")
    #expect(
      check.problems.map(\.error) == [
        .unknown(name: "loopback", at: .init(line: 2, column: 7), nearest: "lopback")
      ])
    #expect(check.problems.map(\.row) == [nil])
    #expect(check.unused == ["lopback"])
  }

  @Test func `a name that is misspelled in a template is told without any row`() throws {
    let check = try check("serial,loopback\n", template: "{{ hostnam }} {{ loopback }}")
    #expect(
      check.problems.map(\.error) == [.unknown(name: "hostnam", at: .init(line: 1, column: 4), nearest: "hostname")])
  }

  @Test func `a value with a line break is told`() throws {
    let check = try check("serial,loopback\nA,\"10.0.0.1\nreboot\"\n")
    #expect(check.problems.map(\.error) == [.unsafeValue(name: "loopback", at: .init(line: 2, column: 7))])
  }

  @Test func `the values of parameters are rendered, too`() throws {
    let parameter = ParameterValue(path: "~.Time.NTPServer1", value: "{{ ntp_server }}", type: .string)
    let check = try check("serial,loopback,ntp_server\nA,10.0.0.1,\n", parameters: [parameter])
    #expect(check.problems.map(\.place) == [.parameter(path: "~.Time.NTPServer1")])
    #expect(check.problems.map(\.error) == [.noValue(name: "ntp_server", at: .init(line: 1, column: 4))])
  }

  @Test func `a parameter whose value is no template is told`() throws {
    let parameter = ParameterValue(path: "~.X", value: "{{ a b }}", type: .string)
    let check = try check("serial,loopback\n", parameters: [parameter])
    #expect(check.problems.map(\.place) == [.parameter(path: "~.X")])
  }

  @Test func `a column that nothing names is told, but for the host name`() throws {
    let check = try check("serial,hostname,loopback,note,remark\nA,h,10.0.0.1,x,y\n")
    #expect(check.unused == ["note", "remark"])
  }

  @Test func `what a router itself tells is not missed in a row`() throws {
    let template = "{{ serial }}{{ mac }}{{ software_version }}{{ address }}{{ product_class }}{{ hostname }}"
    #expect(try check("mac,hostname\n000fe2000001,\n", template: template).problems.isEmpty)
  }

  @Test func `a site that is left out is missed`() throws {
    let check = try check("serial,site\nA,\n", template: "{{ site }}")
    #expect(check.problems.map(\.error) == [.noValue(name: "site", at: .init(line: 1, column: 4))])
  }

  @Test func `a row without a profile is wrong only if it is so for each that it may get`() throws {
    let other = Profile(name: "other")
    let match = Match(productClass: Pattern("MSR*"))
    #expect(try check("serial,loopback\nA,\n", match: match, others: [other]).problems.isEmpty)
    // The first is for all, so no row comes to the second.
    #expect(try check("serial,loopback\nA,\n", others: [other]).problems.count == 1)
    // Its OUI is not the one of the second.
    let hp = Profile(name: "hp", match: Match(oui: Pattern("00215A")))
    #expect(try check("serial,oui,loopback\nA,000FE2,\n", match: match, others: [hp]).problems.count == 1)
  }

  @Test func `a boot file's template is rendered for the rows that a MAC address finds`() throws {
    let check = try check(
      "serial,mac,loopback,vlan\nA,,10.0.0.1,\nB,000fe2000001,10.0.0.2,\n", bootFile: "vlan {{ vlan }} {{ serial }}")
    #expect(
      check.problems.map(\.error) == [
        .unknown(name: "serial", at: .init(line: 1, column: 20), nearest: nil),
        .noValue(name: "vlan", at: .init(line: 1, column: 9)),
      ])
    #expect(check.problems.map(\.row?.serialNumber) == [nil, "B"])
  }

  @Test func `of very many rows the first hundred problems are told, and the others counted`() throws {
    let rows = (0..<1000).map { "S\($0),\n" }.joined()
    let check = try check("serial,loopback\n" + rows)
    #expect(check.problems.count == 100 && check.omitted == 900)
  }
}
