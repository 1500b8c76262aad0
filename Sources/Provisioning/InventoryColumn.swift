import Net

/// What a column of the inventory means.
enum InventoryColumn: Hashable {
  case serial, mac, address, oui, site, profile, approved
  case variable(String)
  /// Empty from top to bottom, as spreadsheets write them beside a table.
  case nameless
  /// Its name is wrong; what stands in it is not looked at.
  case wrong

  private static let known: [String: InventoryColumn] = [
    "serial": .serial, "mac": .mac, "address": .address, "oui": .oui, "site": .site, "profile": .profile,
    "approved": .approved,
  ]

  /// The columns that the first line names. A column one edit away from a known one that is missing is taken for a
  /// slip: as a variable, it would silently do nothing.
  /// Tells `problem` what is wrong with the names. Nil where no column says who a router is.
  static func columns(
    of header: [CSV.Field], problem: (InventoryError) -> Void
  ) -> [InventoryColumn]? {
    let names = header.map { field in
      let name = field.text.trimmed
      return known[name.lowercased()] == nil ? name : name.lowercased()
    }
    guard names.contains("serial") || names.contains("mac") else {
      let place = InventoryError.Place(line: header[0].line, column: header[0].column)
      problem(InventoryError(.noIdentityColumn(nearest: nearestIdentity(names)), at: place))
      return nil
    }
    var columns: [InventoryColumn] = []
    for (name, field) in zip(names, header) {
      do throws(InventoryError.Problem) {
        columns.append(try column(name, among: names, behind: columns))
      } catch {
        problem(InventoryError(error, at: InventoryError.Place(line: field.line, column: field.column)))
        columns.append(.wrong)
      }
    }
    return columns
  }

  private static func column(
    _ name: String, among names: [String], behind columns: [InventoryColumn]
  ) throws(InventoryError.Problem) -> InventoryColumn {
    guard !name.isEmpty else { return .nameless }
    let column = known[name] ?? .variable(name)
    guard !columns.contains(column) else { throw .duplicateColumn(name) }
    if case .variable = column {
      let missing = known.keys.filter { $0.count > 3 && !names.contains($0) }
      if let meant = missing.first(where: { Spelling.distance(from: name.lowercased(), to: $0) == 1 }) {
        throw .misspelledColumn(name, meant: meant)
      }
      guard Variables.isName(name) else { throw .invalidColumn(name) }
    }
    return column
  }

  /// `Serial Number` and `MAC Address` are near, too.
  private static func nearestIdentity(_ names: [String]) -> String? {
    let identities = ["serial", "mac"]
    return names.lazy.compactMap { name in
      Spelling.nearest(to: name, among: identities) ?? identities.first(where: name.lowercased().contains)
    }.first
  }

  func read(_ field: CSV.Field, into row: inout Inventory.Row) throws(InventoryError) {
    let text = field.text.trimmed
    let place = InventoryError.Place(line: field.line, column: field.column)
    if case .variable(let name) = self {
      row.variables[name] = text
      return
    }
    guard !text.isEmpty else { return }
    switch self {
    case .wrong: break
    case .nameless: throw InventoryError(.namelessColumn(text), at: place)
    case .serial:
      guard !text.isSpreadsheetNumber else { throw InventoryError(.takenForNumber(text), at: place) }
      guard text.isOneLine, text.count <= 64 else { throw InventoryError(.invalidSerial(text), at: place) }
      row.serialNumber = text
    case .mac:
      guard let hardware = MACAddress(text) else { throw InventoryError(.invalidMAC(text), at: place) }
      row.hardware = hardware
    case .address:
      guard let address = IPv4Address(text) else { throw InventoryError(.invalidAddress(text), at: place) }
      row.address = address
    case .oui:
      guard !text.isSpreadsheetNumber else { throw InventoryError(.takenForNumber(text), at: place) }
      guard text.utf8.count == 6, text.utf8.allSatisfy(Hexadecimal.isDigit) else {
        throw InventoryError(.invalidOUI(text), at: place)
      }
      row.oui = text.uppercased()
    case .site: row.site = text
    case .profile: row.profile = text
    case .approved:
      switch text.lowercased() {
      case "yes", "true", "1": row.isApproved = true
      case "no", "false", "0": row.isApproved = false
      default: throw InventoryError(.invalidApproval(text), at: place)
      }
    case .variable: break
    }
  }
}

extension String {
  /// Whether it is a number with an exponent, as spreadsheets show long ones: `2.10235E+19`, `2,10235E+19`.
  fileprivate var isSpreadsheetNumber: Bool {
    let parts = utf8.split(omittingEmptySubsequences: false) { $0 | 0x20 == UInt8(ascii: "e") }
    guard parts.count == 2, let sign = parts[1].first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
      return false
    }
    let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
    let point: (UInt8) -> Bool = { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
    return parts[1].count > 1 && parts[1].dropFirst().allSatisfy(isDigit) && parts[0].first.map(isDigit) == true
      && parts[0].allSatisfy { isDigit($0) || point($0) } && parts[0].count(where: point) <= 1
  }
}
