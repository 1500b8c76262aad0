import Testing

@testable import Configuration

@Suite(.serialized) struct ScratchTests {
  @Test func `timing`() {
    let n = 1 << 20
    let inputs: [(String, String)] = [
      ("flow nest+commas", "a: " + String(repeating: "[", count: 900) + String(repeating: "a,", count: 500_000)),
      ("keys", "{" + (0..<100_000).map { "k\($0): 1" }.joined(separator: ",") + "}"),
      ("dups", (0..<60_000).map { "k\($0 % 30000): 1\n" }.joined()),
      ("nested keys", String(repeating: "{", count: 900) + "a" + String(repeating: ": 1}", count: 900)),
      ("long key", String(repeating: "a", count: n - 10) + ": 1"),
      ("spaces", String(repeating: " ", count: n - 10)),
      ("newlines", String(repeating: "\n", count: n - 10) + "a: 5"),
      ("quotes", "acs: {name: \"" + String(repeating: "\\n", count: n / 2 - 20) + "\"}"),
      ("tags", String(repeating: "!a ", count: n / 3)),
      ("docs", String(repeating: "---\n", count: n / 4)),
      ("anchors", (0..<30_000).map { "k\($0): &a\($0) 1\n" }.joined()),
      ("records", "dns: {records: [" + String(repeating: "{name: a, type: A, value: 1.1.1.1},", count: 9_000) + "]}"),
      ("reservations", "subnets: [{subnet: 10.0.0.0/8, reservations: ["
        + (0..<20_000).map { "{mac: \(String(1 << 44 + $0, radix: 16)), address: 10.1.\($0 / 250).\($0 % 250 + 1)}," }.joined() + "]}]"),
      ("comments", String(repeating: "# &a *a\n", count: n / 8 - 1)),
      ("plain multi", "a: " + String(repeating: "b\n  ", count: n / 4 - 10)),
      ("comb", "acs: {name: a" + String(repeating: "\u{301}", count: 500_000) + "}"),
    ]
    for (name, yaml) in inputs {
      var count = 0
      let time = ContinuousClock().measure { count = problems(yaml).count }
      print(name, yaml.utf8.count, time, count, problems(yaml).first?.prefix(200) ?? "")
    }
  }
}
