import CWMP
import Testing

@testable import Provisioning

struct TemplateTests {
  @Test(arguments: [
    ("no variable", "no variable"), ("{{ a }}", "1"), ("{{a}}{{ b }}", "12"), (" {{\ta\t}} ", " 1 "),
    ("{{ missing | default \"x y\" }}", "x y"), ("{{ a | default \"x\" }}", "1"), ("{{ empty | default \"\" }}.", "."),
    ("{{ \"{{\" }} a }}", "{{ a }}"), ("{ { a } }", "{ { a } }"), ("<&>'{{ b }}", "<&>'2"), ("", ""),
    ("é\r\n{{ a }}\r\n", "é\r\n1\r\n"),
  ])
  func `a template is its text with the values in it`(text: String, expected: String) throws {
    #expect(try Template(text).render(Variables(["a": "1", "b": "2", "empty": ""])) == expected)
  }

  @Test func `an unknown variable is an error with its place and the nearest spelling`() throws {
    let template = try Template("sysname x\n ip {{ sit }}")
    #expect(
      throws: TemplateError.unknown(name: "sit", at: .init(line: 2, column: 8), nearest: "site")
    ) { try template.render(Variables(["site": "Bern", "serial": "1"])) }
    #expect(
      throws: TemplateError.unknown(name: "sit", at: .init(line: 2, column: 8), nearest: nil)
    ) { try template.render(Variables()) }
  }

  @Test func `a variable that has no value for this router is an error of its own`() throws {
    #expect(throws: TemplateError.noValue(name: "site", at: .init(line: 1, column: 4))) {
      try Template("{{ site }}").render(Variables(["site": ""]))
    }
  }

  @Test(arguments: ["x\ny", "x\ry", "x\r\ny", "\u{0}", "\u{1B}[31m", "\u{85}", "\u{2028}", "\u{2029}", "\t"])
  func `a value that could leave its line is refused, also as a default`(value: String) throws {
    #expect(throws: TemplateError.unsafeValue(name: "a", at: .init(line: 1, column: 4))) {
      try Template("{{ a }}").render(Variables(["a": value]))
    }
  }

  @Test(arguments: [
    ("{{", TemplateError.unclosed(at: .init(line: 1, column: 1))),
    ("ab {{ a", .unclosed(at: .init(line: 1, column: 4))), ("\n{{ a }", .unclosed(at: .init(line: 2, column: 1))),
    ("{{ a\n}}", .unclosed(at: .init(line: 1, column: 1))), ("{{ \"a", .unclosed(at: .init(line: 1, column: 1))),
    ("{{}}", .malformed(found: "", at: .init(line: 1, column: 3))),
    ("{{ a b }}", .malformed(found: "a b ", at: .init(line: 1, column: 4))),
    ("{{ 1a }}", .malformed(found: "1a ", at: .init(line: 1, column: 4))),
    ("{{ a | upper }}", .malformed(found: "a | upper ", at: .init(line: 1, column: 4))),
    ("{{ a | default x }}", .malformed(found: "a | default x ", at: .init(line: 1, column: 4))),
    ("{{{ a }}}", .malformed(found: "{ a ", at: .init(line: 1, column: 3))),
    ("{{# a }}", .malformed(found: "# a ", at: .init(line: 1, column: 3))),
  ])
  func `what is no template is refused with its place`(text: String, error: TemplateError) {
    #expect(throws: error) { try Template(text) }
  }

  @Test func `a template and what it renders to have at most a megabyte`() throws {
    #expect(throws: TemplateError.tooLong(limit: 1 << 20)) {
      try Template(String(repeating: "x", count: 1 << 20 + 1))
    }
    let bomb = try Template(String(repeating: "{{ a }}", count: 1000))
    #expect(throws: TemplateError.tooLong(limit: 1 << 20)) {
      try bomb.render(Variables(["a": String(repeating: "x", count: 10_000)]))
    }
  }

  @Test func `any text is a template or refused`() {
    var generator = FixedGenerator(state: 42)
    let alphabet = Array("{}{}{{}}ab |\"default \n\r\u{0}é")
    for _ in 0..<5000 {
      let text = String(
        (0..<Int.random(in: 0...30, using: &generator)).map { _ in
          alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        })
      guard let template = try? Template(text) else { continue }
      let rendered = try? template.render(Variables(["a": "1", "b": "2", "ab": "3"]))
      if template.names.isEmpty { #expect(rendered != nil) }
    }
  }

  @Test func `the built-in templates need nothing that a router does not have`() throws {
    let profile = try BuiltIn.openLab()
    let device = device()
    let goal = try Goal(for: device, row: nil, profile: profile, here, digest: digest)
    let text = String(decoding: try #require(goal.configuration).content, as: UTF8.self)
    #expect(text.contains("\n sysname 210235A95YH10C000045\n"))
    #expect(text.contains("\ncwmp\n cwmp enable\n cwmp cpe inform interval enable\n cwmp cpe inform interval 300\n"))
    #expect(text.contains("\ninterface GigabitEthernet0/0\n"))
    let boot = try BuiltIn.bootFile().render(Variables())
    #expect(boot.contains("\n cwmp enable\n"))
    #expect(boot.contains("\nsave force\n"))
    #expect(
      try BuiltIn.bootFile().render(Variables(["interface": "Vlan-interface1"])).contains("interface Vlan-interface1"))
  }

  @Test(arguments: [
    ("Bern 1", "Bern-1"), ("-a-", "a"), ("Zürich", "Z-rich"), ("", ""), ("···", ""),
    (String(repeating: "a", count: 99), String(repeating: "a", count: 63)),
  ])
  func `a host name has letters, digits and dashes`(text: String, expected: String) {
    #expect(Variables.hostname(text) == expected)
  }
}
