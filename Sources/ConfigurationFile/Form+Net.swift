import Net

extension Form<IPv4Address> {
  static var ipv4: Form {
    .described("an IPv4 address, such as 192.0.2.1")
  }
}

extension Form<MACAddress> {
  static var mac: Form {
    .described("a hardware address, such as 00:0f:e2:00:00:01")
  }
}

extension Form<AddressRange> {
  static var range: Form {
    .described("a range of addresses, such as 192.0.2.100-192.0.2.199")
  }
}

extension Form<Subnet> {
  static var subnet: Form {
    .described(
      "a subnet such as 192.0.2.0/24",
      suggest: { text in
        // The subnet that a host's address is in.
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let member = IPv4Address(String(parts[0])),
          let length = canonicalInteger(String(parts[1])),
          (0...32).contains(length)
        else { return nil }
        return Subnet(containing: member, prefixLength: length).description
      }
    )
    .matching("a subnet such as 192.0.2.0/24, of 8 to 32 bits") { $0.prefixLength >= 8 }
  }
}

extension Form<String> {
  /// A host's or a domain's name (RFC 1123 section 2.1), without a dot at its end.
  static var domainName: Form {
    .text(
      "a domain name, such as usher.internal",
      suggest: { text in
        let shorter = text.filter { !$0.isWhitespace }
        let name = shorter.hasSuffix(".") ? String(shorter.dropLast()) : shorter
        return name != text && isDomainName(name) ? name : nil
      }
    ) { isDomainName($0) && IPv4Address($0) == nil }
  }

  /// The name of a record within its zone, `@` for the zone itself. Labels may begin with an underscore (RFC 8552).
  static var recordName: Form {
    .text("a name within the zone, such as ntp, or @ for the zone itself") { text in
      text == "@" || text == "*"
        || isDomainName(
          (text.hasPrefix("*.") ? text.dropFirst(2) : text[...]).split(separator: ".", omittingEmptySubsequences: false)
            .map {
              String($0.first == "_" ? $0.dropFirst() : $0)
            }.joined(separator: "."))
    }
  }

  static var hostname: Form {
    .text("a host name of letters, digits and dashes") { isDomainName($0) && !$0.contains(".") }
  }
}

extension Form<[UInt8]> {
  /// Bytes in hexadecimal digits.
  static func hexadecimal(_ sizes: ClosedRange<Int>) -> Form {
    .scalar(
      "\(sizes.lowerBound) to \(sizes.upperBound) bytes in hexadecimal digits, such as \"0a1b2c\"",
      suggest: { text in
        let digits = text.filter { $0 != ":" && $0 != "-" && $0 != " " }
        return Hexadecimal.decode(digits).flatMap { sizes.contains($0.count) && digits != text ? digits : nil }
      },
      parse: { text in Hexadecimal.decode(text).flatMap { sizes.contains($0.count) ? $0 : nil } },
      output: { .scalar(Output.doubleQuoted(Hexadecimal.encode($0))) })
  }
}

/// RFC 1123 section 2.1 with the lengths of RFC 1035 section 2.3.4; an address passes too.
func isDomainName(_ text: String) -> Bool {
  guard (1...253).contains(text.utf8.count) else { return false }
  return text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
    (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
      && label.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}
