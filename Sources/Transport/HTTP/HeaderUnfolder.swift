import NIOCore
import NIOHTTP1

/// Stands before the parser of HTTP and makes one line of a header field that is folded over several (RFC 2616 section
/// 2.2, on which TR-069 builds; RFC 9112 section 5.2 lets a server do so): the line end becomes blanks, and no byte is
/// added or taken.
///
/// Only a head is touched. Where the body behind it ends is the parser's word alone: the bytes go to it message by
/// message, and it says, while it takes them, what they were. A head and what has come of its body go together where no
/// byte of the next message can be among them. Where the parser's word and ours differ, nothing more of the connection
/// is touched.
final class HeaderUnfolder: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private enum Place {
    case head(HeadScanner)
    case body(left: Int)
    case chunks(ChunkScanner)
    /// No more is known.
    case lost
  }

  private var place = Place.head(HeadScanner())
  /// The end of a line, of which the next byte says whether it is that of the field.
  private var held: ByteBuffer?
  /// What the parser has said of the bytes that it was given last.
  private var head: HTTPRequestHead?
  private var hasEnded = false
  /// Whether the head under way had a folded field.
  private var isFolded = false
  /// What the parser is given, and where in the head that begins: to say what is wrong with it.
  private var current: (bytes: ByteBuffer, scanner: HeadScanner)?

  // MARK: The parser's word

  /// The parser has read a head. Returns whether a field of it was folded.
  func noteHead(_ head: HTTPRequestHead) -> Bool {
    self.head = head
    defer { isFolded = false }
    return isFolded
  }

  /// The parser has read a request to its end.
  func noteEnd() { hasEnded = true }

  /// What is wrong with the bytes that the parser has just refused.
  func flaw(_ error: HTTPParserError) -> String {
    guard let current else {
      if case .chunks = place { return HeadFlaw.ofChunks }
      return HeadFlaw.unknown
    }
    return HeadFlaw.described(
      current.bytes.readableBytesView, behind: current.scanner.prefix, isInFields: current.scanner.isInFields, error)
  }

  // MARK: The bytes

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    if var held {
      held.writeBuffer(&bytes)
      bytes = held
      self.held = nil
    }
    while bytes.readableBytes > 0 {
      switch place {
      case .head(let scanner):
        guard passHead(&bytes, scanner, context) else { return }
      case .body(let left):
        let count = min(left, bytes.readableBytes)
        pass(&bytes, count, context)
        if count < left { place = .body(left: left - count) } else { place = afterEnd }
      case .chunks(var scanner):
        let count = bytes.withUnsafeReadableBytes { scanner.count($0) }
        pass(&bytes, count, context)
        place = hasEnded ? afterEnd : .chunks(scanner)
      case .lost:
        return context.fireChannelRead(wrapInboundOut(bytes))
      }
    }
  }

  /// False where the rest is held.
  private func passHead(_ bytes: inout ByteBuffer, _ former: HeadScanner, _ context: ChannelHandlerContext) -> Bool {
    var scanner = former
    let finding = bytes.withUnsafeReadableBytes { scanner.scan($0) }
    for place in finding.folds { unfold(&bytes, at: place) }
    if !finding.folds.isEmpty { isFolded = true }
    current = (bytes, former)
    defer { current = nil }
    let count = bytes.readableBytes - finding.count
    if finding.isEnd, count > 0, let length = finding.bodyLength, count <= length {
      pass(&bytes, bytes.readableBytes, context)
      place = afterHead(withBody: count, of: length)
      return true
    }
    pass(&bytes, finding.count, context)
    guard finding.isEnd else {
      place = head == nil ? .head(scanner) : .lost
      guard case .head = place, bytes.readableBytes > 0 else { return bytes.readableBytes > 0 }
      held = ByteBuffer(bytes: bytes.readableBytesView)
      return false
    }
    place = afterHead
    return true
  }

  private func unfold(_ bytes: inout ByteBuffer, at place: Int) {
    let index = bytes.readerIndex + place
    bytes.setInteger(UInt8(ascii: " "), at: index)
    if place > 0, bytes.getInteger(at: index - 1, as: UInt8.self) == 0x0D {
      bytes.setInteger(UInt8(ascii: " "), at: index - 1)
    }
  }

  private func pass(_ bytes: inout ByteBuffer, _ count: Int, _ context: ChannelHandlerContext) {
    guard count > 0 else { return }
    if count == bytes.readableBytes {
      let all = bytes
      bytes.moveReaderIndex(forwardBy: count)
      context.fireChannelRead(wrapInboundOut(all))
    } else if let piece = bytes.readSlice(length: count) {
      context.fireChannelRead(wrapInboundOut(piece))
    }
  }

  private var afterHead: Place {
    guard let head else { return .lost }
    if hasEnded { return afterEnd }
    self.head = nil
    if head.headers.contains(name: "transfer-encoding") { return .chunks(ChunkScanner()) }
    return Self.bodyLength(head).map { .body(left: $0) } ?? .lost
  }

  /// Behind a head and the first bytes of its body, which has `length` as we read the head.
  private func afterHead(withBody count: Int, of length: Int) -> Place {
    guard let head, Self.bodyLength(head) == length else { return .lost }
    if count == length { return afterEnd }
    guard !hasEnded else { return .lost }
    self.head = nil
    return .body(left: length - count)
  }

  /// The body's length as the parser reads it; nil where the body is in chunks, or there is none.
  private static func bodyLength(_ head: HTTPRequestHead) -> Int? {
    guard !head.headers.contains(name: "transfer-encoding") else { return nil }
    guard let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > 0 else { return nil }
    return length
  }

  private var afterEnd: Place {
    defer {
      head = nil
      hasEnded = false
    }
    return hasEnded ? .head(HeadScanner()) : .lost
  }
}
