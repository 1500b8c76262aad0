import HTTP
import NIOCore
import NIOHTTP1
import Net

/// What of a request decides how its answer is framed.
struct HTTPExchange {
  private let isHead: Bool
  private let version: HTTPVersion
  private let asksToKeepAlive: Bool
  var keepsAlive: Bool

  init(_ head: HTTPRequestHead, keepsAlive: Bool) {
    isHead = head.method == .HEAD
    version = head.version
    asksToKeepAlive = head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "keep-alive" }
    self.keepsAlive = keepsAlive
  }

  func hasBody(_ response: HTTP.Response) -> Bool {
    !isHead && response.status.allowsBody
  }

  /// Sets Content-Length wherever the length is known, and keeps the connection wherever the client allows: some routers
  /// fail on chunks and on `Connection: close`.
  mutating func head(for response: HTTP.Response) -> HTTPResponseHead {
    var headers = HTTPHeaders()
    for field in response.headers.fields where !Self.isFraming(field.name) {
      headers.add(name: field.name, value: field.value)
    }
    if response.status.allowsBody {
      switch response.body {
      case .empty: headers.add(name: "Content-Length", value: "0")
      case .bytes(let bytes): headers.add(name: "Content-Length", value: String(bytes.count))
      case .stream(let length?, _): headers.add(name: "Content-Length", value: String(length))
      case .stream(nil, _):
        if version == .http1_1, !isHead {
          headers.add(name: "Transfer-Encoding", value: "chunked")
        } else {
          keepsAlive = false
        }
      }
    }
    if !keepsAlive {
      headers.add(name: "Connection", value: "close")
    } else if asksToKeepAlive {
      headers.add(name: "Connection", value: "keep-alive")
    }
    return HTTPResponseHead(
      version: version == .http1_0 ? .http1_0 : .http1_1,
      status: HTTPResponseStatus(statusCode: response.status.rawValue),
      headers: headers)
  }

  private static func isFraming(_ name: String) -> Bool {
    switch name.utf8.count {
    case 10: name.lowercased() == "connection"
    case 14: name.lowercased() == "content-length"
    case 17: name.lowercased() == "transfer-encoding"
    default: false
    }
  }

  /// The request without its body.
  static func request(
    _ head: HTTPRequestHead, peer: HostPort, local: HostPort, connection: UInt64, security: Security
  ) -> HTTP.Request {
    HTTP.Request(
      method: Method(rawValue: head.method.rawValue), target: RequestTarget(head.uri),
      headers: Headers(head.headers), peer: peer, local: local, connection: connection, security: security)
  }

  /// Shorter answers are sent as they are, and so are longer ones, which would take too much of the processor.
  private static let codedSizes = 256...(1 << 20)

  /// The answer in the coding of the request: a client that sends a coding reads it, if it says so. Others get their
  /// answers as they are, because some routers fail on any coding. An answer that has a validator is of just these bytes.
  static func coded(_ response: HTTP.Response, for request: HTTP.Request, _ coding: ContentCoding?) -> HTTP.Response {
    guard let coding, !request.body.isEmpty, coding.isAccepted(by: request.headers), response.status != .partialContent,
      response.headers["Content-Encoding"] == nil, response.headers["ETag"] == nil,
      case .bytes(let bytes) = response.body, codedSizes.contains(bytes.count),
      let deflated = Deflater.deflate(bytes, coding)
    else { return response }
    var response = response
    response.headers["Content-Encoding"] = coding.rawValue
    response.body = .bytes(deflated)
    return response
  }
}

extension HTTPRequestHead {
  /// The client waits to be told to send its body (RFC 9110 §10.1.1).
  var expectsContinue: Bool {
    version == .http1_1 && headers.first(name: "expect")?.lowercased() == "100-continue"
  }
}

extension Headers {
  init(_ headers: HTTPHeaders) {
    self.init(headers.map { Field($0.name, $0.value) })
  }
}

extension HostPort {
  init(_ address: SocketAddress?) {
    guard let address, let host = address.ipAddress, let port = address.port.flatMap({ UInt16(exactly: $0) }) else {
      self = .unixSocket
      return
    }
    self.init(host: Self.withoutMapping(host), port: port)
  }

  /// `192.0.2.1` for `::ffff:192.0.2.1` (RFC 4291 §2.5.5.2).
  private static func withoutMapping(_ host: String) -> String {
    guard let address = IPv6Address(host), address.high == 0, address.low >> 32 == 0xFFFF else { return host }
    return IPv4Address(rawValue: UInt32(truncatingIfNeeded: address.low)).description
  }
}

extension Duration {
  /// At least a millisecond.
  var timeAmount: TimeAmount {
    let (seconds, attoseconds) = components
    return .milliseconds(max(1, min(seconds, 86_400_000) * 1000 + attoseconds / 1_000_000_000_000_000))
  }
}
