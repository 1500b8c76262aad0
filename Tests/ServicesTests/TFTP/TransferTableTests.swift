import Net
import TFTP
import Testing
import Transport

@testable import Services

struct TransferTableTests {
  private let now = Timestamp(secondsSince1970: 1000)
  private let server = IPv4Address(192, 0, 2, 1)

  private func peer(_ host: UInt8, port: UInt16 = 2000) -> TransferTable.Peer {
    TransferTable.Peer(client: Endpoint(IPv4Address(192, 0, 2, host), port: port), server: server)
  }

  private func request(_ name: String = "f") -> Request { Request(fileName: name) }

  private func add(
    _ peer: TransferTable.Peer, token: UInt64, to table: inout TransferTable
  ) throws {
    let transfer = RunningTransfer(
      Transfer(.bytes([1]), request: request()), of: request(), name: "f", isBootFile: false, with: peer,
      socket: try DatagramSocket(IPv4Address(127, 0, 0, 1), port: 0), now: now)
    table.insert(transfer, token: token)
  }

  @Test func `no client has more transfers than its share, and all together no more than there may be`() throws {
    var table = TransferTable(limit: 3, clientLimit: 2)
    for (token, peer) in [peer(10), peer(10, port: 2001), peer(11)].enumerated() {
      #expect(table.standing(of: request(), from: peer, now: now) == .new)
      try add(peer, token: UInt64(token), to: &table)
    }
    #expect(
      table.standing(of: request(), from: peer(10, port: 2002), now: now) == .refused(.tooManyOfClient(limit: 2)))
    #expect(table.standing(of: request(), from: peer(12), now: now) == .refused(.tooMany(limit: 3)))
    #expect(table.remove(0)?.peer == peer(10))
    #expect(table.remove(0) == nil)
    #expect(table.standing(of: request(), from: peer(10), now: now) == .new)
  }

  @Test(arguments: [(65_536, 1024), (4096, 1024), (4094, 1023), (1024, 256), (512, 128), (0, 0)])
  func `transfers leave descriptors to others`(descriptors: Int, transfers: Int) {
    #expect(TFTPService.transfers(within: descriptors) == transfers)
  }

  @Test func `a request that comes again is one, until the transfer has been silent for long`() throws {
    var table = TransferTable()
    try add(peer(10), token: 5, to: &table)
    let later = now.advanced(byMilliseconds: TransferTable.silence - 1)
    #expect(table.standing(of: request(), from: peer(10), now: later) == .repeated)
    let silent = now.advanced(byMilliseconds: TransferTable.silence)
    #expect(table.standing(of: request(), from: peer(10), now: silent) == .supersedes(5))
    table.running[5]?.lastHeard = silent
    #expect(table.standing(of: request(), from: peer(10), now: silent) == .repeated)
  }

  @Test func `another request from the same port ends the transfer before it, even where the client has its share`()
    throws
  {
    var table = TransferTable(limit: 1, clientLimit: 1)
    try add(peer(10), token: 5, to: &table)
    #expect(table.standing(of: request("g"), from: peer(10), now: now) == .supersedes(5))
  }
}
