import DHCP
import Foundation
import Net
import Testing
import Transport

/// Many DHCP clients behind one relay agent, which is a host of the lab: each discovers, requests, and begins again
/// where it is not answered.
struct RelayedClients {
  private struct Client {
    let hardware: MACAddress
    /// What was requested.
    var offer: (address: IPv4Address, server: IPv4Address)?
    var sent = ContinuousClock.Instant.now - .seconds(60)
  }

  /// Exchanges under way at once.
  private static let window = 20

  private let socket: DatagramSocket
  private let server: Endpoint
  private let relay: IPv4Address
  /// So long a client waits for an answer before it begins again.
  private let wait: Duration
  private var waiting: [Client]
  /// What was acknowledged, and to whom: as the clients believe it.
  private(set) var acknowledged: [MACAddress: IPv4Address] = [:]

  /// The relay is at `address` in the client's namespace, and its interface has that address. `first` tells these clients
  /// from others.
  init(
    count: Int, first: Int = 0, relay address: IPv4Address, of server: IPv4Address, in namespace: String,
    wait: Duration = .milliseconds(500)
  ) throws {
    socket = try NetworkNamespace(named: namespace).run { try DatagramSocket(address, port: 67) }
    self.server = Endpoint(server, port: 67)
    relay = address
    self.wait = wait
    waiting = (first..<first + count).map { Client(hardware: MACAddress(rawValue: 0x02_00_5E_00_00_00 + UInt64($0))) }
  }

  var isDone: Bool { waiting.isEmpty }

  /// Sends what is due and takes the answers that have come.
  mutating func step() throws {
    let now = ContinuousClock.now
    for index in waiting.indices.prefix(Self.window) where now - waiting[index].sent > wait {
      // The server may have forgotten its offer: what is not answered begins again.
      waiting[index].offer = nil
      waiting[index].sent = now
      try send(.discover, waiting[index])
    }
    try receive()
  }

  /// Takes the answers that have come.
  mutating func receive() throws {
    while let (bytes, _) = try socket.receive() {
      let message = try Message(decoding: bytes)
      guard let hardware = message.hardware, let index = waiting.firstIndex(where: { $0.hardware == hardware }) else {
        continue
      }
      switch try message.options.value(.messageType) {
      case .offer where waiting[index].offer == nil:
        let server = try #require(try message.options.value(.serverIdentifier))
        waiting[index].offer = (message.yiaddr, server)
        try send(.request, waiting[index])
      case .acknowledgement:
        acknowledged[hardware] = message.yiaddr
        waiting.remove(at: index)
      case .negativeAcknowledgement:
        waiting[index].sent = .now - .seconds(60)
      default: break
      }
    }
  }

  private func send(_ type: MessageType, _ client: Client) throws {
    var message = Message(type, xid: UInt32(client.hardware.rawValue & 0xFFFF), hardware: client.hardware)
    message.hops = 1
    message.giaddr = relay
    if let offer = client.offer {
      message.options.set(.requestedAddress, offer.address)
      message.options.set(.serverIdentifier, offer.server)
    }
    // While the server is down, the port is closed, and the kernel says so.
    try? socket.send(message.encode(limit: 576).bytes, to: server)
  }
}
