import DHCP
import Net
import Transport

/// Plays the DHCP client on an interface, on a thread of its own: by frames while the interface has no address, by a
/// socket while it has. It sets and removes the address and the default route.
final class DHCPLoop: Sendable {
  private enum Order: Sendable {
    case stop(releasing: Bool)
  }

  private let orders: Inbox<Order>
  private let thread: OwnThread

  init(
    interface: NetworkInterface, settings: DHCPClient.Settings, previous: IPv4Address?, mailbox: Mailbox
  ) throws {
    let orders = try Inbox<Order>(capacity: 4)
    self.orders = orders
    thread = try OwnThread(named: "dhcp-client") {
      var work = Work(interface: interface, settings: settings, mailbox: mailbox)
      work.run(from: previous, until: orders)
    }
  }

  /// Ends the client; the interface has no address of it when this returns.
  func stop(releasing: Bool = false) async {
    _ = orders.send(.stop(releasing: releasing))
    orders.close()
    await thread.finished
  }

  private struct Work {
    let interface: NetworkInterface
    let hardware: MACAddress
    let mailbox: Mailbox
    var client: DHCPClient
    var link: PacketLink?
    var socket: DatagramSocket?
    var held: NetworkInterface.Address?
    /// The last trouble told, so that it is told once.
    var trouble: String?

    init(interface: NetworkInterface, settings: DHCPClient.Settings, mailbox: Mailbox) {
      self.interface = interface
      self.mailbox = mailbox
      hardware = settings.hardware
      client = DHCPClient(settings)
    }

    mutating func run(from previous: IPv4Address?, until orders: Inbox<Order>) {
      perform(client.start(previous: previous, now: SteadyClock.now(), random: Randomness.uint32()))
      while true {
        wait(for: orders)
        for case .stop(let releasing) in orders.takeAll() {
          if releasing { perform(client.release(random: Randomness.uint32())) }
          return giveUpAddress()
        }
        if orders.isClosed { return giveUpAddress() }
        for message in receive() {
          perform(client.receive(message, now: SteadyClock.now(), random: Randomness.uint32()))
        }
        perform(client.tick(now: SteadyClock.now(), random: Randomness.uint32()))
      }
    }

    private func wait(for orders: Inbox<Order>) {
      let descriptors = [orders.fileDescriptor] + [link?.fileDescriptor, socket?.fileDescriptor].compactMap(\.self)
      var poller = Poller(descriptors)
      let left = client.deadline.map { $0.milliseconds(since: SteadyClock.now()) }
      _ = try? poller.wait(milliseconds: left.map { Int(min(max($0, 0), 3_600_000)) })
    }

    private mutating func receive() -> [DHCP.Message] {
      var payloads: [[UInt8]] = []
      if let link {
        do throws(LinkError) {
          _ = try link.receive { bytes in
            guard let frame = try? UDPFrame(decoding: bytes), frame.destinationPort == 68 else { return }
            payloads.append(frame.payload)
          }
        } catch {
          tell(error.description)
          self.link = nil
        }
      }
      while let socket, payloads.count < 64, let received = try? socket.receive() { payloads.append(received.bytes) }
      return payloads.compactMap { try? DHCP.Message(decoding: $0) }
    }

    private mutating func perform(_ actions: [DHCPClient.Action]) {
      for action in actions {
        switch action {
        case .broadcastFrame(let message): sendFrame(message)
        case .broadcast(let message): send(message, to: .broadcast)
        case .unicast(let message, let server): send(message, to: server)
        case .bind(let lease): bind(lease)
        case .unbind(let lease, let loss):
          giveUpAddress()
          mailbox.send(.lost(lease, loss))
        case .report(let report): mailbox.send(.line("DHCP: \(report)."))
        }
      }
    }

    private mutating func sendFrame(_ message: DHCP.Message) {
      let frame = UDPFrame(
        sourceHardware: hardware, destinationHardware: .broadcast, source: .unspecified, destination: .broadcast,
        sourcePort: 68, destinationPort: 67, payload: message.encode(limit: 548).bytes)
      do throws(LinkError) {
        if link == nil { link = try PacketLink(interface: interface.name, filter: "udp and dst port 68") }
        try link?.send(frame.encoded)
        trouble = nil
      } catch {
        tell(error.description)
        link = nil
      }
    }

    private mutating func send(_ message: DHCP.Message, to server: IPv4Address) {
      do throws(SocketError) {
        try socket?.send(
          message.encode(limit: 548).bytes, to: Endpoint(server, port: 67), from: held?.address,
          interfaceIndex: server == .broadcast ? interface.index : nil)
      } catch {
        tell(error.description)
      }
    }

    private mutating func bind(_ lease: AddressLease) {
      let address = NetworkInterface.Address(lease.address, prefixLength: lease.prefixLength)
      do {
        if let held, held != address { try interface.remove(held) }
        try interface.assign(address)
        held = address
        if let router = lease.routers.first { try interface.addDefaultRoute(via: router) }
        if socket == nil {
          socket = try DatagramSocket(port: 68, options: SocketOptions(device: interface.name, broadcast: true))
        }
        link = nil
      } catch {
        tell("\(error)")
      }
      mailbox.send(.bound(lease))
    }

    private mutating func giveUpAddress() {
      socket = nil
      guard let held else { return }
      do throws(InterfaceError) {
        try interface.removeDefaultRoute()
        try interface.remove(held)
      } catch {
        tell(error.description)
      }
      self.held = nil
    }

    private mutating func tell(_ text: String) {
      guard text != trouble else { return }
      trouble = text
      mailbox.send(.line("DHCP: \(text)."))
    }
  }
}

extension DHCPClient.Report: CustomStringConvertible {
  package var description: String {
    switch self {
    case .refused(let address, let server?): "\(server) refused the address \(address) (DHCPNAK)"
    case .refused(let address, nil): "the address \(address) was refused (DHCPNAK)"
    case .noAnswer(let address): "no answer to the DHCPREQUEST for \(address)"
    case .unusable(let refusal): refusal.description
    }
  }
}
