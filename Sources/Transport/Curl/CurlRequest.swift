package import HTTP

/// A request for `CurlClient` to make.
package struct CurlRequest: Sendable {
  package struct Credentials: Hashable, Sendable {
    package var username: String
    package var password: String
    package var scheme: Scheme

    package enum Scheme: Hashable, Sendable {
      /// The first try goes without credentials, and without the body, to fetch the challenge.
      case digest
      /// Sent in the clear, at once.
      case basic
    }

    package init(username: String, password: String, scheme: Scheme = .digest) {
      self.username = username
      self.password = password
      self.scheme = scheme
    }
  }

  package struct Upload: Sendable {
    /// In bytes.
    package var length: Int
    /// The next bytes, at most so many, on the client's thread; none where there are no more, nil to end the transfer.
    package var read: @Sendable (_ room: Int) -> [UInt8]?

    package init(length: Int, read: @escaping @Sendable (_ room: Int) -> [UInt8]?) {
      self.length = length
      self.read = read
    }
  }

  package var method: Method
  /// `http` or `https`, absolute.
  package var url: String
  package var headers: Headers
  /// nil sends none; an empty one sends `Content-Length: 0`.
  package var body: [UInt8]?
  /// A body that is read as it is sent, in the place of `body`.
  package var upload: Upload?
  package var credentials: Credentials?
  /// Addresses of hosts that are not to be looked up: they come before any resolver's answer, and stay with the client.
  package var resolved: [ResolvedHost] = []
  /// Up to five redirects (301, 302, 303, 307, 308), each with the method and body of the first request.
  package var followsRedirects = false
  /// Seconds until the connection is there, resolving included.
  package var connectTimeout: Double = 10
  /// Seconds for the whole exchange; nil for one that has no end of its own.
  package var totalTimeout: Double? = 60
  /// Bytes of the body that are taken; more is `.tooLarge`. Pieces given to a receiver do not count.
  package var maximumBody = 8 << 20

  package init(
    _ method: Method = .get, url: String, headers: Headers = [:], body: [UInt8]? = nil,
    credentials: Credentials? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.credentials = credentials
  }
}

/// A host's address, known beforehand.
package struct ResolvedHost: Hashable, Sendable {
  package let host: String
  package let port: UInt16
  /// An IPv4 or IPv6 address.
  package let address: String

  package init(host: String, port: UInt16, address: String) {
    self.host = host
    self.port = port
    self.address = address
  }
}

/// What came back.
package struct CurlResponse: Sendable {
  package let status: Status
  /// Of the last answer, after challenges and redirects.
  package let headers: Headers
  /// Empty where a receiver took the pieces.
  package let body: [UInt8]
  /// Whether it was asked for credentials, before the last answer or with it.
  package let wasChallenged: Bool
  /// How many connections were opened for it: 0 where an open one served.
  package let connectionsOpened: Int
  /// Our address and port, as the peer saw them.
  package let local: HostPort
  package let peer: HostPort
}
