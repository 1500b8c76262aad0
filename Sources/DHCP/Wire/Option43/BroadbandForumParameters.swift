/// Option 43 as TR-069 (section 3.1, table 4) defines it for every other CPE: sub-option 1 is the URL of the ACS, 2 the
/// provisioning code, 3 the minimum wait and 4 the multiplier of the session retry policy. All are text, none with a NUL.
package struct BroadbandForumParameters: Hashable, Sendable {
  package var url: String
  package var provisioningCode: String?
  /// Seconds, 1 to 65535.
  package var retryMinimumWait: Int?
  /// Thousandths, 1000 to 65535.
  package var retryMultiplier: Int?
  /// Sub-options of other codes in their order, kept as they are.
  package var others: [SubOption]

  package init(
    url: String, provisioningCode: String? = nil, retryMinimumWait: Int? = nil, retryMultiplier: Int? = nil,
    others: [SubOption] = []
  ) {
    self.url = url
    self.provisioningCode = provisioningCode
    self.retryMinimumWait = retryMinimumWait
    self.retryMultiplier = retryMultiplier
    self.others = others
  }

  static let codes: ClosedRange<UInt8> = 1...4
  static let urlLength = 8...253
  static let provisioningCodeLength = 1...64
  static let waitLimits = 1...65_535
  static let multiplierLimits = 1000...65_535

  /// Reads every byte or refuses. A NUL at the end of a text is taken off, as a CPE must.
  package init(decoding bytes: some Collection<UInt8>) throws(Option43Error) {
    let list = try Option43.subOptions(of: Array(bytes), single: Array(Self.codes))
    func text(_ code: UInt8, _ field: Option43Error.Field) throws(Option43Error) -> String? {
      guard let value = list.first(where: { $0.code == code })?.value else { return nil }
      return try field.text(value.last == 0 ? value.dropLast() : value[...])
    }
    func number(_ code: UInt8, _ field: Option43Error.Field) throws(Option43Error) -> Int? {
      guard let text = try text(code, field) else { return nil }
      guard text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
        throw .notANumber(field)
      }
      return number
    }
    guard let url = try text(1, .url) else { throw .noACSParameters }
    self.init(
      url: url, provisioningCode: try text(2, .provisioningCode), retryMinimumWait: try number(3, .retryMinimumWait),
      retryMultiplier: try number(4, .retryMultiplier), others: list.filter { !Self.codes.contains($0.code) })
    try check()
  }

  /// The value of option 43, at most 255 bytes.
  package func encode() throws(Option43Error) -> [UInt8] {
    try check()
    let bytes = SubOption.encode(subOptions(from: 1) + others)
    guard bytes.count <= 255 else { throw .tooLong(count: bytes.count, limit: 255) }
    return bytes
  }

  /// The same for option 125 (TR-069 section 3.1), whose codes are 11 to 14; some CPEs use 1 to 4 there too.
  package func vendorIdentifyingOptions(firstCode: UInt8 = 11) throws(Option43Error) -> VendorIdentifyingOptions {
    try check()
    let list = subOptions(from: firstCode)
    let count = SubOption.encode(list).count
    guard count <= 250 else { throw .tooLong(count: count, limit: 250) }
    return VendorIdentifyingOptions([.init(enterprise: broadbandForumEnterprise, options: list)])
  }

  private func subOptions(from firstCode: UInt8) -> [SubOption] {
    let texts = [url, provisioningCode, retryMinimumWait.map(String.init), retryMultiplier.map(String.init)]
    return texts.enumerated().compactMap { index, text in
      text.map { SubOption(code: firstCode &+ UInt8(index), value: Array($0.utf8)) }
    }
  }

  private func check() throws(Option43Error) {
    try Option43Error.Field.url.checkURL(url, length: Self.urlLength)
    if let provisioningCode {
      try Option43Error.Field.provisioningCode.check(provisioningCode.utf8, length: Self.provisioningCodeLength)
    }
    if let retryMinimumWait, !Self.waitLimits.contains(retryMinimumWait) {
      throw .number(.retryMinimumWait, value: retryMinimumWait, allowed: Self.waitLimits)
    }
    if let retryMultiplier, !Self.multiplierLimits.contains(retryMultiplier) {
      throw .number(.retryMultiplier, value: retryMultiplier, allowed: Self.multiplierLimits)
    }
  }
}
