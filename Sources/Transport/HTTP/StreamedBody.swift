import HTTP
import NIOCore

/// A request's body on its way to whom takes it piece by piece. It belongs to the connection's event loop.
final class StreamedBody {
  enum Next {
    /// Not empty.
    case piece([UInt8])
    case end
    /// What came was taken, and more is to come.
    case nothingYet
  }

  /// From so many bytes on, that nobody took, no more is read.
  private static let fullSize = 256 << 10
  /// So much has to come within the limit's time.
  static let paceSize = 64 << 10

  private let limit: Int
  private let inflater: Inflater?
  private var buffers = CircularBuffer<ByteBuffer>()
  private var waiting = 0
  private var received = 0
  private var given = 0
  private(set) var isComplete = false
  private var failure: BodyError?
  private var taker: EventLoopPromise<[UInt8]?>?
  /// The client sends nothing before it is told to (RFC 9110 §10.1.1).
  var awaitsContinue: Bool

  /// Refuses a coding that is not known, and a length that is announced and too large.
  init(of headers: Headers, limit: Int, awaitsContinue: Bool) throws(HTTPRefusal) {
    self.limit = limit
    self.awaitsContinue = awaitsContinue
    do throws(UnknownContentCoding) {
      inflater = try ContentCoding(of: headers).map(Inflater.init)
    } catch {
      throw HTTPRefusal(error)
    }
    if let length = headers["Content-Length"], Int(length).map({ $0 > limit }) ?? true {
      throw HTTPRefusal(BodyError.tooLarge(limit: limit))
    }
  }

  /// Nothing more is to be read before something was taken.
  var isFull: Bool { waiting >= Self.fullSize && !isComplete }

  /// True where another `paceSize` bytes have come.
  func append(_ buffer: ByteBuffer) throws(BodyError) -> Bool {
    let former = received
    received += buffer.readableBytes
    guard received <= limit else { throw .tooLarge(limit: limit) }
    waiting += buffer.readableBytes
    buffers.append(buffer)
    return former / Self.paceSize != received / Self.paceSize
  }

  func complete() {
    isComplete = true
  }

  /// What is asked for from now on fails, and what was asked for already.
  func fail(_ error: BodyError) {
    failure = failure ?? error
    buffers.removeAll()
    waiting = 0
    taker?.fail(error)
    taker = nil
  }

  func next() throws(BodyError) -> Next {
    if let failure { throw failure }
    guard let inflater else {
      guard let buffer = takeBuffer() else { return isComplete ? .end : .nothingYet }
      return .piece(Array(buffer.readableBytesView))
    }
    while true {
      if let piece = try inflate({ () throws(InflationError) in try inflater.next() }) {
        given += piece.count
        guard given <= limit else { throw .tooLarge(limit: limit) }
        return .piece(piece)
      }
      guard let buffer = takeBuffer() else { break }
      inflater.put(buffer.readableBytesView)
    }
    guard isComplete else { return .nothingYet }
    try inflate { () throws(InflationError) in try inflater.finish() }
    return .end
  }

  private func inflate<Value>(_ body: () throws(InflationError) -> Value) throws(BodyError) -> Value {
    do throws(InflationError) {
      return try body()
    } catch {
      throw .undecodable(reason: "\(error)")
    }
  }

  private func takeBuffer() -> ByteBuffer? {
    guard let buffer = buffers.popFirst() else { return nil }
    waiting -= buffer.readableBytes
    return buffer
  }

  /// Promises the next piece to whoever asked while there was none.
  func promise(on loop: any EventLoop) -> EventLoopFuture<[UInt8]?> {
    taker?.fail(BodyError.interrupted)
    let promise = loop.makePromise(of: [UInt8]?.self)
    taker = promise
    return promise.futureResult
  }

  /// Keeps the promise, where there is one and something to keep it with.
  func serveTaker() throws(BodyError) {
    guard let taker else { return }
    switch try next() {
    case .nothingYet: return
    case .piece(let piece): taker.succeed(piece)
    case .end: taker.succeed(nil)
    }
    self.taker = nil
  }
}
