import Net

/// What a responder needs of a query, read where it lies: nothing is copied. Places count from the first byte.
struct Query {
  /// What its OPT record says, if it has one.
  struct Extension {
    let payloadSize: UInt16
    let version: UInt8
    let dnssecOK: Bool
    /// Where its COOKIE option has its bytes (RFC 7873 section 4).
    let cookie: Range<Int>?
  }

  /// Where the question's name ends; it begins after the header.
  let nameEnd: Int
  let type: RecordType
  let recordClass: RecordClass
  let edns: Extension?

  /// Where the question ends.
  var questionEnd: Int { nameEnd + 4 }

  /// Reads a message of at least a header. Records in the answer and authority sections, and bytes after the end, mean
  /// nothing in a query and are passed over.
  init(decoding bytes: RawSpan) throws(MessageError) {
    var reader = MessageReader(bytes)
    try reader.skip(4)
    let questionCount = try reader.readUInt16()
    let answerCount = try reader.readUInt16()
    let authorityCount = try reader.readUInt16()
    let additionalCount = try reader.readUInt16()
    // One question and no more (RFC 9619).
    guard questionCount == 1 else { throw .questionCount(questionCount) }
    try Self.readName(&reader)
    nameEnd = reader.offset
    type = RecordType(rawValue: try reader.readUInt16())
    recordClass = RecordClass(rawValue: try reader.readUInt16())

    var edns: Extension?
    let ignored = Int(answerCount) + Int(authorityCount)
    for index in 0..<ignored + Int(additionalCount) {
      let start = reader.offset
      try reader.skipName()
      guard try reader.readUInt16() == RecordType.opt.rawValue else {
        try reader.skip(6)
        try reader.skip(Int(try reader.readUInt16()))
        continue
      }
      // The owner must be the root: one byte before the type's two (RFC 6891 section 6.1.2).
      guard index >= ignored, reader.offset == start + 3 else { throw .misplacedOPT(at: start) }
      guard edns == nil else { throw .secondOPT(at: start) }
      edns = try Self.readExtension(&reader)
    }
    self.edns = edns
  }

  /// A question's name is the first of its message: there is nothing that it could be compressed with.
  private static func readName(_ reader: inout MessageReader) throws(MessageError) {
    let nameStart = reader.offset
    while true {
      let start = reader.offset
      let length = try reader.readUInt8()
      switch length {
      case 0: return
      case 1...63:
        guard start + 1 + Int(length) + 1 - nameStart <= Name.maximumLength else { throw .nameTooLong(at: start) }
        try reader.skip(Int(length))
      case 0xC0...: throw .pointerInQuestion(at: start)
      default: throw .labelType(length, at: start)
      }
    }
  }

  /// Reads an OPT record after its type. Its options must fill it (RFC 6891 section 6.1.2); none of them is heeded but
  /// the first cookie.
  private static func readExtension(_ reader: inout MessageReader) throws(MessageError) -> Extension {
    let start = reader.offset
    let payloadSize = try reader.readUInt16()
    try reader.skip(1)
    let version = try reader.readUInt8()
    let flags = try reader.readUInt16()
    let end = try Int(reader.readUInt16()) + reader.offset
    var cookie: Range<Int>?
    while reader.offset < end {
      let code = try reader.readUInt16()
      let length = Int(try reader.readUInt16())
      // What options of a later version look like is not known.
      if code == EDNS.Option.cookie, version == 0, cookie == nil {
        guard Cookies.isLength(length) else { throw .cookieLength(length, at: reader.offset) }
        cookie = reader.offset..<reader.offset + length
      }
      try reader.skip(length)
    }
    guard reader.offset == end else { throw .dataLength(.opt, at: start) }
    return Extension(
      payloadSize: payloadSize, version: version, dnssecOK: flags & EDNS.dnssecOK != 0, cookie: cookie)
  }
}
