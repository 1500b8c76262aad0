import Net
import Testing

@testable import Provisioning

struct InventoryTests {
  private func inventory(_ text: String) throws(InventoryError) -> Inventory {
    try Inventory(csv: Array(text.utf8))
  }

  private func problem(_ text: String) -> (InventoryError.Problem, line: Int, column: Int)? {
    do throws(InventoryError) {
      _ = try inventory(text)
      return nil
    } catch {
      return (error.problem, error.place.line, error.place.column)
    }
  }

  @Test func `a row says who the router is, and its other columns are variables`() throws {
    let inventory = try inventory(
      "\u{FEFF}Serial,MAC,oui,site,profile,approved,lan,note\r\n"
        + "210235A,000f-e200-0001,000fe2,Bern,branch,yes,10.1.0.0,\"say \"\"hi\"\", then\r\ngo\"\r\n\r\n"
        + " 210235B , ,,,,no,,\r\n")
    #expect(
      inventory.rows == [
        Inventory.Row(
          serialNumber: "210235A", hardware: MACAddress("00:0f:e2:00:00:01"), oui: "000FE2", site: "Bern",
          profile: "branch", variables: ["lan": "10.1.0.0", "note": "say \"hi\", then\r\ngo"], line: 2),
        Inventory.Row(serialNumber: "210235B", isApproved: false, variables: ["lan": "", "note": ""], line: 5),
      ])
  }

  @Test func `a router is found by its serial number in any case, and else by its MAC address`() throws {
    let inventory = try inventory(
      "serial,mac,oui\nAb1,,\nX,,000FE2\nx,,00E0FC\n,00:0f:e2:00:00:09,\nY,00:0f:e2:00:00:08,\n")
    let mac = MACAddress("00:0f:e2:00:00:09")
    #expect(inventory.row(serialNumber: " aB1 ", oui: "000FE2", hardware: nil)?.line == 2)
    #expect(inventory.row(serialNumber: "X", oui: "000fe2", hardware: nil)?.line == 3)
    #expect(inventory.row(serialNumber: "X", oui: "00E0FC", hardware: nil)?.line == 4)
    #expect(inventory.row(serialNumber: "X", oui: "111111", hardware: nil) == nil)
    #expect(inventory.row(serialNumber: "unknown", oui: "000FE2", hardware: mac)?.line == 5)
    #expect(inventory.row(serialNumber: "Ab1", oui: "000FE2", hardware: mac)?.line == 2)
    // The row of that address is another router's.
    let other = MACAddress("00:0f:e2:00:00:08")
    #expect(inventory.row(serialNumber: "unknown", oui: "000FE2", hardware: other) == nil)
    #expect(inventory.row(serialNumber: "", oui: "", hardware: nil) == nil)
  }

  @Test func `an error names its line and column`() throws {
    func expect(
      _ text: String, _ problem: InventoryError.Problem, _ line: Int, _ column: Int,
      _ location: SourceLocation = #_sourceLocation
    ) {
      let found = self.problem(text)
      #expect(found?.0 == problem, sourceLocation: location)
      #expect([found?.line, found?.column] == [line, column], sourceLocation: location)
    }
    expect("", .empty, 1, 1)
    expect("\n\r\n", .empty, 1, 1)
    expect("serail,site\n", .noIdentityColumn(nearest: "serial"), 1, 1)
    expect("foo\n", .noIdentityColumn(nearest: nil), 1, 1)
    expect("serial,proflie\n", .misspelledColumn("proflie", meant: "profile"), 1, 8)
    expect("serial,Sites\n", .misspelledColumn("Sites", meant: "site"), 1, 8)
    expect("serial,lan net\n", .invalidColumn("lan net"), 1, 8)
    expect("serial,a,a\n", .duplicateColumn("a"), 1, 10)
    expect("serial,SERIAL\n", .duplicateColumn("serial"), 1, 8)
    expect("serial,a\nx\n", .wrongFieldCount(expected: 2, found: 1), 2, 1)
    expect("serial,a\nx,y,z\n", .wrongFieldCount(expected: 2, found: 3), 2, 1)
    expect("serial,mac,site\n,,x\n", .noIdentity, 2, 1)
    expect("serial,mac\nx,zz\n", .invalidMAC("zz"), 2, 3)
    expect("serial,oui\nx,12\n", .invalidOUI("12"), 2, 3)
    expect("serial,approved\nx,maybe\n", .invalidApproval("maybe"), 2, 3)
    expect("serial\n\"x\ny\"\n", .invalidSerial("x\ny"), 2, 1)
    expect("serial\nx\ny\nX \n", .duplicateSerial("X", line: 2), 4, 1)
    expect("serial,oui\nx,000FE2\nx,\n", .duplicateSerial("x", line: 2), 3, 1)
    expect("mac\n000fe2000001\n00:0f:e2:00:00:01\n", .duplicateMAC("00:0f:e2:00:00:01", line: 2), 3, 1)
    expect("serial,a\nx,\"y\n", .unclosedQuote, 2, 3)
    expect("serial,a\nx,y\"z\n", .strayQuote, 2, 4)
    expect("serial,a\nx,\"y\"z\n", .strayQuote, 2, 6)
    expect("serial,é,b\nx,é,y\"\n", .invalidColumn("é"), 1, 8)
    expect("serial,a,b\nx,é,y\"\n", .strayQuote, 2, 6)
    expect("serial,a\nx,\(String(repeating: "y", count: 4097))\n", .fieldTooLong(limit: 4096), 2, 3)
    expect("serial\n" + String(repeating: ",", count: 300), .tooManyColumns(limit: 256), 2, 257)
  }

  @Test func `bytes that are not UTF-8 are refused with their place`() {
    #expect(throws: InventoryError(.notUTF8(byte: 0xC3), at: .init(line: 2, column: 3))) {
      try Inventory(csv: Array("serial,a\nx,".utf8) + [0xC3, 0x28])
    }
  }

  @Test func `sites is a variable where site is a column too`() throws {
    #expect(try inventory("serial,site,sites\nx,a,b\n").rows.first?.variables == ["sites": "b"])
  }

  @Test func `a serial column alone is enough, without a last line break`() throws {
    #expect(try inventory("serial\r\na\r\nb\r").rows.map(\.serialNumber) == ["a", "b"])
  }

  @Test func `whatever the bytes, they are an inventory or refused`() throws {
    var generator = FixedGenerator(state: 7)
    let sample = Array("serial,mac,site,a\r\nx,00:0f:e2:00:00:01,\"q\"\"x\",1\ny,,,\"2\n3\"\n".utf8)
    for length in 0...sample.count { _ = try? Inventory(csv: Array(sample[..<length])) }
    var accepted = 0
    for _ in 0..<5000 {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let alphabet = Array("\",\r\n\u{0}x".utf8) + [0xFF, 0xC3]
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
          alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      }
      guard let inventory = try? Inventory(csv: bytes) else { continue }
      accepted += 1
      #expect(inventory.rows.allSatisfy { $0.serialNumber != nil || $0.hardware != nil })
    }
    #expect(accepted > 0)
  }

  @Test func `a large inventory is read`() throws {
    let lines = (0..<20_000).map { "S\($0),site\($0)" }.joined(separator: "\n")
    let inventory = try inventory("serial,site\n" + lines)
    #expect(inventory.row(serialNumber: "s19999", oui: "000FE2", hardware: nil)?.site == "site19999")
  }

  @Test func `a row with a MAC and an address sets the address down for the router`() throws {
    let inventory = try Inventory(csv: Array("serial,mac,address\nA,000fe2000001,192.0.2.10\nB,000fe2000002,\n".utf8))
    #expect(inventory.rows.map(\.address) == [IPv4Address(192, 0, 2, 10), nil])
    #expect(inventory.rows.map(\.variables) == [[:], [:]])
  }

  @Test(arguments: [
    ("serial,mac,address\nA,000fe2000001,192.0.2\n", "line 2, column 16: \"192.0.2\" is no IPv4 address"),
    ("serial,mac,address\nA,,192.0.2.10\n", "line 2, column 1: the row has the address 192.0.2.10 and no MAC address"),
    (
      "mac,address\n000fe2000001,192.0.2.10\n000fe2000002,192.0.2.10\n",
      "line 3, column 1: the address 192.0.2.10 is in line 2 already"
    ),
  ])
  func `an address that cannot be set down is told`(csv: String, problem: String) {
    let error = #expect(throws: InventoryError.self) { try Inventory(csv: Array(csv.utf8)) }
    #expect(error?.description.hasPrefix(problem) == true, "\(String(describing: error))")
  }
}
