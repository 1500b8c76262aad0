import CWMP

extension Table {
  /// What stands in one place of a table, made printable.
  package struct Cell: Sendable {
    static let absent = "-"

    /// What stands there, then what stands there where there is little room, and less.
    let forms: [String]

    private init(_ text: String?, short: String? = nil, shortest: String? = nil) {
      let text = text.map { $0.isEmpty ? Self.absent : $0.printable(longest: .max) } ?? Self.absent
      forms = [text, short ?? text, shortest ?? short ?? text]
    }

    package static func text(_ text: String?) -> Cell { Cell(text.map { DeviceID.naming($0) }) }

    package static func number(_ number: Int) -> Cell { Cell(String(number)) }

    /// A moment in ISO 8601: to the minute where there is little room, and without the year where there is less.
    package static func moment(_ moment: String?) -> Cell {
      guard let moment, let short = minute(of: moment) else { return Cell(moment) }
      return Cell(moment, short: short, shortest: String(short.dropFirst(5)))
    }

    /// `2026-11-30 20:31` of a moment in ISO 8601; nil where it is none.
    package static func minute(of moment: String) -> String? {
      guard moment.count >= 16, let letter = moment.firstIndex(of: "T") else { return nil }
      return "\(moment[..<letter]) \(moment[letter...].dropFirst().prefix(5))"
    }

    /// A device by what describes it: its name, or its serial number alone where there is little room.
    package static func device(_ description: String) -> Cell {
      guard let device = DeviceID(description) else { return Cell(description) }
      return Cell(device.name, short: device.serialNumber.printable(longest: .max))
    }
  }
}
