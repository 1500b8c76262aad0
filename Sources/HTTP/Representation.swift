/// A file as it is served: what conditions and ranges of a request are held against (RFC 9110 §8, §13, §14).
package struct Representation: Hashable, Sendable {
  /// In bytes.
  package let length: Int
  package let type: String
  /// Without its quotes. It names just these bytes: a strong validator.
  package let entityTag: String?
  package let lastModified: HTTPDate?

  package init(length: Int, type: String, entityTag: String? = nil, lastModified: HTTPDate? = nil) {
    self.length = length
    self.type = type
    self.entityTag = entityTag
    self.lastModified = lastModified
  }

  package enum Selection: Hashable, Sendable {
    /// The client has it: 304.
    case notModified
    /// The client wanted another: 412.
    case preconditionFailed
    case whole
    case part(Range<Int>)
    case unsatisfiable
  }

  /// In the order of RFC 9110 §13.2.2.
  package func selection(for request: Request) -> Selection {
    let headers = request.headers
    if let wanted = Self.members(of: "If-Match", in: headers), !wanted.contains(where: isStronglyMatched) {
      return .preconditionFailed
    }
    if let known = Self.members(of: "If-None-Match", in: headers) {
      if known.contains(where: isWeaklyMatched) { return .notModified }
    } else if let since = headers["If-Modified-Since"].flatMap(HTTPDate.init), let lastModified,
      lastModified.secondsSince1970 <= since.secondsSince1970
    {
      return .notModified
    }
    guard request.method == .get, isRangeWanted(headers["If-Range"]) else { return .whole }
    switch ByteRange(headers["Range"], length: length) {
    case .whole: return .whole
    case .part(let range): return .part(range)
    case .unsatisfiable: return .unsatisfiable
    }
  }

  /// The answer to a GET or HEAD; `produce` makes what writes those bytes.
  package func response(
    to request: Request, _ produce: (Range<Int>) -> Response.Producer
  ) -> Response {
    var headers: Headers = ["Accept-Ranges": "bytes"]
    if let entityTag { headers["ETag"] = "\"\(entityTag)\"" }
    if let lastModified { headers["Last-Modified"] = "\(lastModified)" }
    switch selection(for: request) {
    case .notModified: return Response(.notModified, headers: headers)
    case .preconditionFailed: return Response(.preconditionFailed, headers: headers)
    case .whole:
      headers["Content-Type"] = type
      return Response(.ok, headers: headers, body: .stream(length: length, produce(0..<length)))
    case .part(let range):
      headers["Content-Type"] = type
      headers["Content-Range"] = ByteRange.part(range).contentRange(length: length)
      return Response(.partialContent, headers: headers, body: .stream(length: range.count, produce(range)))
    case .unsatisfiable:
      headers["Content-Range"] = ByteRange.unsatisfiable.contentRange(length: length)
      return Response(.rangeNotSatisfiable, headers: headers)
    }
  }

  /// Without the field, a range is a range; with it, only of the very file that the client has a part of (§13.1.5).
  private func isRangeWanted(_ condition: String?) -> Bool {
    guard let condition = condition.map({ Substring($0).trimmed }) else { return true }
    if condition.hasPrefix("\"") { return isStronglyMatched(condition) }
    return lastModified.map { "\($0)" == condition } ?? false
  }

  private func isStronglyMatched(_ tag: Substring) -> Bool {
    tag == "*" || entityTag.map { "\"\($0)\"" == tag } ?? false
  }

  private func isWeaklyMatched(_ tag: Substring) -> Bool {
    isStronglyMatched(tag.hasPrefix("W/") ? tag.dropFirst(2) : tag)
  }

  /// The entity tags of a field, nil where there is none. Ours have no comma, so one within quotes does no harm.
  private static func members(of name: String, in headers: Headers) -> [Substring]? {
    let values = headers.values(of: name)
    guard !values.isEmpty else { return nil }
    return values.flatMap { $0.split(separator: ",").map(\.trimmed) }
  }
}
