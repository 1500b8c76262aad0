import Management
import Testing

struct TableTests {
  private static let device = "000FE2-MSR36%2D20-210235A1B2C3D4E5F601"

  private static func devices() -> Table {
    var table = Table(.name("DEVICE"), .text("SOFTWARE"), "ADDRESS", "STANDING", "LAST INFORM", .note("WHY"))
    table.add(
      .device(device), .text("7.1.064, Release 0821P20"), .text("192.0.2.100"), .text("on its way"),
      .moment("2026-11-30T20:31:09.123Z"), .text("it has not asked DNS for the name of the ACS, acs.usher.internal"))
    table.add(.device("000FE2-A1"), .text(nil), .text(""), .text("provisioned"), .moment(nil), .text(nil))
    return table
  }

  private func all(_ table: Table, _ width: Int?) -> [String] {
    let lines = table.lines(width: width)
    return lines.head + lines.rows
  }

  @Test func `without a limit each column is as wide as its widest cell`() {
    var table = Table("A", .text("LONG"), .note("NOTE"))
    table.add(.text("one"), .text("2"), .text("a note"))
    table.add(.number(22), .text(nil), .text(""))
    #expect(all(table, nil) == ["A    LONG  NOTE", "one  2     a note", "22   -     -"])
  }

  @Test(arguments: [20, 24, 30, 40, 60, 72, 80, 100, 120, 132, 160, 200])
  func `no line is wider than the limit, and nothing of a name or an address is lost`(width: Int) {
    let lines = all(Self.devices(), width)
    #expect(lines.allSatisfy { $0.columns <= width }, "\(lines)")
    let text = lines.joined().filter { !$0.isWhitespace }
    #expect(text.contains("asked") && !text.contains("%2D"))
    for cell in ["192.0.2.100", "210235A1B2C3D4E5F601"] where width >= 72 {
      #expect(lines.contains { $0.contains(cell) }, "\(lines)")
    }
  }

  @Test func `at 80 columns the long text goes below its row, and moments and devices are told shortly`() {
    #expect(
      all(Self.devices(), 80) == [
        "DEVICE                SOFTWARE             ADDRESS      STANDING     LAST INFORM",
        "210235A1B2C3D4E5F601  7.1.064, Release     192.0.2.100  on its way   11-30 20:31",
        "                      0821P20",
        "  why: it has not asked DNS for the name of the ACS, acs.usher.internal",
        "A1                    -                    -            provisioned  -",
      ])
  }

  @Test func `what does not fit into its share of lines ends in an ellipsis`() {
    var table = Table("N", .note("VALUE"))
    table.add(.number(1), .text(String(repeating: "value ", count: 200)))
    let rows = table.lines(width: 40).rows
    #expect(rows.count == 8 && rows.last?.hasSuffix("…") == true && rows.allSatisfy { $0.columns <= 40 })
  }

  @Test func `control characters that a router sent do not reach the terminal`() {
    var table = Table("A")
    table.add(.text("a\u{1B}[2Jb\nc"))
    #expect(all(table, 40) == ["A", "a\u{FFFD}[2Jb\u{FFFD}c"])
  }
}

struct WrappingTests {
  @Test(arguments: [
    ("one two three", 7, ["one two", "three"]), ("one two three", 8, ["one two", "three"]),
    ("abcdefgh", 3, ["abc", "def", "gh"]), ("", 5, [""]), ("Device.Info.Serial", 8, ["Device.", "Info.", "Serial"]),
    ("路由器路由器", 4, ["路由", "器路", "由器"]), ("a  b", 1, ["a", "b"]),
  ])
  func `lines break at blanks, behind joints, or else anywhere`(text: String, width: Int, lines: [String]) {
    #expect(text.wrapped(to: width) == lines)
  }

  @Test func `all of a text is in its lines, whatever the width`() {
    let text = "why: it leased 192.0.2.101 with http://acs.usher.internal:7547/acs, 路由器 é\u{301} 🇩🇪 and no more"
    for width in 2...120 {
      let lines = text.wrapped(to: width)
      #expect(lines.allSatisfy { $0.columns <= width }, "\(width): \(lines)")
      #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
    }
  }

  @Test func `a text hangs below where it began, or further left where there is little room`() {
    #expect("one two three".hanging(after: 4, width: 16) == ["one two", "    three"])
    #expect("one two three".hanging(after: 11, width: 20) == ["", "     one two three"])
    #expect("one two three".hanging(after: 4, width: nil) == ["one two three"])
  }
}
