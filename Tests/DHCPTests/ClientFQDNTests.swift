import DHCP
import Net
import Testing

/// Option 81 (RFC 4702): the server names its clients in DNS, unless they forbid it.
struct ClientFQDNTests {
  private func answer(_ option: [UInt8], hostname: String? = nil) throws -> (fqdn: [UInt8]?, hostname: String?) {
    var lab = Lab()
    var client = Client(1).with(.clientFQDN, option)
    if let hostname { client = client.with(.hostName, hostname.utf8) }
    let offer = try #require(try lab.send(client.discover()).reply).message
    let decision = try lab.send(client.request(offer.yiaddr))
    let reply = try #require(decision.reply)
    return (reply.message.options[.clientFQDN].map { Array($0) }, decision.changes.first?.hostname)
  }

  private static let wire: [UInt8] = [5] + "msr-7".utf8 + [3] + "lab".utf8 + [7] + "example".utf8 + [0]

  @Test(
    arguments: [
      // The client leaves its A record to us, keeps it for itself, wants none.
      (0x05, 0x05), (0x04, 0x07), (0x0C, 0x0C),
      // The bits that must be zero, and what only a server may say, are of no account.
      (0xF5, 0x05), (0x07, 0x05),
    ] as [(UInt8, UInt8)])
  func `D71 the server says what it does with the name, its two codes are 255, and the name is the whole one`(
    asked: UInt8, answered: UInt8
  ) throws {
    let (fqdn, hostname) = try answer([asked, 0, 0, 5] + "msr-7".utf8)
    #expect(fqdn == [answered, 255, 255] + Self.wire)
    #expect(hostname == (answered & 8 == 0 ? "msr-7" : nil))
  }

  @Test func `D71 the name is read in ASCII too, and answered so`() throws {
    let (fqdn, hostname) = try answer([0x01, 0, 0] + "msr-7.branch.example".utf8, hostname: "other")
    #expect(fqdn == [0x01, 255, 255] + "msr-7.lab.example".utf8)
    #expect(hostname == "msr-7")
  }

  @Test func `D71 D72 what cannot stand in DNS is made fit, and without a name there is the host name`() throws {
    #expect(try answer([0x05, 0, 0, 4] + "a_.b".utf8 + [0]).hostname == "a")
    let (fqdn, hostname) = try answer([0x05, 0, 0], hostname: "msr-9")
    #expect(hostname == "msr-9" && fqdn == [0x05, 255, 255, 5] + "msr-9".utf8 + Self.wire.dropFirst(6))
  }

  @Test(arguments: [[5], [5, 0], [5, 0, 0, 64], [5, 0, 0, 9, 97]] as [[UInt8]])
  func `D71 a malformed option is as good as none, and no option gets none`(option: [UInt8]) throws {
    #expect(try answer(option).fqdn == nil)
    var lab = Lab()
    #expect(try lab.send(Client(1).discover()).reply?.message.options.contains(.clientFQDN) == false)
  }

  @Test func `a name of any length is answered within an option`() throws {
    let long = (0..<4).flatMap { _ in [63] + [UInt8](repeating: 97, count: 63) }
    let fqdn = try #require(ClientFQDN(option: ([4, 0, 0] + long)[...]))
    var bytes: [UInt8] = []
    fqdn.write(into: &bytes)
    #expect(bytes.count <= 255 && ClientFQDN(option: bytes[...])?.labels.count == 3)
  }
}
