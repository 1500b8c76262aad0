import HTTP
import NIOCore

/// A request's body that is collected whole, within the limits, with its content coding undone.
struct CollectedBody {
  /// Bytes, compressed or not.
  private let limit: Int
  private let gauge: HTTPGauge
  private let peer: String?
  let coding: ContentCoding?
  private let inflater: Inflater?
  /// Bytes as they came.
  private var received = 0
  /// Bytes taken from the room for all bodies.
  private var reserved = 0
  private(set) var bytes: [UInt8] = []

  /// Refuses a coding that is not known, and a length that is announced and too large.
  init(of headers: Headers, from peer: String?, limit: Int, gauge: HTTPGauge) throws(HTTPRefusal) {
    self.limit = limit
    self.gauge = gauge
    self.peer = peer
    do throws(UnknownContentCoding) {
      coding = try ContentCoding(of: headers)
    } catch {
      throw HTTPRefusal(error)
    }
    inflater = coding.map(Inflater.init)
    if let length = headers["Content-Length"], Int(length).map({ $0 > limit }) ?? true {
      throw .oversize(limit: limit)
    }
  }

  mutating func append(_ buffer: ByteBuffer) throws(HTTPRefusal) {
    received += buffer.readableBytes
    guard received <= limit else { throw .oversize(limit: limit) }
    guard let inflater else { return try keep(buffer.readableBytesView) }
    inflater.put(buffer.readableBytesView)
    while let piece = try inflate(inflater) { try keep(piece) }
  }

  private func inflate(_ inflater: Inflater) throws(HTTPRefusal) -> [UInt8]? {
    do throws(InflationError) {
      return try inflater.next()
    } catch {
      throw HTTPRefusal(error)
    }
  }

  func finish() throws(HTTPRefusal) {
    do throws(InflationError) {
      try inflater?.finish()
    } catch {
      throw HTTPRefusal(error)
    }
  }

  private mutating func keep(_ piece: some Collection<UInt8>) throws(HTTPRefusal) {
    guard bytes.count + piece.count <= limit else { throw .oversize(limit: limit) }
    guard gauge.reserve(piece.count, after: reserved, of: peer) else {
      throw HTTPRefusal(.serviceUnavailable, "too many requests are being received", \.overloadedRequests)
    }
    reserved += piece.count
    bytes.append(contentsOf: piece)
  }

  /// The bytes go to whoever answers; the room that they take is released once the answer is there.
  mutating func takeBytes() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  mutating func release() {
    gauge.release(reserved, of: peer)
    reserved = 0
    bytes = []
  }
}

/// Why a request is answered by the server itself, and its connection closed.
struct HTTPRefusal: Error {
  let status: Status
  let reason: String
  let event: HTTPCounter
  var headers: Headers = [:]

  init(_ status: Status, _ reason: String, _ event: HTTPCounter) {
    self.status = status
    self.reason = reason
    self.event = event
  }

  init(_ error: UnknownContentCoding) {
    self.init(.unsupportedMediaType, "\(error)", \.compressedRequests)
    headers["Accept-Encoding"] = ContentCoding.accepted
  }

  init(_ error: InflationError) {
    switch error {
    case .corrupt, .truncated, .trailingBytes: self.init(.badRequest, "\(error)", \.undecodableRequests)
    case .noMemory: self.init(.serviceUnavailable, "\(error)", \.overloadedRequests)
    }
  }

  init(_ error: BodyError) {
    let event: HTTPCounter =
      switch error {
      case .tooLarge: \.oversizeRequests
      case .tooSlow: \.slowRequests
      case .undecodable, .interrupted: \.undecodableRequests
      }
    self.init(error.status, "\(error)", event)
  }

  static func oversize(limit: Int) -> HTTPRefusal {
    HTTPRefusal(.contentTooLarge, "a body may have up to \(limit) bytes", \.oversizeRequests)
  }

  func response(to peer: HostPort) -> HTTP.Response {
    let whose = peer == .unixSocket ? "" : " (request of \(peer))"
    var response = HTTP.Response(status, text: reason + whose + "\n")
    for field in headers.fields { response.headers.append(field.name, field.value) }
    return response
  }
}
