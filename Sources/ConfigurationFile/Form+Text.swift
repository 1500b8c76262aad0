import Net

extension Form<String> {
  /// Text of so many bytes in UTF-8, without control characters.
  static func text(_ sizes: ClosedRange<Int> = 1...255) -> Form {
    text("text of \(sizes.lowerBound) to \(sizes.upperBound) bytes without control characters") { text in
      sizes.contains(text.utf8.count)
    }
  }

  /// Text without control characters that a rule holds for.
  static func text(
    _ expected: String, suggest: @escaping @Sendable (_ text: String) -> String? = { _ in nil },
    _ isRight: @escaping @Sendable (String) -> Bool
  ) -> Form {
    .scalar(
      expected, suggest: suggest,
      parse: { text in isRight(text) && !text.unicodeScalars.contains(where: isControl) ? text : nil },
      output: Output.text)
  }

  /// ASCII without spaces: what can stand in option 43 of Comware, where a space ends it.
  static var word: Form {
    .text("1 to 100 ASCII characters without spaces") { text in
      (1...100).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
  }

  /// The path of a file, absolute or from the directory of the configuration file.
  static var file: Form {
    .text("the path of a file") { (1...1024).contains($0.utf8.count) }
  }

  /// The path of a folder, absolute or from the directory of the configuration file.
  static var folder: Form {
    .text("the path of a folder") { (1...1024).contains($0.utf8.count) }
  }

  /// The name of a file without directories.
  static var fileName: Form {
    .text("the name of a file: 1 to 64 ASCII letters, digits, dots, dashes, underscores") {
      (1...64).contains($0.utf8.count) && $0.utf8.allSatisfy { isWord($0) || $0 == 0x2E || $0 == 0x2D }
        && $0.first != "."
    }
  }

  /// The name of a network interface, as Linux limits it (IFNAMSIZ).
  static var interface: Form {
    .text("the name of a network interface, such as eth1") {
      (1...15).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2F && $0 != 0x3A }
        && $0 != "." && $0 != ".."
    }
  }

  /// A pattern in which `*` stands for any text and `?` for any one character.
  static var pattern: Form {
    .text("a pattern of 1 to 255 bytes, where * stands for any text and ? for one character") {
      (1...255).contains($0.utf8.count)
    }
  }

  /// An organizationally unique identifier as CWMP writes it (TR-069 section A.3.3.1).
  static var oui: Form {
    .scalar(
      "an OUI of six hexadecimal digits, such as \"000FE2\"",
      suggest: { text in
        let digits = text.filter { $0 != ":" && $0 != "-" }
        return Hexadecimal.decode(digits)?.count == 3 ? digits.uppercased() : nil
      },
      parse: { text in Hexadecimal.decode(text)?.count == 3 ? text.uppercased() : nil },
      output: Output.text)
  }

  /// The OUI or a pattern of one.
  static var ouiPattern: Form {
    .scalar(
      "an OUI of six hexadecimal digits, such as \"000FE2\", or a pattern of one",
      parse: { text in
        let isRight =
          (1...6).contains(text.utf8.count)
          && text.utf8.allSatisfy { Hexadecimal.isDigit($0) || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
        return isRight && (text.utf8.count == 6 || text.contains("*")) ? text.uppercased() : nil
      },
      output: Output.text)
  }

  /// The path part of a URL.
  static var urlPath: Form {
    .text("a path that begins with /, such as /acs") {
      (1...128).contains($0.utf8.count) && $0.first == "/"
        && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"#<>?\\^`{|}".utf8.contains($0) }
    }
  }

  /// The URL of an ACS: 8 to 255 characters on Comware.
  static var acsURL: Form {
    .text("a URL such as http://192.0.2.1:7547/acs, at most 255 characters", isACSURL)
  }

  /// An identifier of a template's variable.
  static var variableName: String { "a name of letters, digits, dots, dashes and underscores" }

  static func isVariableName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { isWord($0) || $0 == 0x2E || $0 == 0x2D }
  }
}

/// An ASCII letter, digit or underscore.
private func isWord(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
    true
  default: false
  }
}

private func isACSURL(_ text: String) -> Bool {
  guard (8...255).contains(text.utf8.count),
    text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) }),
    let scheme = ["http://", "https://"].first(where: text.hasPrefix)
  else { return false }
  let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
  var host = authority
  if authority.first == "[" {
    guard let end = authority.firstIndex(of: "]"),
      IPv6Address(String(authority[authority.index(after: authority.startIndex)..<end])) != nil
    else { return false }
    host = authority[...end]
  } else {
    host = authority.prefix { $0 != ":" }
    guard isDomainName(String(host)) else { return false }
  }
  let port = authority.dropFirst(host.count)
  guard !port.isEmpty else { return true }
  return port.first == ":" && canonicalInteger(String(port.dropFirst())).map { (1...65_535).contains($0) } == true
}
