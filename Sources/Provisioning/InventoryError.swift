import Net

/// What is wrong with an inventory, and where. Lines and columns count from 1, columns in characters.
package struct InventoryError: Error, Hashable, Sendable {
  package struct Place: Hashable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  package enum Problem: Error, Hashable, Sendable {
    case tooLong(limit: Int)
    case tooManyRows(limit: Int)
    case tooManyColumns(limit: Int)
    case fieldTooLong(limit: Int)
    /// From here on it is in another encoding.
    case notUTF8(byte: UInt8)
    case notUTF16
    /// A quote inside a field that does not begin with one, or text after the closing one.
    case strayQuote
    case unclosedQuote
    case empty
    /// Neither a serial nor a mac column; `nearest` is the column that may be meant for one.
    case noIdentityColumn(nearest: String?)
    case misspelledColumn(String, meant: String)
    case invalidColumn(String)
    case duplicateColumn(String)
    case wrongFieldCount(expected: Int, found: Int)
    /// Neither serial nor mac in a row.
    case noIdentity
    case invalidSerial(String)
    case invalidMAC(String)
    case invalidAddress(String)
    /// DHCP does not see serial numbers.
    case addressWithoutMAC(String)
    case duplicateAddress(String, line: Int)
    case invalidOUI(String)
    case invalidApproval(String)
    /// A serial number or OUI that a spreadsheet took for a number: 2.10235E+19.
    case takenForNumber(String)
    /// A value in a column without a name.
    case namelessColumn(String)
    case duplicateSerial(String, line: Int)
    case duplicateMAC(String, line: Int)
  }

  package let problem: Problem
  package let place: Place

  init(_ problem: Problem, at place: Place) {
    self.problem = problem
    self.place = place
  }
}

extension InventoryError: CustomStringConvertible {
  package var description: String { "line \(place.line), column \(place.column): \(problem)" }
}

extension InventoryError.Problem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLong(let limit): "the inventory has more than \(limit) bytes"
    case .tooManyRows(let limit): "more than \(limit) rows"
    case .tooManyColumns(let limit): "more than \(limit) columns"
    case .fieldTooLong(let limit): "a field of more than \(limit) bytes"
    case .notUTF8(let byte):
      "the byte 0x\(Hexadecimal.encode([byte]).uppercased()) is not UTF-8. Save the table as \"CSV UTF-8\"; or, where it is "
        + "in Windows-1252 (Latin-1), as Excel's plain \"CSV\" is in the west: iconv -f WINDOWS-1252 -t UTF-8"
    case .notUTF16: "the file is neither UTF-8 nor whole UTF-16. Save the table as \"CSV UTF-8\""
    case .strayQuote: "a quote inside a field; put the field in quotes and double the quotes in it"
    case .unclosedQuote: "a field that begins with a quote and has no closing one"
    case .empty: "the first line must name the columns, such as serial,mac,site,profile"
    case .noIdentityColumn(let nearest): "there is neither a column \"serial\" nor \"mac\"" + suggestion(nearest)
    case .misspelledColumn(let name, let meant):
      "column \(name.quoted): did you mean \(meant.quoted)? If it is a variable, give it another name"
    case .invalidColumn(let name):
      "column \(name.quoted): a name is a letter, then letters, digits, dots, dashes and underscores"
    case .duplicateColumn(let name): "column \(name.quoted) is there twice"
    case .wrongFieldCount(let expected, let found):
      "\(found) fields, where the first line has \(expected) columns; a value that holds a separator stands in quotes"
    case .noIdentity: "the row has neither a serial number nor a MAC address"
    case .invalidSerial(let text): "\(text.quoted) is no serial number: at most 64 printable characters"
    case .invalidMAC(let text): "\(text.quoted) is no MAC address, such as 00:0f:e2:00:00:01"
    case .invalidAddress(let text): "\(text.quoted) is no IPv4 address, such as 192.0.2.10"
    case .addressWithoutMAC(let address):
      "the row has the address \(address) and no MAC address, by which DHCP would know the router"
    case .duplicateAddress(let address, let line): "the address \(address) is in line \(line) already"
    case .invalidOUI(let text): "\(text.quoted) is no OUI: six hexadecimal digits"
    case .takenForNumber(let text):
      "\(text.quoted) is what a spreadsheet makes of a number that is long, and its digits are lost: give the column the "
        + "format Text, and write them again"
    case .namelessColumn(let text): "\(text.quoted) stands in a column that the first line has no name for"
    case .invalidApproval(let text): "\(text.quoted) is neither yes nor no"
    case .duplicateSerial(let serial, let line): "the serial number \(serial.quoted) is in line \(line) already"
    case .duplicateMAC(let mac, let line): "the MAC address \(mac.quoted) is in line \(line) already"
    }
  }
}
