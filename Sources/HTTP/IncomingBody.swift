/// A request's body that is handed over piece by piece, as it comes. A client whose pieces nobody takes waits.
package struct IncomingBody: Sendable {
  /// The next piece, never empty; nil at the end. One call at a time.
  package let next: @Sendable () async throws(BodyError) -> [UInt8]?

  package init(_ next: @escaping @Sendable () async throws(BodyError) -> [UInt8]?) {
    self.next = next
  }
}

extension Request {
  /// Whether its head announces a body, if an empty one (RFC 9112 §6.3). A file without any would be taken for empty.
  package var announcesBody: Bool {
    headers["Content-Length"] != nil || headers["Transfer-Encoding"] != nil
  }
}

/// Why the rest of a body does not come. But for `interrupted`, the client has been told.
package enum BodyError: Error, Hashable, Sendable {
  /// It has more bytes than were wanted, as they came or decompressed.
  case tooLarge(limit: Int)
  case tooSlow
  /// What is wrong with its content coding.
  case undecodable(reason: String)
  /// The client is gone, or the server ends.
  case interrupted
}

extension BodyError {
  package var counterName: String {
    switch self {
    case .tooLarge: "body.tooLarge"
    case .tooSlow: "body.tooSlow"
    case .undecodable: "body.undecodable"
    case .interrupted: "body.interrupted"
    }
  }

  package var status: Status {
    switch self {
    case .tooLarge: .contentTooLarge
    case .tooSlow: .requestTimeout
    case .undecodable, .interrupted: .badRequest
    }
  }
}

extension BodyError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLarge(let limit): "a body may have up to \(limit) bytes here"
    case .tooSlow: "the body came too slowly"
    case .undecodable(let reason): reason
    case .interrupted: "the body ended before its end"
    }
  }
}
