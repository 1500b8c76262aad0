/// The Broadband Forum's enterprise number (IANA: private enterprise numbers).
package let broadbandForumEnterprise: UInt32 = 3561

/// Option 124, vendor-identifying vendor class (RFC 3925 section 3): per enterprise, what the client is.
package struct VendorIdentifyingClasses: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package let enterprise: UInt32
    /// The vendor class data as they stand: values, each behind its length.
    package let data: [UInt8]

    package init(enterprise: UInt32, data: [UInt8]) {
      self.enterprise = enterprise
      self.data = data
    }
  }

  package let entries: [Entry]

  package init(_ entries: [Entry]) {
    self.entries = entries
  }
}

extension VendorIdentifyingClasses: OptionValue {
  package init?(option bytes: ArraySlice<UInt8>) {
    guard let blocks = enterpriseBlocks(bytes) else { return nil }
    entries = blocks.map { Entry(enterprise: $0.enterprise, data: Array($0.data)) }
  }

  package func write(into bytes: inout [UInt8]) {
    for entry in entries { writeEnterpriseBlock(entry.enterprise, entry.data, into: &bytes) }
  }
}

/// Option 125, vendor-identifying vendor-specific information (RFC 3925 section 4): per enterprise, its own options.
package struct VendorIdentifyingOptions: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package let enterprise: UInt32
    package let options: [SubOption]

    package init(enterprise: UInt32, options: [SubOption]) {
      self.enterprise = enterprise
      self.options = options
    }
  }

  package let entries: [Entry]

  package init(_ entries: [Entry]) {
    self.entries = entries
  }
}

extension VendorIdentifyingOptions: OptionValue {
  package init?(option bytes: ArraySlice<UInt8>) {
    guard let blocks = enterpriseBlocks(bytes) else { return nil }
    var entries: [Entry] = []
    for block in blocks {
      guard let options = try? SubOption.list(decoding: block.data) else { return nil }
      entries.append(Entry(enterprise: block.enterprise, options: options))
    }
    self.entries = entries
  }

  package func write(into bytes: inout [UInt8]) {
    for entry in entries { writeEnterpriseBlock(entry.enterprise, SubOption.encode(entry.options), into: &bytes) }
  }
}

/// Both options are enterprise number, length, data, one after the other. Nil where that does not come out even.
private func enterpriseBlocks(_ bytes: ArraySlice<UInt8>) -> [(enterprise: UInt32, data: ArraySlice<UInt8>)]? {
  var blocks: [(enterprise: UInt32, data: ArraySlice<UInt8>)] = []
  var rest = bytes
  while !rest.isEmpty {
    guard let enterprise = UInt32(option: rest.prefix(4)) else { return nil }
    rest = rest.dropFirst(4)
    guard let length = rest.popFirst(), rest.count >= Int(length) else { return nil }
    blocks.append((enterprise, rest.prefix(Int(length))))
    rest = rest.dropFirst(Int(length))
  }
  return blocks.isEmpty ? nil : blocks
}

private func writeEnterpriseBlock(_ enterprise: UInt32, _ data: [UInt8], into bytes: inout [UInt8]) {
  enterprise.write(into: &bytes)
  bytes.append(UInt8(data.prefix(255).count))
  bytes.append(contentsOf: data.prefix(255))
}
