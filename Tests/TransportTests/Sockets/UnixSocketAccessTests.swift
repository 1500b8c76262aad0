import Foundation
import HTTP
import Testing
import Transport

struct UnixSocketAccessTests {
  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder.path)
  }

  @Test func `what stands in the way of a socket is told apart`() async throws {
    try await withFolder { folder in
      #expect(UnixSocketAccess(path: "\(folder)/control") == .absent)
      #expect(UnixSocketAccess(path: "\(folder)/none/control") == .absent)
      #expect(UnixSocketAccess(path: folder) == .notSocket)
      #expect(FileManager.default.createFile(atPath: "\(folder)/file", contents: Data()))
      #expect(UnixSocketAccess(path: "\(folder)/file") == .notSocket)
      guard case .failed = UnixSocketAccess(path: "/" + String(repeating: "x", count: 200)) else {
        Issue.record("a path that is too long")
        return
      }
    }
  }

  @Test func `a server on a Unix socket knows by which user it is asked`() async throws {
    try await withFolder { folder in
      let path = "\(folder)/control"
      let (listening, continuation) = AsyncStream<Void>.makeStream()
      let server = HTTPServer(address: .unixSocket(path: path), onListening: { _ in continuation.yield() }) { request in
        Response(.ok, text: "\(request.peerUser.map { "\($0)" } ?? "nobody")")
      }
      let running = Task { try await server.run() }
      for await _ in listening { break }
      #expect(UnixSocketAccess(path: path) == .open)
      let client = try CurlClient(CurlClient.Options(unixSocket: path))
      for _ in 0..<2 {
        let answer = try await client.send(CurlRequest(.get, url: "http://usher/"))
        #expect(String(decoding: answer.body, as: UTF8.self) == "\(getuid())")
      }
      server.shutDown()
      try await running.value
    }
  }

  @Test func `users and groups have names, and those without have none`() {
    #expect(SystemNames.user(0) == "root" && SystemNames.group(0) == "root")
    #expect(SystemNames.user(4_000_000_000) == nil && SystemNames.group(4_000_000_000) == nil)
  }
}
