import HTTP
import Testing

struct RepresentationTests {
  private let file = Representation(
    length: 100, type: "text/plain", entityTag: "abc", lastModified: HTTPDate(secondsSince1970: 784_111_777))
  private let date = "Sun, 06 Nov 1994 08:49:37 GMT"

  private func selection(_ headers: Headers, _ method: Method = .get) -> Representation.Selection {
    file.selection(for: Request(method: method, target: RequestTarget("/a"), headers: headers))
  }

  @Test func `a range is of GET alone, and one alone`() {
    #expect(selection([:]) == .whole)
    #expect(
      selection(["Range": "bytes=10-19"]) == .part(10..<20) && selection(["Range": "bytes=90-"]) == .part(90..<100))
    #expect(selection(["Range": "bytes=100-"]) == .unsatisfiable)
    #expect(selection(["Range": "bytes=0-1,5-6"]) == .whole && selection(["Range": "bytes=0-1"], .head) == .whole)
  }

  @Test func `a file that the client has is not sent again`() {
    for tag in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"] {
      #expect(selection(["If-None-Match": tag, "Range": "bytes=0-1"]) == .notModified, "\(tag)")
    }
    #expect(selection(["If-None-Match": "\"x\"", "If-Modified-Since": date]) == .whole)
    #expect(selection(["If-Modified-Since": date]) == .notModified)
    #expect(selection(["If-Modified-Since": "Sun, 06 Nov 1994 08:49:36 GMT"]) == .whole)
    #expect(selection(["If-Modified-Since": "yesterday"]) == .whole)
  }

  @Test func `another file than the client wants is not sent`() {
    #expect(
      selection(["If-Match": "\"x\""]) == .preconditionFailed
        && selection(["If-Match": "W/\"abc\""]) == .preconditionFailed)
    #expect(selection(["If-Match": "\"x\", \"abc\""]) == .whole && selection(["If-Match": "*"]) == .whole)
  }

  @Test func `a part is sent of the very file that the client has a part of, else the whole`() {
    func part(_ condition: String) -> Representation.Selection {
      selection(["Range": "bytes=10-19", "If-Range": condition])
    }
    #expect(part("\"abc\"") == .part(10..<20) && part(date) == .part(10..<20))
    for condition in ["\"x\"", "W/\"abc\"", "Sun, 06 Nov 1994 08:49:38 GMT", "abc", ""] {
      #expect(part(condition) == .whole, "\(condition)")
    }
  }

  @Test func `the answers say what they are`() {
    func response(_ headers: Headers) -> Response {
      file.response(to: Request(method: .get, target: RequestTarget("/a"), headers: headers)) { _ in { _ in } }
    }
    let whole = response([:])
    #expect(whole.status == .ok && whole.headers["ETag"] == "\"abc\"" && whole.headers["Last-Modified"] == date)
    #expect(whole.headers["Accept-Ranges"] == "bytes" && whole.headers["Content-Type"] == "text/plain")
    let part = response(["Range": "bytes=10-19"])
    #expect(part.status == .partialContent && part.headers["Content-Range"] == "bytes 10-19/100")
    guard case .stream(length: 10, _) = part.body else { return #expect(Bool(false)) }
    let none = response(["Range": "bytes=200-"])
    #expect(none.status == .rangeNotSatisfiable && none.headers["Content-Range"] == "bytes */100")
    #expect(response(["If-None-Match": "*"]).status == .notModified)
  }
}
