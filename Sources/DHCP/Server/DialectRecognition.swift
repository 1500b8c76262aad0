import Net

/// Which dialect of option 43 a client understands, by what it shows of itself.
enum DialectRecognition {
  /// Nil where nothing tells. TR-069 (section 3.1) has a CPE say `dslforum.org` in option 60 or 124.
  static func dialect(of client: ClientTraits) -> Dialect? {
    if let vendorClass = client.vendorClass, contains(vendorClass, broadbandForumMark) { return .broadbandForum }
    if let classes = client.vendorIdentifyingClasses,
      classes.entries.contains(where: {
        $0.enterprise == broadbandForumEnterprise && contains($0.data[...], broadbandForumMark)
      })
    {
      return .broadbandForum
    }
    if let vendorClass = client.vendorClass, hasComwareWord(vendorClass) { return .comware }
    if let hardware = client.hardware, comwareOUIs.contains(UInt32(hardware.rawValue >> 24)) { return .comware }
    return nil
  }

  /// Whether the client is firmware that loads a boot program by name (PXE, UEFI HTTP boot) and would take ours for one.
  static func bootsOtherwise(_ client: ClientTraits) -> Bool {
    guard let vendorClass = client.vendorClass else { return false }
    return vendorClass.starts(with: "PXEClient".utf8) || vendorClass.starts(with: "HTTPClient".utf8)
  }

  private static let broadbandForumMark = Array("dslforum.org".utf8)

  private static let comwareWords = ["h3c", "hp", "hpe", "3com", "comware"].map { Array($0.utf8) }

  /// Registered to H3C and its forerunners. No list is complete: a rule by OUI serves the others.
  private static let comwareOUIs: Set<UInt32> = [
    0x000F_E2, 0x0023_89, 0x0CDA_41, 0x3822_D6, 0x3C8C_40, 0x3CE5_A6, 0x5866_BA, 0x586A_B1, 0x5CDD_70, 0x70BA_EF,
    0x70F9_6D, 0x741F_4A, 0x80F6_2E, 0xC4CA_D9,
  ]

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
