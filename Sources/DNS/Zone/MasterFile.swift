import Net

/// Why a master file cannot be served, and where: the line and column of what is wrong, from 1.
package struct MasterFileError: Error, Hashable, Sendable, CustomStringConvertible {
  package let line: Int
  package let column: Int
  package let message: String
  package let expected: String?

  package var description: String {
    "line \(line), column \(column): \(message)" + (expected.map { "; expected \($0)" } ?? "")
  }
}

/// A zone as a master file has it (RFC 1035 section 5).
package struct MasterFile: Hashable, Sendable {
  /// Bytes of a file.
  package static let sizeLimit = 16 << 20
  package static let recordLimit = 1_000_000

  package let apex: Name
  package let soa: StartOfAuthority
  /// The TTL of the SOA record, in seconds.
  package let timeToLive: UInt32
  /// All records but the SOA.
  package let records: [ResourceRecord]

  /// Reads the file of a zone; `$ORIGIN` is the zone's name at first.
  package init(_ bytes: [UInt8], zone apex: Name) throws(MasterFileError) {
    var scanner = MasterScanner(bytes)
    var reader = MasterReader(apex: apex)
    while let entry = try scanner.nextEntry() { try reader.read(entry) }
    guard let (soa, timeToLive) = reader.soa else {
      throw MasterFileError(line: scanner.line, column: 1, message: "the zone has no SOA record", expected: "one")
    }
    guard reader.records.contains(where: { $0.name == apex && $0.type == .ns }) else {
      throw MasterFileError(
        line: scanner.line, column: 1, message: "the zone has no NS record", expected: "one at \(apex)")
    }
    self.apex = apex
    self.soa = soa
    self.timeToLive = timeToLive
    records = reader.records
  }
}

/// Makes records of entries, with what holds from one to the next.
private struct MasterReader {
  let apex: Name
  var soa: (StartOfAuthority, timeToLive: UInt32)?
  var records: [ResourceRecord] = []
  private var origin: Name
  private var owner: Name?
  /// `$TTL` (RFC 2308 section 4).
  private var standard: UInt32?
  private var last: UInt32?

  init(apex: Name) {
    self.apex = apex
    origin = apex
  }

  mutating func read(_ entry: MasterEntry) throws(MasterFileError) {
    var tokens = entry.tokens[...]
    guard let first = tokens.first else { return }
    if first.text.hasPrefix("$"), !first.isQuoted { return try control(first, tokens.dropFirst()) }
    let ownerToken = entry.hasOwner ? tokens.popFirst() : nil
    if let ownerToken { owner = try name(ownerToken) }
    guard let owner else { throw first.error("an entry without an owner", expected: "the name that it belongs to") }
    guard owner.isWithin(apex) else {
      throw (ownerToken ?? first).error("\(owner) is not in the zone \(apex)", expected: "a name within it")
    }
    var timeToLive: UInt32?
    while let token = tokens.first {
      if timeToLive == nil, let found = MasterText.seconds(token) {
        timeToLive = found
      } else if ["IN", "CH", "HS", "CS"].contains(token.text.uppercased()) {
        guard token.text.uppercased() == "IN" else { throw token.error("class \(token.text)", expected: "IN") }
      } else {
        break
      }
      tokens = tokens.dropFirst()
    }
    guard let typeToken = tokens.popFirst() else {
      throw (entry.tokens.last ?? first).error("the entry ends", expected: "a type")
    }
    guard let type = RecordType(typeToken.text), type.isData, type != .dname else {
      let nearest = Spelling.nearest(to: typeToken.text.uppercased(), among: RecordType.dataNames)
      throw typeToken.error(
        "\(typeToken.text) is not a type that is served",
        expected: "a type such as A or TYPE65400" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }
    let data: RecordData
    do throws(MasterDataError) {
      data = try MasterText.data(of: type, Array(tokens), origin: origin)
    } catch {
      throw (error.token ?? typeToken).error(error.message, expected: "for \(type): \(MasterText.form(of: type))")
    }
    try add(data, of: owner, timeToLive: timeToLive, at: typeToken)
  }

  private mutating func add(
    _ data: RecordData, of owner: Name, timeToLive: UInt32?, at token: MasterToken
  ) throws(MasterFileError) {
    if case .soa(let found) = data {
      guard owner == apex else { throw token.error("an SOA record at \(owner)", expected: "it at \(apex)") }
      guard soa == nil else { throw token.error("a second SOA record", expected: "one") }
      let effective = timeToLive ?? standard ?? found.minimum
      soa = (found, effective)
      last = effective
      return
    }
    guard let effective = timeToLive ?? standard ?? last else {
      throw token.error("no TTL is known", expected: "one in the entry, or $TTL before it")
    }
    last = effective
    guard records.count < MasterFile.recordLimit else {
      throw token.error("more than \(MasterFile.recordLimit) records", expected: nil)
    }
    records.append(ResourceRecord(owner, timeToLive: effective, data))
  }

  private mutating func control(
    _ directive: MasterToken, _ arguments: ArraySlice<MasterToken>
  ) throws(MasterFileError) {
    switch (directive.text.uppercased(), arguments.first, arguments.count) {
    case ("$ORIGIN", let argument?, 1): origin = try name(argument)
    case ("$TTL", let argument?, 1):
      guard let seconds = MasterText.seconds(argument) else {
        throw argument.error("\(argument.text) is not a time", expected: "seconds, or such as 1h30m")
      }
      standard = seconds
    case ("$ORIGIN", _, _): throw directive.error("$ORIGIN", expected: "one name after it")
    case ("$TTL", _, _): throw directive.error("$TTL", expected: "one time after it")
    default: throw directive.error("\(directive.text) is not supported", expected: "$ORIGIN, $TTL or a record")
    }
  }

  private func name(_ token: MasterToken) throws(MasterFileError) -> Name {
    do throws(NameError) {
      return try MasterText.name(token, origin: origin)
    } catch {
      throw token.error("\(token.text) is not a name: \(error)", expected: "a name")
    }
  }
}

extension MasterToken {
  fileprivate func error(_ message: String, expected: String?) -> MasterFileError {
    MasterFileError(line: line, column: column, message: message, expected: expected)
  }
}
