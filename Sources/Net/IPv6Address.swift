/// An IPv6 address (RFC 4291) as its two halves, each in host order.
package struct IPv6Address: Hashable, Sendable {
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  package static let loopback = IPv6Address(high: 0, low: 1)

  /// Sixteen bytes in network order.
  package var octets: [UInt8] {
    [high, low].flatMap { half in
      stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> UInt64($0)) }
    }
  }

  /// The eight 16-bit groups.
  package var groups: [UInt16] {
    [high, low].flatMap { half in
      stride(from: 48, through: 0, by: -16).map { UInt16(truncatingIfNeeded: half >> UInt64($0)) }
    }
  }

  package init(groups: [UInt16]) {
    precondition(groups.count == 8, "an IPv6 address has eight groups")
    high = groups[0..<4].reduce(0) { $0 << 16 | UInt64($1) }
    low = groups[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
  }
}

extension IPv6Address: LosslessStringConvertible {
  /// The text forms of RFC 4291 section 2.2, without a zone; the last 32 bits may be a dotted IPv4 address.
  package init?(_ description: String) {
    let text = description.utf8
    var sides: [[UInt16]] = [[]]
    var rest = Substring(description)
    if rest.hasPrefix("::") {
      sides.append([])
      rest = rest.dropFirst(2)
    } else if text.first == UInt8(ascii: ":") {
      return nil
    }
    while !rest.isEmpty {
      let part = rest.prefix { $0 != ":" }
      rest = rest.dropFirst(part.count)
      if part.contains(".") {
        guard rest.isEmpty, let address = IPv4Address(String(part)) else { return nil }
        sides[sides.count - 1] += [UInt16(address.rawValue >> 16), UInt16(address.rawValue & 0xFFFF)]
        break
      }
      guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(Hexadecimal.isDigit),
        let group = UInt16(part, radix: 16)
      else { return nil }
      sides[sides.count - 1].append(group)
      if rest.hasPrefix("::") {
        guard sides.count == 1 else { return nil }
        sides.append([])
        rest = rest.dropFirst(2)
      } else if !rest.isEmpty {
        rest = rest.dropFirst()
        guard !rest.isEmpty else { return nil }
      }
    }
    let count = sides.reduce(0) { $0 + $1.count }
    if sides.count == 1 {
      guard count == 8 else { return nil }
      self.init(groups: sides[0])
    } else {
      guard count <= 7 else { return nil }
      self.init(groups: sides[0] + [UInt16](repeating: 0, count: 8 - count) + sides[1])
    }
  }

  /// The canonical text of RFC 5952: lower case, the first longest run of two or more zero groups as `::`.
  package var description: String {
    let groups = self.groups
    var longest = 0..<0
    var start = 0
    while start < 8 {
      guard groups[start] == 0 else {
        start += 1
        continue
      }
      let end = groups[start...].firstIndex { $0 != 0 } ?? 8
      if end - start > max(1, longest.count) { longest = start..<end }
      start = end
    }
    func text(_ part: ArraySlice<UInt16>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard !longest.isEmpty else { return text(groups[...]) }
    return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
  }
}
