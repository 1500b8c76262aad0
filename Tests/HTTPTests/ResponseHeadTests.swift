import HTTP
import Testing

struct ResponseHeadTests {
  @Test(arguments: [
    "HTTP/1.1 401 No\r\nA: b,\r\n c\r\nD: e:f\r\n\r\nA: body", "HTTP/1.0 401\nA: b,\nc\nD: e:f",
    "HTTP/1.1 401 No\r\nA:b,\r\nc\r\nD :\r\nD: e:f\r\n",
  ])
  func `a head is read to where it goes`(text: String) {
    let head = ResponseHead(reading: Array(text.utf8))
    #expect(head?.status == 401)
    #expect(head?.headers["D"] == "e:f" && head?.headers["A"]?.hasPrefix("b, c") == true)
  }

  @Test(arguments: ["", "HTTP/1.1", "SIP/2.0 401 No\r\n", "HTTP/1.1 x\r\n"])
  func `what is no response is none`(text: String) {
    #expect(ResponseHead(reading: Array(text.utf8)) == nil)
  }
}
