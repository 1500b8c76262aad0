import DHCP
import Testing

@testable import ConfigurationFile

struct ManualTests {
  @Test func `the manual has every option with what it takes, its default and its meaning`() {
    let lines = Manual.text.split(separator: "\n").map(String.init)
    #expect(lines.contains("| `acs.port` | a number from 1 to 65535 | `7547` | The TCP port of the ACS. |"))
    #expect(
      lines.contains(
        "| `subnets[].lease-time` | a duration from 1m to 365d, such as 90s, 15m, 12h, 7d | `12h` | How long a lease "
          + "lasts (option 51). |"))
    #expect(
      lines.contains(
        "| `profiles[].configuration.template` | the path of a file | required | The template of the file, absolute or "
          + "from the directory of this file. |"))
    for option in [
      "interfaces", "acs.url", "dns.records[].type", "tftp.enabled", "tftp.folder", "dhcp.rules[].vendor-class",
      "subnets[].reservations[].client-id", "subnets[].options[].hex", "profiles[].parameters.PATH.type",
      "profiles[].match.oui", "boot-file.template",
    ] {
      #expect(lines.filter { $0.hasPrefix("| `\(option)` |") }.count == 1, "\(option)")
    }
  }

  @Test func `every row of the manual has its four cells`() {
    let rows = Manual.text.split(separator: "\n").filter { $0.hasPrefix("| `") }
    #expect(rows.count > 60)
    for row in rows { #expect(row.split(separator: " | ", omittingEmptySubsequences: false).count == 4, "\(row)") }
  }

  @Test func `a section of the manual has its options alone, by the name that an error would give it`() throws {
    let text = try #require(Manual.text(of: "acs.stun"))
    #expect(text.contains("acs.stun.port: a number from 1 to 65535; default 3478\n  The UDP port of STUN"))
    #expect(!text.contains("acs.tls"))
    #expect(Manual.text(of: "subnets[].pool") == Manual.text(of: "subnets.pool"))
    #expect(Manual.text(of: "interfaces") != nil && Manual.text(of: "acs") != Manual.text(of: "acs.stun"))
    for wrong in ["", "ac", "stun", "acs."] { #expect(Manual.text(of: wrong) == nil) }
    #expect(Manual.sections.contains("dhcp") && !Manual.sections.contains("acs.stun"))
    for name in Manual.names { #expect(Manual.text(of: name) != nil, "\(name)") }
  }

  @Test func `the dialects have the same names in the configuration and in option 43's own commands`() {
    #expect(Set(DHCPSettings.Dialect.allCases.map(\.rawValue)) == Set(DHCP.Dialect.allCases.map(\.rawValue)))
  }
}
