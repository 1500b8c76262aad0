package import HTTP
package import Store

/// What the operator may do with the files that are kept.
package protocol FileActions: Sendable {
  /// How many bytes a file may have.
  var limit: Int { get }
  /// In order of name.
  func files() async throws(ErrorReport) -> [FileReport]
  /// Takes a file in; `length` is what was announced of it, in bytes.
  func add(
    _ body: IncomingBody, length: Int?, name: String, kind: FileKind, replacing: Bool
  ) async throws(ErrorReport) -> FileReport
  func remove(_ name: String) async throws(ErrorReport)
  /// The answer to a GET or HEAD of a file's content.
  func content(of name: String, for request: HTTP.Request) async throws(ErrorReport) -> HTTP.Response
}

/// One file that is kept.
package struct FileReport: Codable, Sendable, Equatable {
  package var name: String
  /// `firmware`, `configuration`, `log` or `other`.
  package var kind: String
  /// In bytes.
  package var size: Int
  /// SHA-256 in hexadecimal.
  package var digest: String
  package var moment: String
  /// The device that uploaded it; nil for the operator's.
  package var device: String?

  package init(_ record: FileRecord) {
    name = record.name.rawValue
    kind = record.kind.rawValue
    size = record.size
    digest = record.digest
    moment = record.moment.description
    device =
      switch record.origin {
      case .operator: nil
      case .device(let id): "\(id)"
      }
  }
}

/// The part of the operator's interface that is about files: GET `/files`; GET, HEAD, PUT and DELETE `/files/NAME`.
struct FilesAPI: Sendable {
  let actions: any FileActions

  func route(_ request: HTTP.Request) async throws -> HTTP.Response {
    let segments = Self.segments(request)
    switch (request.method, segments.count) {
    case (.get, 1): return ControlAPI.json(try await actions.files())
    case (.get, 2), (.head, 2): return try await actions.content(of: segments[1], for: request)
    case (.delete, 2):
      try await actions.remove(segments[1])
      return HTTP.Response(.noContent)
    default:
      throw ErrorReport(
        error: "notFound",
        text:
          "There is no \(request.method) \(request.path). There are GET /files and GET, HEAD, PUT, DELETE /files/NAME.")
    }
  }

  /// A file of the operator's on its way in: `?kind=KIND`, firmware where it is not said, and `&replace=true`.
  static func isUpload(_ request: HTTP.Request) -> Bool {
    let segments = segments(request)
    return request.method == .put && segments.count == 2 && segments[0] == "files"
  }

  func receive(_ request: HTTP.Request, _ body: IncomingBody) async throws -> HTTP.Response {
    let name = request.target.value(of: "kind") ?? FileKind.firmware.rawValue
    guard let kind = FileKind(rawValue: name) else {
      throw ErrorReport(
        error: "unknownKind",
        text: "\(name) is no kind of file; there are \(FileKind.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    guard request.headers["Content-Range"] == nil else {
      throw ErrorReport(error: "partial", text: "A file is taken whole, not in parts with Content-Range.")
    }
    guard request.announcesBody else {
      throw ErrorReport(error: "unannounced", text: "The body has neither Content-Length nor Transfer-Encoding.")
    }
    let report = try await actions.add(
      body, length: request.headers["Content-Length"].flatMap { Int($0) }, name: Self.segments(request)[1], kind: kind,
      replacing: request.target.value(of: "replace") == "true")
    return ControlAPI.json(report, .created)
  }

  private static func segments(_ request: HTTP.Request) -> [String] {
    request.path.split(separator: "/").map(String.init)
  }
}
