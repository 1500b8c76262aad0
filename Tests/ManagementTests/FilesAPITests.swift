import DHCP
import Foundation
import HTTP
import Journey
import Net
import Store
import Synchronization
import Testing

@testable import Management

struct FilesAPITests {
  /// Files in memory, as far as the interface asks of them.
  final class Files: FileActions {
    let kept = Mutex<[String: [UInt8]]>([:])

    var limit: Int { 1000 }

    func files() async throws(ErrorReport) -> [FileReport] {
      try kept.withLock { $0.keys.sorted() }.map { name throws(ErrorReport) in try report(name) }
    }

    func add(
      _ body: IncomingBody, length: Int?, name: String, kind: FileKind, replacing: Bool
    ) async throws(ErrorReport) -> FileReport {
      if kept.withLock({ $0[name] }) != nil, !replacing {
        throw ErrorReport(error: "fileExists", text: "There is a file \(name) already.")
      }
      var bytes: [UInt8] = []
      do throws(BodyError) {
        while let piece = try await body.next() { bytes += piece }
      } catch {
        throw ErrorReport(error: "file", text: "\(error)")
      }
      kept.withLock { [bytes] in $0[name] = bytes }
      return try report(name, kind)
    }

    func remove(_ name: String) async throws(ErrorReport) {
      guard kept.withLock({ $0.removeValue(forKey: name) }) != nil else {
        throw ErrorReport(error: "unknownFile", text: "There is no file \(name).")
      }
    }

    func content(of name: String, for request: HTTP.Request) async throws(ErrorReport) -> HTTP.Response {
      guard let bytes = kept.withLock({ $0[name] }) else {
        throw ErrorReport(error: "unknownFile", text: "There is no file \(name).")
      }
      return HTTP.Response(.ok, body: .bytes(bytes))
    }

    private func report(_ text: String, _ kind: FileKind = .other) throws(ErrorReport) -> FileReport {
      guard let name = FileRecord.Name(rawValue: text) else { throw ErrorReport(error: "notAName", text: text) }
      let size = kept.withLock { $0[text]?.count ?? 0 }
      return FileReport(
        FileRecord(name: name, kind: kind, size: size, digest: "d", moment: .distantPast, origin: .operator))
    }
  }

  private let files = Files()

  private var api: ControlAPI {
    ControlAPI(
      operations: Operations(queries: MemoryStore()) { Expectations() }, actions: Actions(),
      files: files)
  }

  private func request(_ method: HTTP.Method, _ target: String, headers: Headers = [:]) -> Request {
    Request(method: method, target: RequestTarget(target), headers: headers)
  }

  private func put(_ target: String, headers: Headers = ["Content-Length": "3"]) async -> Response {
    let request = request(.put, target, headers: headers)
    #expect(api.streamLimit(of: request) == 1000)
    let pieces = Mutex([[1], [2, 3]] as [[UInt8]])
    return await api.respond(
      to: request,
      receiving: IncomingBody { () async throws(BodyError) in
        pieces.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      })
  }

  private func report<Report: Decodable>(_ response: Response) throws -> Report {
    guard case .bytes(let bytes) = response.body else { throw CocoaError(.coderReadCorrupt) }
    return try JSONDecoder().decode(Report.self, from: Data(bytes))
  }

  @Test func `a file is put piece by piece, listed, read and removed`() async throws {
    let added = await put("/files/a.ipe?kind=log")
    let report: FileReport = try report(added)
    #expect(added.status == .created && report.kind == "log" && report.size == 3 && report.device == nil)
    let list: [FileReport] = try self.report(await api.respond(to: request(.get, "/files")))
    #expect(list.map(\.name) == ["a.ipe"])
    guard case .bytes([1, 2, 3]) = await api.respond(to: request(.get, "/files/a.ipe")).body else {
      return #expect(Bool(false))
    }
    #expect(await api.respond(to: request(.delete, "/files/a.ipe")).status == .noContent)
    #expect(await api.respond(to: request(.delete, "/files/a.ipe")).status == .notFound)
  }

  @Test func `what cannot be is refused with its status`() async throws {
    #expect(await put("/files/a").status == .created)
    #expect(await put("/files/a").status == .conflict)
    #expect(await put("/files/a?replace=true").status == .created)
    #expect(await put("/files/b", headers: [:]).status == .lengthRequired)
    #expect(await put("/files/b?kind=music").status == .badRequest)
    #expect(await put("/files/b", headers: ["Content-Range": "bytes 0-1/5"]).status == .badRequest)
    #expect(await api.respond(to: request(.get, "/files/a/b")).status == .notFound)
    for (method, target) in [
      (HTTP.Method.post, "/files/a"), (.put, "/files"), (.put, "/files/a/b"), (.get, "/files/a"),
    ] {
      #expect(api.streamLimit(of: request(method, target)) == nil)
    }
  }
}
