import Net
import TFTP
import Transport

/// The transfers under way, and what holds for one more.
struct TransferTable {
  /// Who a transfer is with: the client's port, and the address of ours that it asked.
  struct Peer: Hashable {
    let client: Endpoint
    let server: IPv4Address
  }

  /// What a request is to those under way.
  enum Standing: Hashable {
    case new
    /// The same again, before an answer reached the client: one request.
    case repeated
    /// The client gave up the transfer with this token and begins anew from the same port.
    case supersedes(UInt64)
    case refused(Admission.Refusal)
  }

  /// So long, in milliseconds, a transfer whose very request comes again must have been silent to be given up for it:
  /// a request that the network held back must not end the transfer that answered it.
  static let silence: Int64 = 3000

  private(set) var running: [UInt64: RunningTransfer] = [:]
  private var tokens: [Peer: UInt64] = [:]
  private var counts: [IPv4Address: Int] = [:]
  private let limit: Int
  private let clientLimit: Int

  init(limit: Int = TFTPService.maximumTransfers, clientLimit: Int = TFTPService.maximumTransfersOfClient) {
    self.limit = limit
    self.clientLimit = clientLimit
  }

  func standing(of request: Request, from peer: Peer, now: Timestamp) -> Standing {
    if let token = tokens[peer], let transfer = running[token] {
      let isSame = transfer.request == request && now.milliseconds(since: transfer.lastHeard) < Self.silence
      return isSame ? .repeated : .supersedes(token)
    }
    guard counts[peer.client.address, default: 0] < clientLimit else {
      return .refused(.tooManyOfClient(limit: clientLimit))
    }
    return running.count < limit ? .new : .refused(.tooMany(limit: limit))
  }

  mutating func insert(_ transfer: RunningTransfer, token: UInt64) {
    running[token] = transfer
    tokens[transfer.peer] = token
    counts[transfer.peer.client.address, default: 0] += 1
  }

  mutating func remove(_ token: UInt64) -> RunningTransfer? {
    guard let transfer = running.removeValue(forKey: token) else { return nil }
    let address = transfer.peer.client.address
    if tokens[transfer.peer] == token { tokens[transfer.peer] = nil }
    counts[address] = counts[address].flatMap { $0 > 1 ? $0 - 1 : nil }
    return transfer
  }
}

/// One transfer with the socket that it has to itself (RFC 1350 section 4). It belongs to the loop.
final class RunningTransfer {
  let socket: DatagramSocket
  let peer: TransferTable.Peer
  let request: Request
  let name: String
  /// Whether the journey tells of it.
  let isBootFile: Bool
  var transfer: Transfer
  var lastHeard: Timestamp

  init(
    _ transfer: Transfer, of request: Request, name: String, isBootFile: Bool, with peer: TransferTable.Peer,
    socket: DatagramSocket, now: Timestamp
  ) {
    self.transfer = transfer
    self.request = request
    self.name = name
    self.isBootFile = isBootFile
    self.peer = peer
    self.socket = socket
    lastHeard = now
  }

  func send(_ packets: [Packet]) {
    for packet in packets { try? socket.send(packet.encode(), to: peer.client) }
  }
}
