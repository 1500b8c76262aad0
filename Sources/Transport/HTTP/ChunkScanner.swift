import Glibc

/// Finds the empty lines of a body in chunks: one of them is its end (RFC 9112 section 7.1), which one the parser says.
struct ChunkScanner {
  private enum Tail { case other, lineFeed, carriageReturn }

  /// What the piece before ended with.
  private var tail = Tail.other

  /// Bytes up to the end of the first empty line, or all.
  mutating func count(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    var place = 0
    while place < bytes.count, let found = memchr(base + place, 0x0A, bytes.count - place) {
      let end = UnsafeRawPointer(found) - base
      if followsLineFeed(bytes, end) {
        tail = .lineFeed
        return end + 1
      }
      place = end + 1
    }
    tail = Self.tail(of: bytes, after: tail)
    return bytes.count
  }

  private func followsLineFeed(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Bool {
    switch place {
    case 0: tail != .other
    case 1: bytes[0] == 0x0A || bytes[0] == 0x0D && tail == .lineFeed
    default: bytes[place - 1] == 0x0A || bytes[place - 1] == 0x0D && bytes[place - 2] == 0x0A
    }
  }

  private static func tail(of bytes: UnsafeRawBufferPointer, after former: Tail) -> Tail {
    switch bytes.last {
    case 0x0A?: .lineFeed
    case 0x0D?:
      if bytes.count > 1 ? bytes[bytes.count - 2] == 0x0A : former == .lineFeed { .carriageReturn } else { .other }
    case nil: former
    case _?: .other
    }
  }
}
