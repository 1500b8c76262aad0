import Net

/// Which dialect of option 43 a client understands, by what it shows of itself.
enum DialectRecognition {
  /// Nil where nothing tells. The form of Comware's client identifier goes before all else, because its option 60 may be
  /// left-over memory. TR-069 (section 3.1) has a CPE say `dslforum.org` in option 60 or 124.
  static func dialect(of client: ClientTraits) -> Dialect? {
    if let identifier = client.clientIdentifier, isComware(identifier) { return .comware }
    if let vendorClass = client.vendorClass, contains(vendorClass, broadbandForumMark) { return .broadbandForum }
    if let classes = client.vendorIdentifyingClasses,
      classes.entries.contains(where: {
        $0.enterprise == broadbandForumEnterprise && contains($0.data[...], broadbandForumMark)
      })
    {
      return .broadbandForum
    }
    if let vendorClass = client.vendorClass, hasComwareWord(vendorClass) { return .comware }
    guard let hardware = client.hardware, isComware(hardware, vendorClass: client.vendorClass) else { return nil }
    return .comware
  }

  /// What Comware makes of its hardware address where none is configured: `00` and `hhhh.hhhh.hhhh-Interface`, such as
  /// `d07e.280b.5301-Vlan-interface22`. The type is left out by some.
  private static func isComware(_ identifier: ArraySlice<UInt8>) -> Bool {
    let text = identifier.first == 0 ? identifier.dropFirst() : identifier
    // The shortest name of an interface has a letter and a digit.
    guard text.count >= 17, text[text.startIndex + 14] == UInt8(ascii: "-") else { return false }
    for (place, byte) in text.prefix(14).enumerated() {
      guard place % 5 == 4 ? byte == UInt8(ascii: ".") : Hexadecimal.isDigit(byte) else { return false }
    }
    let interface = text.dropFirst(15)
    return interface.first.map { $0.isLetterOrDigit } ?? false && interface.allSatisfy { (0x21...0x7E).contains($0) }
  }

  /// By the maker of the hardware. HP made computers too: there, a vendor class of plain text that says nothing of
  /// Comware, such as `MSFT 5.0` or `udhcp`, tells that it is one of those.
  private static func isComware(_ hardware: MACAddress, vendorClass: ArraySlice<UInt8>?) -> Bool {
    let oui = UInt32(hardware.rawValue >> 24)
    if ComwareOUIs.ofH3C.hasSorted(oui) { return true }
    guard ComwareOUIs.ofHP.hasSorted(oui) else { return false }
    return vendorClass.map { text in !text.allSatisfy { (0x20...0x7E).contains($0) } || text.isEmpty } ?? true
  }

  /// Whether the client is firmware that loads a boot program by name (PXE, UEFI HTTP boot) and would take ours for one.
  static func bootsOtherwise(_ client: ClientTraits) -> Bool {
    guard let vendorClass = client.vendorClass else { return false }
    return vendorClass.starts(with: "PXEClient".utf8) || vendorClass.starts(with: "HTTPClient".utf8)
  }

  private static let broadbandForumMark = Array("dslforum.org".utf8)

  private static let comwareWords = ["h3c", "hp", "hpe", "3com", "comware"].map { Array($0.utf8) }

  /// Whether a whole word of the text is one of the makers', upper and lower case alike.
  private static func hasComwareWord(_ text: ArraySlice<UInt8>) -> Bool {
    text.split { !$0.isLetterOrDigit }.contains { word in
      comwareWords.contains { $0.elementsEqual(word.lazy.map(\.lowercased)) }
    }
  }

  private static func contains(_ text: ArraySlice<UInt8>, _ part: [UInt8]) -> Bool {
    guard text.count >= part.count else { return false }
    return (text.startIndex...text.endIndex - part.count).contains { text[$0...].starts(with: part) }
  }
}

extension [UInt32] {
  /// Whether a list in rising order has the element.
  fileprivate func hasSorted(_ element: UInt32) -> Bool {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < element { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == element
  }
}
