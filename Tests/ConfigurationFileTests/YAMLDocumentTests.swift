import Testing

@testable import ConfigurationFile

struct YAMLDocumentTests {
  @Test(arguments: [
    ("acs: {port: 1", "2:1: not YAML: did not find expected ',' or '}' (while parsing a flow mapping, line 1)"),
    (
      "acs:\n\tport: 1",
      "2:1: not YAML: found character that cannot start any token (while scanning for the next token, line 2); expected spaces, not tabs, before an option"
    ),
    ("acs:\n  port: 1\n dns: {}", "3:2: not YAML: did not find expected key (while parsing a block mapping, line 1)"),
    ("a: 1\n---\nb: 2", "2:1: not YAML: but found another document (expected a single document in the stream, line 1)"),
    ("acs: {name: \"a", "1:15: not YAML: found unexpected end of stream (while scanning a quoted scalar, line 1)"),
    ("acs:\n  name: a\u{0}b", "2:10: the character U+0000 is not allowed here; expected text in UTF-8"),
    ("acs: \u{1B}[31m", "1:6: the character U+001B is not allowed here; expected text in UTF-8"),
    ("a: *b", "1:4: not YAML: found undefined alias"),
    ("acs: &a {port: 1}", "1:6: acs has the anchor \"a\" or is an alias of it; expected the value itself"),
    (
      "acs: {port: !!int 7547}", "1:13: the tag \"tag:yaml.org,2002:int\" stands here; expected the value without a tag"
    ),
    ("acs: !x {}", "1:6: the tag \"!x\" stands here; expected the value without a tag"),
    ("? [a, b]\n: 1", "1:3: what stands before the colon is no name; expected the name of an option"),
    ("{[a]: 1, [a]: 2}", "1:2: \"<uncovertable>\" is given more than once; expected each option once"),
    (
      "<<: {port: 1}",
      "1:1: unknown option \"<<\"; expected one of interfaces, acs, dns, tftp, files, dhcp, subnets, inventory, profiles, models, boot-file"
    ),
  ])
  func `what is not taken from YAML is refused at its place`(yaml: String, problem: String) {
    #expect(problems(yaml) == [problem])
  }

  @Test func `an anchor and its alias are both refused`() {
    #expect(
      problems("acs: &a {port: 1}\ndns: *a\n") == [
        "1:6: acs has the anchor \"a\" or is an alias of it; expected the value itself",
        "1:6: dns has the anchor \"a\" or is an alias of it; expected the value itself",
      ])
  }

  @Test func `aliases that multiply are refused unread`() {
    var yaml = "a0: &a0 [x, x]\n"
    for level in 1...60 { yaml += "a\(level): &a\(level) {*a\(level - 1) : 1, b: *a\(level - 1)}\n" }
    #expect(problems(yaml) == ["1:5: the file has an anchor here and 120 aliases; expected no anchors and no aliases"])
  }

  @Test(arguments: [
    String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
    String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
    "acs: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900),
    String(repeating: "[", count: 17) + String(repeating: "]", count: 17) + " ",
  ])
  func `values that stand in each other deeply are refused`(yaml: String) {
    #expect(problems(yaml).count >= 1)
  }

  @Test func `a depth of sixteen is read, one of seventeen is not`() {
    func nested(_ depth: Int) -> String {
      "acs: {port: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
    }
    #expect(problems(nested(15)) == ["1:13: acs.port is a list; expected a number from 1 to 65535"])
    #expect(
      problems(nested(16)) == [
        "1:13: acs.port is a list; expected a number from 1 to 65535",
        "1:28: values stand in each other more than 16 deep; expected at most 16 levels",
      ])
  }

  @Test func `a file of more than one MiB is refused unread`() {
    let yaml = "# " + String(repeating: "x", count: 1 << 20)
    #expect(problems(yaml) == ["1:1: the file has 1048578 bytes; expected at most 1048576 bytes"])
    #expect(problems("# " + String(repeating: "x", count: (1 << 20) - 2)).isEmpty)
  }

  @Test func `a long list is refused by its length`() {
    let yaml = "interfaces: [" + String(repeating: "a,", count: 200_000) + "]"
    #expect(problems(yaml) == ["1:13: interfaces has 200000 elements; expected at most 64"])
  }

  @Test func `a long line is shown around its column, and control characters are not`() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try Settings.parse(
        "interfaces: [" + String(repeating: "eth1, ", count: 30) + "a/\t]", file: "usher.yaml")
    }
    let lines = error.description.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1].count == lines[2].count + "a/ ]".count - 1)
    #expect(lines[1].hasSuffix("eth1, a/ ]"))
  }

  @Test func `lines end as YAML ends them`() {
    for separator in ["\n", "\r\n", "\r"] {
      #expect(
        problems("acs:\(separator)  port: 1\(separator)  port: 2\(separator)") == [
          "3:3: acs.port is given more than once, first in line 2; expected each option once"
        ])
    }
  }

  @Test func `more duplicates than are looked for still end in one problem each`() {
    let yaml = (0..<200).map { "key\($0): 1\nkey\($0): 2\n" }.joined()
    #expect(!problems(yaml).isEmpty)
  }

  @Test func `a mutated file is read or refused, and never ends the process`() {
    var random = SplitMix64(state: 20_260_131)
    let original = Array(Settings.example.utf8)
    let splinters = [
      "&a ", "*a", "!!int ", "[", "]", "{", "}", "? ", ": ", "- ", "\t", "\"", "'", "|\n", "%YAML", "---\n",
      "\u{0}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{E000}", "port: 1\n", "\\U0010ffff", "~", "<<: ", "# ", "\r",
    ]
    var refused = 0
    for _ in 0..<2000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...20, using: &random)))
        case 1:
          bytes.insert(contentsOf: splinters.randomElement(using: &random).map { Array($0.utf8) } ?? [], at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        default:
          let end = min(bytes.count, place + 40)
          bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      do throws(ConfigurationError) {
        let settings = try Settings.parse(text, file: "usher.yaml")
        #expect(try Settings.parse(Printer.yaml(settings), file: "usher.yaml") == settings)
      } catch {
        refused += 1
        #expect(!error.problems.isEmpty && !error.description.isEmpty)
      }
    }
    #expect(refused > 1000)
  }

  @Test func `a file cut anywhere is read or refused`() {
    let bytes = Array(Settings.example.utf8)
    for end in bytes.indices {
      _ = problems(String(decoding: bytes[..<end], as: UTF8.self))
    }
    #expect(problems(Settings.example).isEmpty)
  }
}

/// A generator with a fixed seed, so that a test that fails fails again.
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
