import HTTP
import Testing
import Transport

/// A client keeps its handle of libcurl from one request to the next.
struct CurlIsolationTests {
  private struct Sent: CustomStringConvertible {
    let description: String
    let request: CurlRequest
  }

  private static func requests(to server: RunningServer) -> [Sent] {
    func sent(_ name: String, _ request: CurlRequest, _ change: (inout CurlRequest) -> Void = { _ in }) -> Sent {
      var request = request
      change(&request)
      return Sent(description: name, request: request)
    }
    let url = server.url("/a")
    let gone = CurlRequest(url: server.url("/moved"))
    return [
      sent("GET", CurlRequest(url: url)),
      sent("HEAD", CurlRequest(.head, url: url)),
      sent("GET with a body", CurlRequest(url: url, body: [66])),
      sent("GET with fields", CurlRequest(url: url, headers: ["X-Field": "x", "Content-Type": "text/xml"])),
      sent("POST", CurlRequest(.post, url: url, body: Array("post".utf8))),
      sent("POST of nothing", CurlRequest(.post, url: url)),
      sent("PUT", CurlRequest(.put, url: url, body: Array("put".utf8))),
      sent("DELETE", CurlRequest(.delete, url: url)),
      sent("an upload", CurlRequest(.put, url: url)) { request in
        request.upload = CurlRequest.Upload(length: 3) { _ in Array("abc".utf8) }
      },
      sent("an upload that fails", CurlRequest(.put, url: url)) { request in
        request.upload = CurlRequest.Upload(length: 3) { _ in nil }
      },
      sent("a login by digest", CurlRequest(.post, url: server.url("/digest"), body: Array("secret".utf8))) { request in
        request.credentials = .init(username: "u", password: "p")
      },
      sent("a login by Basic", CurlRequest(url: url)) { request in
        request.credentials = .init(username: "u", password: "p", scheme: .basic)
      },
      sent("no login where one is wanted", CurlRequest(url: server.url("/digest"))),
      sent("a redirect that is followed", gone) { $0.followsRedirects = true },
      sent("a redirect that is not", gone),
      sent("an answer beyond the limit", CurlRequest(url: url)) { $0.maximumBody = 3 },
      sent("no URL", CurlRequest(url: "")),
      sent("an answer that ends too early", CurlRequest(url: server.url("/cut"))),
    ]
  }

  private static let respond: HTTPServer.Responder = { request in
    let login = request.headers["Authorization"]?.prefix { $0 != " " }
    switch request.path {
    case "/digest" where login != "Digest":
      return Response(.unauthorized, headers: ["WWW-Authenticate": "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""])
    case "/moved": return Response(.found, headers: ["Location": "/a"])
    case "/cut":
      return Response(
        .ok,
        body: .stream(length: nil) { write in
          try await write([1])
          throw Failure("no more")
        })
    default:
      let fields = request.headers.fields.map(\.name).filter { $0 != "Authorization" }
      return Response(
        .ok,
        text: "\(request.method) \(request.path) \(login ?? "-") \(request.headers["Content-Type"] ?? "-") \(fields) "
          + String(decoding: request.body, as: UTF8.self))
    }
  }

  private func answer(to request: CurlRequest, by client: CurlClient) async -> String {
    do throws(CurlError) {
      let response = try await client.send(request)
      return "\(response.status) \(response.wasChallenged) \(String(decoding: response.body, as: UTF8.self))"
    } catch {
      return "\(error)"
    }
  }

  @Test func `a request is made as by a fresh client, whatever request came before it`() async throws {
    try await withServer(respond: Self.respond) { server in
      let requests = Self.requests(to: server)
      var alone: [String] = []
      for sent in requests { alone.append(await answer(to: sent.request, by: try CurlClient())) }
      #expect(Set(alone).count > requests.count / 2, "the requests are not told apart: \(alone)")
      let client = try CurlClient()
      for first in requests {
        for (second, expected) in zip(requests, alone) {
          _ = await answer(to: first.request, by: client)
          let answer = await answer(to: second.request, by: client)
          // A nonce that it has, it uses at once: it is not asked for a login again.
          let used = expected.replacing("true POST /digest", with: "false POST /digest")
          #expect(answer == expected || answer == used, "\(second) after \(first)")
        }
      }
    }
  }
}
