import CWMP
import Net
import Testing

@testable import Provisioning

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
