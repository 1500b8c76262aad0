import Net

/// Makes and checks the cookies that show that a client is where its packets say (RFC 7873, RFC 9018).
package struct Cookies: Sendable {
  /// What a client's cookie says of it.
  package enum Standing: Hashable, Sendable {
    case none
    /// It sent no cookie of ours, or one that is wrong or old.
    case unproven
    /// It got a cookie of ours at this address within the last hour.
    case proven
  }

  /// A cookie with both parts, in bytes.
  static let length = 24
  static let clientLength = 8
  /// Seconds (RFC 9018 section 4.3).
  private static let lifetime: UInt32 = 3600
  private static let skew: UInt32 = 300

  private let key: (UInt64, UInt64)

  /// With a secret of its own: every cookie of another secret is unproven.
  package init(using generator: inout some RandomNumberGenerator) {
    key = (generator.next(), generator.next())
  }

  init(key: (UInt64, UInt64)) {
    self.key = key
  }

  /// Whether a COOKIE option may have so many bytes: the client's eight, and none or 8 to 32 of a server's.
  static func isLength(_ length: Int) -> Bool {
    length == clientLength || (clientLength + 8...clientLength + 32).contains(length)
  }

  /// What the bytes of a COOKIE option say of the client. `now` is in seconds.
  func standing(of cookie: RawSpan, client: IPv4Address, now: UInt32) -> Standing {
    guard cookie.byteCount == Self.length, cookie.byte(at: 8) == 1 else { return .unproven }
    let moment = UInt32(truncatingIfNeeded: cookie.word(at: 8) >> 32).byteSwapped
    let age = now &- moment
    guard age <= Self.lifetime || age >= 0 &- Self.skew else { return .unproven }
    let expected = hash(cookie.word(at: 0), moment: moment, client: client)
    return cookie.word(at: 16) == expected ? .proven : .unproven
  }

  /// The eight bytes of the hash as a little-endian word. `clientCookie` is read in that order too.
  func hash(_ clientCookie: UInt64, moment: UInt32, client: IPv4Address) -> UInt64 {
    var hash = SipHash(key: key)
    hash.combine(clientCookie)
    hash.combine(1 | UInt64(moment.byteSwapped) << 32)
    return hash.finish(UInt64(client.rawValue.byteSwapped), byteCount: 4)
  }
}

extension RawSpan {
  /// Eight bytes at `offset`, which must lie within, in little-endian order.
  func word(at offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
