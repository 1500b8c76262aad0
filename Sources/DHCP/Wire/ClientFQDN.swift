/// Option 81, client FQDN (RFC 4702): the name that a client goes by in DNS, and who is to say so there.
package struct ClientFQDN: Hashable, Sendable {
  /// The flags field (section 2.1); the bits that must be zero are dropped.
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
      self.rawValue = rawValue & 0x0F
    }

    /// S: the server updates the name's A record.
    package static let serverUpdates = Flags(rawValue: 1)
    /// O: the server has not done with S as the client wished.
    package static let isOverridden = Flags(rawValue: 2)
    /// E: the name is in wire form and not in ASCII.
    package static let isWireForm = Flags(rawValue: 4)
    /// N: the server updates nothing.
    package static let noUpdates = Flags(rawValue: 8)
  }

  package let flags: Flags
  /// Its labels, without the root.
  package let labels: [[UInt8]]

  /// `labels` of 1 to 63 bytes, at most 255 bytes in all.
  package init(flags: Flags, labels: [[UInt8]]) {
    self.flags = flags
    self.labels = labels
  }

  /// What a server answers that names its clients in DNS itself, but nobody whose client forbids it, and none by a name
  /// that is another's (section 4).
  func answer(_ naming: Naming, domain: String?) -> ClientFQDN {
    var answer = flags.intersection(.isWireForm)
    if case .refused = naming {
      answer.insert(.noUpdates)
      if flags.contains(.serverUpdates) { answer.insert(.isOverridden) }
      return ClientFQDN(flags: answer, labels: labels)
    }
    if flags.contains(.noUpdates) {
      answer.insert(.noUpdates)
    } else {
      answer.insert(.serverUpdates)
      if !flags.contains(.serverUpdates) { answer.insert(.isOverridden) }
    }
    let own = naming.name.map { [Array($0.utf8)] } ?? Array(labels.prefix(1))
    let parents = domain.map { $0.utf8.split(separator: UInt8(ascii: ".")).map { Array($0) } } ?? []
    return ClientFQDN(flags: answer, labels: own + (parents.isEmpty ? Array(labels.dropFirst()) : parents))
  }
}

extension ClientFQDN: OptionValue {
  private static let maximumName = 252

  package init?(option bytes: ArraySlice<UInt8>) {
    guard bytes.count >= 3, let first = bytes.first else { return nil }
    flags = Flags(rawValue: first)
    // The two bytes after the flags mean nothing (section 2.2).
    var rest = bytes.dropFirst(3)
    var labels: [[UInt8]] = []
    if flags.contains(.isWireForm) {
      // A name without the root at its end is a partial one (section 2.3.1).
      while let length = rest.popFirst(), length > 0 {
        guard length <= 63, rest.count >= Int(length) else { return nil }
        labels.append(Array(rest.prefix(Int(length))))
        rest = rest.dropFirst(Int(length))
      }
    } else {
      labels = rest.prefix { $0 != 0 }.split(separator: UInt8(ascii: ".")).map { Array($0) }
      guard labels.allSatisfy({ $0.count <= 63 }) else { return nil }
    }
    self.labels = labels
  }

  /// Without what is beyond the length of an option.
  package func write(into bytes: inout [UInt8]) {
    bytes += [flags.rawValue, 255, 255]
    var name: [UInt8] = []
    for label in labels {
      let part = flags.contains(.isWireForm) ? [UInt8(label.count)] + label : (name.isEmpty ? [] : [0x2E]) + label
      guard name.count + part.count < Self.maximumName else { break }
      name += part
    }
    if flags.contains(.isWireForm) { name.append(0) }
    bytes += name
  }
}
