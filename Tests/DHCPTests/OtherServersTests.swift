import DHCP
import Net
import Testing

struct OtherServersTests {
  private let address = IPv4Address(192, 0, 2, 9)
  private let hardware = MACAddress(rawValue: 0x000F_E200_0001)

  @Test func `a server is told of once in ten minutes, and listed while it is there`() {
    var servers = OtherServers()
    let start = Lab.start
    var news = [servers.note(address, hardware: hardware, at: start)]
    // Named by a client only, it keeps the hardware address that is known.
    news.append(servers.note(address, hardware: nil, at: start.advanced(bySeconds: 599)))
    #expect(servers.present(at: start.advanced(bySeconds: 600)).map(\.hardware) == [hardware])
    news.append(servers.note(address, hardware: nil, at: start.advanced(bySeconds: 600)))
    #expect(news == [true, false, true])
    #expect(servers.present(at: start.advanced(bySeconds: 1200)) == [])
  }

  @Test func `of very many servers the latest are kept`() {
    var servers = OtherServers()
    for number in 0..<1000 as Range<Int64> {
      let server = IPv4Address(rawValue: 0x0A00_0000 + UInt32(number))
      _ = servers.note(server, hardware: nil, at: Lab.start.advanced(byMilliseconds: number))
    }
    let present = servers.present(at: Lab.start.advanced(bySeconds: 2))
    #expect(present.count == OtherServers.limit && present.last?.address == IPv4Address(rawValue: 0x0A00_03E7))
  }

  @Test func `who speaks as a server is told by option 54, else by where the message came from`() throws {
    var lab = Lab()
    let offer = try #require(try lab.send(Client(1).discover()).reply).message
    let relayed = IPv4Address(192, 0, 2, 77)
    #expect(offer.server(from: relayed) == Lab.serverAddress)
    var bare = offer
    bare.options.remove(.serverIdentifier)
    #expect(bare.server(from: relayed) == relayed && bare.server(from: .unspecified) == nil)
    #expect(Client(1).discover().server(from: relayed) == nil)
    #expect(Client(1).request(Lab.local).server(from: relayed) == nil)
  }
}
