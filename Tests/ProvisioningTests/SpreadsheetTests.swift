import Testing

@testable import Provisioning

/// Inventories as spreadsheets write them.
struct SpreadsheetTests {
  private static let rows = [
    Inventory.Row(serialNumber: "210235A", site: "Zürich", variables: ["lan": "10.1.0.0"], line: 2),
    Inventory.Row(serialNumber: "210235B", site: "Bern", variables: ["lan": ""], line: 3),
  ]

  private func utf16(_ text: String, isBigEndian: Bool, hasMark: Bool) -> [UInt8] {
    let units = (hasMark ? [0xFEFF] : []) + Array(text.utf16)
    return units.flatMap { isBigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  @Test(arguments: [",", ";", "\t", "|"])
  func `the fields may be parted by commas, semicolons, tabs or bars`(separator: String) throws {
    let text = "serial,site,lan\r\n210235A,Zürich,10.1.0.0\r\n210235B,Bern,\r\n".replacing(",", with: separator)
    #expect(try Inventory(csv: Array(text.utf8)).rows == Self.rows)
  }

  @Test(arguments: ["sep=;\r\n", "SEP=;\n", "\"sep=;\"\r\n", "sep=;;;\r\n"])
  func `a first line that names the separator is no row, and counts as a line`(line: String) throws {
    let text = line + "serial;site;lan\r\n210235A;Zürich;10.1.0.0\r\n210235B;Bern;\r\n"
    let rows = Self.rows.map { row in
      var row = row
      row.line += 1
      return row
    }
    #expect(try Inventory(csv: Array(text.utf8)).rows == rows)
  }

  @Test(arguments: [(false, true), (true, true), (false, false), (true, false)])
  func `UTF-16 is read in either order of bytes, with a mark and without`(isBigEndian: Bool, hasMark: Bool) throws {
    let text = "serial\tsite\tlan\r\n210235A\tZürich\t10.1.0.0\r\n210235B\tBern\t\r\n"
    #expect(try Inventory(csv: utf16(text, isBigEndian: isBigEndian, hasMark: hasMark)).rows == Self.rows)
  }

  @Test func `UTF-16 that is cut in a character is refused`() {
    let bytes = utf16("serial\na\n", isBigEndian: false, hasMark: true).dropLast()
    #expect(InventoryReading(csv: Array(bytes)).errors.map(\.problem) == [.notUTF16])
  }

  @Test func `lines may end with CR alone`() throws {
    let text = "serial,site,lan\r210235A,Zürich,10.1.0.0\r210235B,Bern,\r"
    #expect(try Inventory(csv: Array(text.utf8)).rows == Self.rows)
  }

  @Test func `Latin-1 is told once, with its place and the way to UTF-8, and the rest is checked`() throws {
    let text = Array("serial,site,mac\nA,Z".utf8) + [0xFC] + Array("rich,zz\nB,Gen".utf8) + [0xE8] + Array("ve,\n".utf8)
    let errors = InventoryReading(csv: text).errors
    #expect(
      errors == [
        InventoryError(.notUTF8(byte: 0xFC), at: .init(line: 2, column: 4)),
        InventoryError(.invalidMAC("zz"), at: .init(line: 2, column: 10)),
      ])
    let sentence = try #require(errors.first?.description)
    #expect(sentence.contains("0xFC") && sentence.contains("CSV UTF-8") && sentence.contains("iconv"))
  }

  @Test func `empty rows and the empty columns beside a table are passed over`() throws {
    let text = "\n,,,\nserial,site,,lan,\n210235A,Bern,,10.1.0.0,\n,,,,\n   ,,,,\n210235B,,,,,,,\n"
    let inventory = try Inventory(csv: Array(text.utf8))
    #expect(inventory.rows.map(\.serialNumber) == ["210235A", "210235B"])
    #expect(inventory.rows.map(\.line) == [4, 7])
    #expect(inventory.variables == ["lan"])
  }

  @Test func `a value in a column without a name is told`() {
    let reading = InventoryReading(csv: Array("serial,,site\nA,x,Bern\nB,y,\n".utf8))
    #expect(
      reading.errors == [
        InventoryError(.namelessColumn("x"), at: .init(line: 2, column: 3)),
        InventoryError(.namelessColumn("y"), at: .init(line: 3, column: 3)),
      ])
  }

  @Test(arguments: ["2.10235E+19", "2,10235E+19", "2E+05", "1.0E-3", "2.10235e+019"])
  func `a serial number that a spreadsheet took for a number is told with the cure`(text: String) throws {
    let error = try #require(InventoryReading(csv: Array("serial;site\n\(text);x\n".utf8)).errors.first)
    #expect(error == InventoryError(.takenForNumber(text), at: .init(line: 2, column: 1)))
    #expect(error.description.contains("format Text"))
  }

  @Test(arguments: ["2E5", "210235E19", "E+5", "21E+0A", "2.1.0E+5"])
  func `a serial number that only looks like a number is one`(text: String) throws {
    #expect(try Inventory(csv: Array("serial\n\(text)\n".utf8)).rows.map(\.serialNumber) == [text])
  }

  @Test(arguments: ["=\"00210235\"", "\"=\"\"00210235\"\"\""])
  func `a text that is kept from becoming a number is that text`(field: String) throws {
    let inventory = try Inventory(csv: Array("serial,site\n\(field),Bern\n".utf8))
    #expect(inventory.rows.map(\.serialNumber) == ["00210235"])
    #expect(inventory.rows.map(\.site) == ["Bern"])
  }

  @Test func `all that is wrong is told at once, in the order of the file`() {
    let text = """
      serial,mac,oui,approved
      A,zz,12,maybe
      B,000fe2000001,,
      b,000fe2000001,,
      ,,000FE2,
      C,x
      D"x,,,
      E,,,no
      """
    let reading = InventoryReading(csv: Array(text.utf8))
    #expect(
      reading.errors.map(\.problem) == [
        .invalidMAC("zz"), .invalidOUI("12"), .invalidApproval("maybe"), .duplicateSerial("b", line: 3),
        .duplicateMAC("00:0f:e2:00:00:01", line: 3), .noIdentity, .wrongFieldCount(expected: 4, found: 2), .strayQuote,
      ])
    #expect(reading.errors.map(\.place.line) == [2, 2, 2, 4, 4, 5, 6, 7])
    #expect(reading.inventory.rows.map(\.serialNumber) == ["B", "E"])
  }

  @Test func `all that is wrong with the names of columns is told beside what is wrong in the rows`() {
    let reading = InventoryReading(csv: Array("serial,proflie,lan net,a,a\nA,x,y,1,2\nA,,,,\n".utf8))
    #expect(
      reading.errors.map(\.problem) == [
        .misspelledColumn("proflie", meant: "profile"), .invalidColumn("lan net"), .duplicateColumn("a"),
        .duplicateSerial("A", line: 2),
      ])
  }

  @Test(arguments: [("Serial Number", "serial"), ("MAC address", "mac"), ("serail", "serial")])
  func `a column that may be meant for the serial number or the MAC address is named`(name: String, nearest: String) {
    let errors = InventoryReading(csv: Array("\(name),site\nA,Bern\n".utf8)).errors
    #expect(errors == [InventoryError(.noIdentityColumn(nearest: nearest), at: .init(line: 1, column: 1))])
  }

  @Test func `of very many mistakes the first hundred are told, and the others counted`() {
    let text = "serial,mac\n" + String(repeating: "A,zz\n", count: 1000)
    let reading = InventoryReading(csv: Array(text.utf8))
    #expect(reading.errors.count == 100 && reading.omitted == 900)
  }
}
