import CWMP
import Testing

struct UDPConnectionRequestTests {
  private let request = UDPConnectionRequest(
    timestamp: 1_120_673_700, id: "1234", username: "CPE57689", nonce: "XTGRWIPC6D3IPXS3")
  private let place = "203.0.113.5:7547"

  private func decode(
    _ text: String
  ) throws(UDPConnectionRequestError) -> (request: UDPConnectionRequest, signature: String) {
    var signature = ""
    return (try UDPConnectionRequest(decoding: Array(text.utf8), signature: &signature), signature)
  }

  @Test func `the signature is the code of ts, id, un and cn under the password`() {
    #expect(
      request.signature(password: "password", hmac: plainHMAC) == "f749ee6d9e3bc469fb709ead2a75ee7535f58552")
  }

  @Test func `annex G: one GET in one datagram`() {
    let expected = """
      GET http://203.0.113.5:7547?ts=1120673700&id=1234&un=CPE57689&cn=XTGRWIPC6D3IPXS3\
      &sig=f749ee6d9e3bc469fb709ead2a75ee7535f58552 HTTP/1.1\r\nHost: 203.0.113.5:7547\r\n\r\n
      """
    #expect(
      String(decoding: request.encoded(to: place, password: "password", hmac: plainHMAC), as: UTF8.self) == expected)
  }

  @Test(arguments: ["CPE57689", "a b&c=d%", "é?#/\r\n"])
  func `what is encoded is decoded, whatever the user name`(username: String) throws {
    var request = request
    request.username = username
    let bytes = request.encoded(to: place, password: "p", hmac: plainHMAC)
    var signature = ""
    #expect(try UDPConnectionRequest(decoding: bytes, signature: &signature) == request)
    #expect(signature == request.signature(password: "p", hmac: plainHMAC))
  }

  @Test func `a signature of either case is the same`() throws {
    let (read, signature) = try decode("GET http://h?sig=AB&cn=c&un=u&id=i&ts=1 HTTP/1.1\r\n\r\n")
    #expect(read == UDPConnectionRequest(timestamp: 1, id: "i", username: "u", nonce: "c"))
    #expect(signature == "ab")
  }

  @Test func `what is no connection request is refused with its reason`() {
    func error(_ text: String) -> UDPConnectionRequestError? {
      do throws(UDPConnectionRequestError) {
        _ = try decode(text)
        return nil
      } catch {
        return error
      }
    }
    #expect(error("") == .notARequest)
    #expect(error("POST http://h?ts=1 HTTP/1.1\r\n\r\n") == .notARequest)
    #expect(error("GET http://h HTTP/1.1\r\n\r\n") == .missing("ts"))
    #expect(error("GET http://h?ts=1&id=i&un=u&sig=s HTTP/1.1\r\n\r\n") == .missing("cn"))
    #expect(error("GET http://h?ts=1&ts=2 HTTP/1.1\r\n\r\n") == .repeated("ts"))
    #expect(error("GET http://h?ts=x HTTP/1.1\r\n\r\n") == .unreadable("ts"))
    #expect(error("GET http://h?ts=1&un=%4 HTTP/1.1\r\n\r\n") == .unreadable("un"))
    #expect(error("GET http://h?" + String(repeating: "a", count: 1024)) == .tooLong(1037))
  }
}
