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
}
