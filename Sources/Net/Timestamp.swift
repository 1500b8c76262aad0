/// A moment: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct Timestamp: RawRepresentable, Hashable, Sendable, Codable {
  package let rawValue: Int64

  package init(rawValue: Int64) {
    self.rawValue = rawValue
  }

  package init(secondsSince1970 seconds: Int64) {
    rawValue = seconds.multipliedReportingOverflow(by: 1000).partialValue
  }

  package static let distantPast = Timestamp(rawValue: 0)
  package static let distantFuture = Timestamp(rawValue: .max)

  /// Whole seconds since 1970, rounded down.
  package var secondsSince1970: Int64 { rawValue >= 0 ? rawValue / 1000 : (rawValue - 999) / 1000 }

  /// The moment so many seconds later (earlier where negative); stops at either end of time.
  package func advanced(bySeconds seconds: Int64) -> Timestamp {
    advanced(byMilliseconds: seconds.multipliedReportingOverflow(by: 1000).overflow ? .max : seconds * 1000)
  }

  package func advanced(byMilliseconds milliseconds: Int64) -> Timestamp {
    let (sum, overflows) = rawValue.addingReportingOverflow(milliseconds)
    return Timestamp(rawValue: overflows ? (milliseconds > 0 ? .max : .min) : sum)
  }

  /// Milliseconds from `earlier` to this moment; negative where this one comes first.
  package func milliseconds(since earlier: Timestamp) -> Int64 {
    let (difference, overflows) = rawValue.subtractingReportingOverflow(earlier.rawValue)
    return overflows ? (rawValue > earlier.rawValue ? .max : .min) : difference
  }

  /// Whole seconds from `earlier` to this moment, rounded toward zero.
  package func seconds(since earlier: Timestamp) -> Int64 {
    milliseconds(since: earlier) / 1000
  }
}

extension Timestamp: Comparable {
  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.rawValue < right.rawValue }
}

extension Timestamp: CustomStringConvertible {
  /// `2026-01-31T12:00:00Z` (ISO 8601, UTC, whole seconds), as CWMP's dateTime and the logs write it.
  package var description: String {
    let date = CivilDate(daysSince1970: Int(secondsSince1970.floorDivided(by: 86_400)))
    let second = Int(secondsSince1970 - secondsSince1970.floorDivided(by: 86_400) * 86_400)
    func pad(_ number: Int, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(pad(date.year, 4))-\(pad(date.month))-\(pad(date.day))"
      + "T\(pad(second / 3600)):\(pad(second / 60 % 60)):\(pad(second % 60))Z"
  }
}

/// A day of the proleptic Gregorian calendar.
private struct CivilDate {
  let year: Int
  let month: Int
  let day: Int

  /// Counts in eras of 400 years that begin on March 1, so that the leap day comes last.
  init(daysSince1970: Int) {
    let days = daysSince1970 + 719_468
    let era = days.floorDivided(by: 146_097)
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
}

extension SignedInteger {
  fileprivate func floorDivided(by divisor: Self) -> Self {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
