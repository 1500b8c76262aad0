import Net

extension Form<Bool> {
  /// `true` or `false`. The other words of YAML 1.1 (`yes`, `no`, `on`, `off`) are refused: to a reader of YAML 1.2
  /// they are text.
  static var flag: Form {
    .scalar(
      "true or false", isPlain: true,
      suggest: { text in
        switch text.lowercased() {
        case "yes", "on", "y", "true": "true"
        case "no", "off", "n", "false": "false"
        default: Spelling.nearest(to: text, among: ["true", "false"])
        }
      },
      parse: { ["true": true, "false": false][$0] },
      output: { .scalar($0 ? "true" : "false") })
  }
}

extension Form<Int> {
  /// A number in decimal digits, without the underscores, bases, leading zeros and sexagesimals of YAML 1.1.
  static func integer(_ range: ClosedRange<Int>) -> Form {
    .scalar(
      "a number from \(range.lowerBound) to \(range.upperBound)", isPlain: true,
      suggest: { text in
        let digits = text.filter { $0 != "_" && $0 != "," && $0 != " " }
        return canonicalInteger(digits).flatMap { range.contains($0) && digits.first != "-" ? String($0) : nil }
      },
      parse: { text in canonicalInteger(text).flatMap { range.contains($0) ? $0 : nil } },
      output: { .scalar(String($0)) })
  }

  /// A duration in seconds, written as `90`, `90s`, `15m`, `12h` or `7d`.
  static func duration(_ range: ClosedRange<Int>) -> Form {
    .scalar(
      "a duration from \(DurationText.of(range.lowerBound)) to \(DurationText.of(range.upperBound)), "
        + "such as 90s, 15m, 12h, 7d",
      parse: { text in DurationText.seconds(text).flatMap { range.contains($0) ? $0 : nil } },
      output: { .scalar(DurationText.of($0)) })
  }
}

extension Form<Int> {
  /// A number of bytes, written as `4096`, `512K`, `200M`, `4G` or `1T`, where 1K is 1024 bytes.
  static func size(_ range: ClosedRange<Int>) -> Form {
    .scalar(
      "a size from \(SizeText.of(range.lowerBound)) to \(SizeText.of(range.upperBound)), such as 512K, 200M, 4G",
      suggest: { text in
        let short = text.uppercased().replacing("IB", with: "").replacing("B", with: "").filter { $0 != " " }
        return SizeText.bytes(short).flatMap { range.contains($0) ? short : nil }
      },
      parse: { text in SizeText.bytes(text).flatMap { range.contains($0) ? $0 : nil } },
      output: { .scalar(SizeText.of($0)) })
  }
}

/// Numbers of bytes as they are written here: a whole number and a unit.
private enum SizeText {
  private static let units: [(suffix: Character, bytes: Int)] = [
    ("T", 1 << 40), ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10),
  ]

  static func bytes(_ text: String) -> Int? {
    var number = text
    var unit = 1
    if let last = text.last, let found = units.first(where: { $0.suffix == last }) {
      number.removeLast()
      unit = found.bytes
    }
    guard let count = canonicalInteger(number), count >= 0 else { return nil }
    let (bytes, overflows) = count.multipliedReportingOverflow(by: unit)
    return overflows ? nil : bytes
  }

  /// In the largest unit that leaves no rest.
  static func of(_ bytes: Int) -> String {
    guard bytes > 0, let unit = units.first(where: { bytes.isMultiple(of: $0.bytes) }) else { return String(bytes) }
    return "\(bytes / unit.bytes)\(unit.suffix)"
  }
}

/// Durations as they are written here: a whole number and a unit.
private enum DurationText {
  private static let units: [(suffix: Character, seconds: Int)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]

  static func seconds(_ text: String) -> Int? {
    var number = text
    var unit = 1
    if let last = text.last, let found = units.first(where: { $0.suffix == last }) {
      number.removeLast()
      unit = found.seconds
    }
    guard let count = canonicalInteger(number), count >= 0 else { return nil }
    let (seconds, overflows) = count.multipliedReportingOverflow(by: unit)
    return overflows ? nil : seconds
  }

  /// In the largest unit that leaves no rest.
  static func of(_ seconds: Int) -> String {
    guard seconds > 0, let unit = units.first(where: { seconds.isMultiple(of: $0.seconds) }) else {
      return String(seconds)
    }
    return "\(seconds / unit.seconds)\(unit.suffix)"
  }
}

/// The number that the text is the usual spelling of: ASCII digits without leading zeros, after a minus sign or not.
func canonicalInteger(_ text: String) -> Int? {
  guard text.utf8.count <= 20, let value = Int(text), String(value) == text else { return nil }
  return value
}
