import Net

/// What a column of the inventory means.
enum InventoryColumn: Hashable {
  case serial, mac, address, oui, site, profile, approved
  case variable(String)

  private static let known: [String: InventoryColumn] = [
    "serial": .serial, "mac": .mac, "address": .address, "oui": .oui, "site": .site, "profile": .profile,
    "approved": .approved,
  ]

  /// The columns that the first line names. A column one edit away from a known one that is missing is taken for a
  /// slip: as a variable, it would silently do nothing.
  static func columns(of header: [CSV.Field]) throws(InventoryError) -> [InventoryColumn] {
    let names = header.map { field in
      let name = field.text.trimmed
      return known[name.lowercased()] == nil ? name : name.lowercased()
    }
    guard names.contains("serial") || names.contains("mac") else {
      let isOneField = header.count == 1 && names[0].contains { $0 == ";" || $0 == "\t" || $0 == "|" }
      let problem: InventoryError.Problem =
        isOneField ? .wrongSeparator : .noIdentityColumn(nearest: nearestIdentity(names))
      throw InventoryError(problem, at: .init(line: header[0].line, column: header[0].column))
    }
    var columns: [InventoryColumn] = []
    for (name, field) in zip(names, header) {
      let place = InventoryError.Place(line: field.line, column: field.column)
      let column = known[name] ?? .variable(name)
      guard !columns.contains(column) else { throw InventoryError(.duplicateColumn(name), at: place) }
      if case .variable = column {
        let missing = known.keys.filter { $0.count > 3 && !names.contains($0) }
        if let meant = missing.first(where: { Spelling.distance(from: name.lowercased(), to: $0) == 1 }) {
          throw InventoryError(.misspelledColumn(name, meant: meant), at: place)
        }
        guard Variables.isName(name) else { throw InventoryError(.invalidColumn(name), at: place) }
      }
      columns.append(column)
    }
    return columns
  }

  private static func nearestIdentity(_ names: [String]) -> String? {
    names.lazy.compactMap { Spelling.nearest(to: $0, among: ["serial", "mac"]) }.first
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
    case .serial:
      guard text.isOneLine, text.count <= 64 else { throw InventoryError(.invalidSerial(text), at: place) }
      row.serialNumber = text
    case .mac:
      guard let hardware = MACAddress(text) else { throw InventoryError(.invalidMAC(text), at: place) }
      row.hardware = hardware
    case .address:
      guard let address = IPv4Address(text) else { throw InventoryError(.invalidAddress(text), at: place) }
      row.address = address
    case .oui:
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
