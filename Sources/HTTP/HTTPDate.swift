/// A date as HTTP writes it (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, in whole seconds.
package struct HTTPDate: Hashable, Sendable {
  package let secondsSince1970: Int64

  package init(secondsSince1970: Int64) {
    self.secondsSince1970 = secondsSince1970
  }

  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// nil for what is not in the one form that may be sent since 1997, and for a day that no month has.
  package init?(_ text: String) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[5] == "GMT", parts[0].utf8.count == 4, parts[0].last == ",",
      let day = Self.number(parts[1], digits: 2), let month = Self.months.firstIndex(of: String(parts[2])),
      let year = Self.number(parts[3], digits: 4), let time = Self.seconds(parts[4])
    else { return nil }
    let days = Self.days(year: year, month: month + 1, day: day)
    let date = HTTPDate(secondsSince1970: Int64(days * 86_400 + time))
    // What is told of one moment in two ways has to agree.
    guard date.description.prefix(16) == text.prefix(16) else { return nil }
    self = date
  }

  private static func seconds(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { number($0, digits: 2) }
    guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2], hour < 24, minute < 60,
      second < 60
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  private static func number(_ text: Substring, digits: Int) -> Int? {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  /// Days since 1970-01-01 in the Gregorian calendar, counted in years that begin on March 1.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month > 2 ? year : year - 1
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return shiftedYear * 365 + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + dayOfYear - 719_468
  }
}

extension HTTPDate: CustomStringConvertible {
  /// For years from 0 to 9999.
  package var description: String {
    let seconds = Int(max(-62_167_219_200, min(secondsSince1970, 253_402_300_799)))
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let second = seconds - days * 86_400
    // The year is at most one less than this says.
    var year = 1970 + days / 365 + 1
    while Self.days(year: year, month: 1, day: 1) > days { year -= 1 }
    var month = 12
    while Self.days(year: year, month: month, day: 1) > days { month -= 1 }
    let day = days - Self.days(year: year, month: month, day: 1) + 1
    let weekday = Self.weekdays[(days % 7 + 7) % 7]
    return "\(weekday), \(pad(day, 2)) \(Self.months[month - 1]) \(pad(year, 4)) "
      + "\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2)) GMT"
  }

  private func pad(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
