/// What a server answers. Content-Length, Transfer-Encoding and Connection are the server's to set.
package struct Response: Sendable {
  /// Writes the body piece by piece: `write` returns when the client's connection has taken the bytes, and throws once
  /// the client is gone. The task that runs it is then canceled too, so a producer that waits for events ends.
  package typealias Producer = @Sendable (_ write: Writer) async throws -> Void
  package typealias Writer = @Sendable ([UInt8]) async throws -> Void

  package enum Body: Sendable {
    case empty
    case bytes([UInt8])
    /// With its length in bytes where that is known; else it goes out in chunks, or until close to HTTP/1.0.
    case stream(length: Int?, Producer)
  }

  package var status: Status
  package var headers: Headers
  package var body: Body

  package init(_ status: Status, headers: Headers = [:], body: Body = .empty) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A body of UTF-8 text.
  package init(_ status: Status, text: String, type: String = "text/plain; charset=utf-8") {
    self.init(status, headers: ["Content-Type": type], body: .bytes(Array(text.utf8)))
  }
}

/// A status code (RFC 9110 §15).
package struct Status: RawRepresentable, Hashable, Sendable {
  /// 100 to 999.
  package let rawValue: Int

  package init(rawValue: Int) {
    precondition((100...999).contains(rawValue), "a status code has three digits")
    self.rawValue = rawValue
  }

  package static let ok = Status(rawValue: 200)
  package static let created = Status(rawValue: 201)
  package static let accepted = Status(rawValue: 202)
  package static let noContent = Status(rawValue: 204)
  package static let partialContent = Status(rawValue: 206)
  package static let found = Status(rawValue: 302)
  package static let temporaryRedirect = Status(rawValue: 307)
  package static let notModified = Status(rawValue: 304)
  package static let badRequest = Status(rawValue: 400)
  package static let unauthorized = Status(rawValue: 401)
  package static let forbidden = Status(rawValue: 403)
  package static let notFound = Status(rawValue: 404)
  package static let methodNotAllowed = Status(rawValue: 405)
  package static let requestTimeout = Status(rawValue: 408)
  package static let conflict = Status(rawValue: 409)
  package static let gone = Status(rawValue: 410)
  package static let lengthRequired = Status(rawValue: 411)
  package static let preconditionFailed = Status(rawValue: 412)
  package static let contentTooLarge = Status(rawValue: 413)
  package static let unsupportedMediaType = Status(rawValue: 415)
  package static let rangeNotSatisfiable = Status(rawValue: 416)
  package static let tooManyRequests = Status(rawValue: 429)
  package static let internalServerError = Status(rawValue: 500)
  package static let notImplemented = Status(rawValue: 501)
  package static let serviceUnavailable = Status(rawValue: 503)
  package static let insufficientStorage = Status(rawValue: 507)

  package var isSuccess: Bool { (200...299).contains(rawValue) }

  /// Whether an answer of this status may have a body (RFC 9110 §6.4.1).
  package var allowsBody: Bool { rawValue >= 200 && self != .noContent && self != .notModified }
}

extension Status: CustomStringConvertible {
  package var description: String { String(rawValue) }
}
