import Net

/// XML Schema's dateTime, as TR-106 section 3.2 uses it.
enum DateTime {
  /// The Unknown Time of TR-106 section 3.2.1.
  static let unknown = "0001-01-01T00:00:00Z"

  /// 0002-01-01T00:00:00Z and 9999-12-31T23:59:59Z, in seconds since 1970.
  private static let firstSecond = -62_104_060_800
  private static let lastSecond = 253_402_300_799

  enum Reading: Hashable {
    case known(Timestamp)
    case unknown
    case illegal
  }

  /// Reads `YYYY-MM-DDThh:mm:ss`, with or without a fraction of a second and a zone; without a zone it is taken as UTC.
  static func decode(_ text: String) -> Reading {
    let bytes = Array(text.utf8)
    guard bytes.count >= 19, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
      let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      (1...12).contains(month), (1...31).contains(day), hour <= 24, minute < 60, second <= 60
    else { return .illegal }
    var rest = bytes[19...]
    var milliseconds = 0
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      milliseconds = (number(digits.prefix(3)) ?? 0) * [1, 100, 10, 1][min(digits.count, 3)]
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let offset = zoneOffset(rest) else { return .illegal }
    guard year > 1 else { return .unknown }
    let days = days(year: year, month: month, day: day)
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    // The zone may lead out of the years that four digits can write.
    guard seconds >= firstSecond else { return .unknown }
    guard seconds <= lastSecond else { return .illegal }
    return .known(Timestamp(rawValue: Int64(seconds) * 1000 + Int64(milliseconds)))
  }

  /// Whether the text may be sent: what XML Schema part 2 section 3.2.7 has is narrower than what is read.
  static func isLegal(_ text: String) -> Bool {
    guard decode(text) != .illegal else { return false }
    let bytes = Array(text.utf8)
    // The date and the time of day alone come out as they went in.
    let start = String(decoding: bytes[..<19], as: UTF8.self) + "Z"
    switch decode(start) {
    case .known(let moment): guard moment.description == start else { return false }
    case .unknown: guard start.hasPrefix("0001-"), bytes[10] == UInt8(ascii: "T") else { return false }
    case .illegal: return false
    }
    let zone = bytes[19...].drop { $0 == UInt8(ascii: ".") || number([$0]) != nil }
    if bytes[19...].first == UInt8(ascii: "."), zone.startIndex == 20 { return false }
    return zone.count != 6 || number(zone.dropFirst().prefix(2)) != 14 || number(zone.suffix(2)) == 0
  }

  /// Whole seconds in UTC; nil is the Unknown Time.
  static func encode(_ moment: Timestamp?) -> String {
    moment?.description ?? unknown
  }

  /// Seconds east of UTC that `Z`, `+hh:mm`, `-hh:mm` or nothing means; nil for anything else.
  private static func zoneOffset(_ zone: ArraySlice<UInt8>) -> Int? {
    let zone = Array(zone)
    if zone.isEmpty || zone == [UInt8(ascii: "Z")] { return 0 }
    guard zone.count == 6, zone[3] == UInt8(ascii: ":"), let hours = number(zone[1..<3]),
      let minutes = number(zone[4..<6]), hours <= 14, minutes < 60
    else { return nil }
    switch zone[0] {
    case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
    case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
    default: return nil
    }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty else { return nil }
    return digits.reduce(0) { (sum: Int?, digit) in
      guard let sum, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      return sum * 10 + Int(digit - UInt8(ascii: "0"))
    }
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar, for years from 1.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let shiftedMonth = month <= 2 ? month + 9 : month - 3
    let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
    return shiftedYear * 365 + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + dayOfYear - 719_468
  }
}
