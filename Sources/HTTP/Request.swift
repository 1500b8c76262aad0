/// A request as a server received it, whole.
package struct Request: Sendable {
  package var method: Method
  package var target: RequestTarget
  package var headers: Headers
  package var body: [UInt8]
  /// Where it came from.
  package var peer: HostPort
  /// Our address that it was sent to.
  package var local: HostPort
  /// One number for each connection that this process accepted, never used twice. TR-069 lets a session be its
  /// connection where a router keeps no cookie.
  package var connection: UInt64
  package var security: Security
  /// Whether one of its header fields was folded over lines (RFC 2616 section 2.2), and is one line here.
  package var hasFoldedHeaders = false
  /// The user number of the process at the other end of a Unix socket, as the kernel says it; nil for all others.
  package var peerUser: UInt32?

  package init(
    method: Method, target: RequestTarget, headers: Headers = [:], body: [UInt8] = [], peer: HostPort = .unixSocket,
    local: HostPort = .unixSocket, connection: UInt64 = 0, security: Security = .none
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.peer = peer
    self.local = local
    self.connection = connection
    self.security = security
  }

  /// Of the URL that it came by.
  package var scheme: String {
    switch security {
    case .none: "http"
    case .tls: "https"
    }
  }

  /// The host that the client asked for, without a port: of the target where that is absolute, else of the Host field
  /// (RFC 9112 §3.2.2). Nil where neither says one.
  package var host: String? {
    let place = target.authority ?? headers["Host"] ?? ""
    let host = place.first == "[" ? place.prefix { $0 != "]" }.dropFirst() : place.prefix { $0 != ":" }
    return host.isEmpty ? nil : String(host)
  }

  /// Whom the client has proved to be.
  package var certificate: ClientCertificate? {
    switch security {
    case .none, .tls(client: nil): nil
    case .tls(client: let certificate?): certificate
    }
  }

  /// The path, percent-decoded.
  package var path: String { target.path }

  /// The query's pairs, percent-decoded.
  package var query: [RequestTarget.QueryItem] { target.query }

  /// The first cookie of that name, in whatever way the client wrote it.
  package func cookie(_ name: String) -> String? {
    Cookie.parse(headers.values(of: "Cookie")).first { $0.name == name }?.value
  }
}

/// A method (RFC 9110 §9), in its own case.
package struct Method: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package static let get = Method(rawValue: "GET")
  package static let head = Method(rawValue: "HEAD")
  package static let post = Method(rawValue: "POST")
  package static let put = Method(rawValue: "PUT")
  package static let patch = Method(rawValue: "PATCH")
  package static let delete = Method(rawValue: "DELETE")
  package static let options = Method(rawValue: "OPTIONS")
}

extension Method: CustomStringConvertible {
  package var description: String { rawValue }
}

/// One end of a connection.
package struct HostPort: Hashable, Sendable {
  /// An IPv4 address in dotted form, an IPv6 address without brackets, or empty for a Unix socket. An IPv4 address that
  /// an IPv6 socket wrote as `::ffff:192.0.2.1` is in dotted form too.
  package let host: String
  package let port: UInt16

  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  package static let unixSocket = HostPort(host: "", port: 0)
}

extension HostPort: CustomStringConvertible {
  package var description: String {
    if host.isEmpty { return "unix socket" }
    return host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
