import CZlib
package import HTTP

/// Why a compressed body cannot be read.
package enum InflationError: Error, Hashable, Sendable {
  case corrupt(ContentCoding, reason: String)
  case truncated(ContentCoding)
  /// Bytes after the end of what was compressed.
  case trailingBytes(ContentCoding)
  case noMemory
}

extension InflationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .corrupt(let coding, let reason): "the \(coding.rawValue) data is corrupt: \(reason)"
    case .truncated(let coding): "the \(coding.rawValue) data ends too early"
    case .trailingBytes(let coding): "bytes follow the end of the \(coding.rawValue) data"
    case .noMemory: "there is no memory to decompress the body"
    }
  }
}

/// Undoes a content coding, piece by piece: what comes out is bounded by the piece, however little went in, so whoever
/// takes the pieces can stop a bomb.
package final class Inflater {
  package static let pieceSize = 64 << 10

  private let coding: ContentCoding
  private var stream: OpaquePointer?
  /// What was put in and not taken yet.
  private var input: ArraySlice<UInt8> = []
  private var isAtEnd = false
  private var isEmpty = true

  package init(_ coding: ContentCoding) {
    self.coding = coding
  }

  deinit {
    if let stream { czlib_inflater_close(stream) }
  }

  package func put(_ bytes: some Collection<UInt8>) {
    if !bytes.isEmpty { isEmpty = false }
    if input.isEmpty { input = ArraySlice(bytes) } else { input.append(contentsOf: bytes) }
  }

  /// The next piece, never empty; nil where more input is needed.
  package func next() throws(InflationError) -> [UInt8]? {
    while !isAtEnd || !input.isEmpty {
      if isAtEnd { try beginMember() }
      guard let stream = try open() else { return nil }
      var (taken, given) = (0, 0)
      var result = CZLIB_GOES_ON.rawValue
      let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { room, count in
        input.withUnsafeBufferPointer { input in
          result = czlib_inflate(
            stream, input.baseAddress, input.count, &taken, room.baseAddress, Self.pieceSize, &given)
        }
        count = given
      }
      input = input.dropFirst(taken)
      switch result {
      case CZLIB_CORRUPT.rawValue:
        throw .corrupt(coding, reason: czlib_inflater_message(stream).map { String(cString: $0) } ?? "no reason given")
      case CZLIB_NO_MEMORY.rawValue: throw .noMemory
      case CZLIB_ENDED.rawValue: isAtEnd = true
      default: if given == 0 && taken == 0 { return nil }
      }
      if given > 0 { return piece }
    }
    return nil
  }

  /// To be asked when all input was put in and all pieces were taken. A body without a byte is an empty one: routers
  /// name their coding on empty requests too.
  package func finish() throws(InflationError) {
    guard isEmpty || (isAtEnd && input.isEmpty) else { throw .truncated(coding) }
  }

  /// gzip may go on with a further member (RFC 1952 §2.2).
  private func beginMember() throws(InflationError) {
    guard coding == .gzip, let stream, czlib_inflater_restart(stream) == CZLIB_GOES_ON.rawValue else {
      throw .trailingBytes(coding)
    }
    isAtEnd = false
  }

  private func open() throws(InflationError) -> OpaquePointer? {
    if let stream { return stream }
    let wrapping: czlib_wrapping
    switch coding {
    case .gzip: wrapping = CZLIB_GZIP
    case .deflate:
      // Two bytes tell one from the other.
      guard input.count >= 2 else { return nil }
      wrapping = Self.isZlib(input[input.startIndex], input[input.startIndex + 1]) ? CZLIB_ZLIB : CZLIB_RAW
    }
    guard let opened = czlib_inflater_open(wrapping.rawValue) else { throw .noMemory }
    stream = opened
    return opened
  }

  /// RFC 1950 §2.2: the method is 8, the window at most 32 KiB, and both bytes together a multiple of 31.
  private static func isZlib(_ method: UInt8, _ flags: UInt8) -> Bool {
    method & 0x0F == 8 && method >> 4 <= 7 && (UInt16(method) << 8 | UInt16(flags)) % 31 == 0
  }
}

/// Applies a content coding to bytes that are there already.
package enum Deflater {
  /// nil where that makes them no shorter.
  package static func deflate(_ bytes: [UInt8], _ coding: ContentCoding) -> [UInt8]? {
    guard bytes.count > 1 else { return nil }
    let wrapping: czlib_wrapping =
      switch coding {
      case .gzip: CZLIB_GZIP
      case .deflate: CZLIB_ZLIB
      }
    let room = bytes.count - 1
    let deflated = [UInt8](unsafeUninitializedCapacity: room) { output, count in
      count = bytes.withUnsafeBufferPointer {
        czlib_deflate(
          wrapping.rawValue, $0.baseAddress, $0.count, output.baseAddress, room)
      }
    }
    return deflated.isEmpty ? nil : deflated
  }
}
