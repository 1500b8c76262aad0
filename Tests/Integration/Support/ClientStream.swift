import DHCP
import Foundation
import Net
import Synchronization
import Testing
import Transport

/// New DHCP clients without end behind one relay agent, which is a host of the lab, on a thread of its own.
final class ClientStream: Sendable {
  private let record: Record
  private let thread: OwnThread

  /// At most so many exchanges begin in a second, and at most `window` are under way at once: no more than what the
  /// kernel holds for a socket whose thread waits for a processor. One that is not answered within `patience` is given up.
  init(
    relay: IPv4Address, of server: IPv4Address, in namespace: String, rate: Int = 2_000, window: Int = 100,
    patience: Duration = .seconds(1)
  ) throws {
    let socket = try NetworkNamespace(named: namespace).run { try DatagramSocket(relay, port: 67) }
    let record = Record()
    self.record = record
    thread = try OwnThread(named: "clients") {
      var exchanges = Exchanges(socket, Endpoint(server, port: 67), relay: relay, rate: rate, window: window)
      exchanges.patience = patience
      while !record.isStopped {
        exchanges.begin()
        record.add(exchanges.receive())
        usleep(300)
      }
      let end = ContinuousClock.now + patience * 2
      while exchanges.unanswered > 0, ContinuousClock.now < end {
        record.add(exchanges.receive())
        usleep(300)
      }
      record.note(unanswered: exchanges.unanswered + exchanges.givenUp)
    }
  }

  /// What was acknowledged so far, and to whom.
  var acknowledged: [IPv4Address: MACAddress] { record.acknowledged }

  /// How many exchanges came to no end, known when the stream has stopped.
  var unanswered: Int { record.unanswered }

  /// Begins no more, and waits for those under way.
  func stop() async {
    record.stop()
    await thread.finished
  }
}

private final class Record: Sendable {
  private let state = Mutex<(acknowledged: [IPv4Address: MACAddress], isStopped: Bool, unanswered: Int)>(
    ([:], false, 0))

  var acknowledged: [IPv4Address: MACAddress] { state.withLock(\.acknowledged) }
  var isStopped: Bool { state.withLock(\.isStopped) }
  var unanswered: Int { state.withLock(\.unanswered) }

  func note(unanswered: Int) {
    state.withLock { $0.unanswered = unanswered }
  }

  func add(_ leases: [(IPv4Address, MACAddress)]) {
    guard !leases.isEmpty else { return }
    state.withLock { state in
      for (address, hardware) in leases { state.acknowledged[address] = hardware }
    }
  }

  func stop() {
    state.withLock { $0.isStopped = true }
  }
}

/// The exchanges under way. Messages are encoded once and patched, and answers read by their offsets (RFC 2131 section
/// 2): the clients must not be slower than the server.
private struct Exchanges {
  private static let xid = 4
  private static let yiaddr = 16
  private static let chaddr = 28
  private static let options = 240

  private let socket: DatagramSocket
  private let server: Endpoint
  private let rate: Int
  private let window: Int
  private var discover: [UInt8]
  private var request: [UInt8]
  private let requestedAddress: Int
  private let start = ContinuousClock.now
  private var began = 0
  /// When each client began; one that is not answered is given up.
  private var underWay: [UInt32: ContinuousClock.Instant] = [:]
  var patience = Duration.seconds(1)
  /// Those that were refused, or not answered for too long.
  private(set) var givenUp = 0

  var unanswered: Int { underWay.count }

  init(_ socket: DatagramSocket, _ server: Endpoint, relay: IPv4Address, rate: Int, window: Int) {
    self.socket = socket
    self.server = server
    self.rate = rate
    self.window = window
    func message(_ type: MessageType) -> Message {
      var message = Message(type, xid: 0, hardware: MACAddress(rawValue: 0x02_00_5E_00_00_00))
      message.hops = 1
      message.giaddr = relay
      return message
    }
    discover = message(.discover).encode(limit: 576).bytes
    var selecting = message(.request)
    selecting.options.set(.serverIdentifier, server.address)
    let marker = IPv4Address(254, 253, 252, 251)
    selecting.options.set(.requestedAddress, marker)
    let encoded = selecting.encode(limit: 576).bytes
    request = encoded
    requestedAddress = encoded.indices.first { encoded[$0...].starts(with: [254, 253, 252, 251]) } ?? 0
  }

  /// Begins as many exchanges as are due.
  mutating func begin() {
    let now = ContinuousClock.now
    let due = Int((now - start) / .milliseconds(1)) * rate / 1000
    if underWay.count >= window {
      let count = underWay.count
      underWay = underWay.filter { now - $0.value < patience }
      givenUp += count - underWay.count
    }
    // What could not begin in time is not made up for.
    began = max(began, due - window)
    while began < due, underWay.count < window {
      began += 1
      let client = UInt32(began)
      underWay[client] = now
      Self.patch(&discover, Self.xid, client)
      Self.patch(&discover, Self.chaddr + 2, client)
      try? socket.send(discover, to: server)
    }
  }

  /// Answers the offers that have come, and returns what was acknowledged.
  mutating func receive() -> [(IPv4Address, MACAddress)] {
    var acknowledged: [(IPv4Address, MACAddress)] = []
    guard var batch = try? DatagramBatch(capacity: 256, inputSize: 1024, outputSize: 1),
      let count = try? socket.receive(into: &batch), count > 0
    else { return [] }
    var answers: [[UInt8]] = []
    batch.forEach { datagram in answers.append(datagram.bytes.withUnsafeBytes { [UInt8]($0) }) }
    for answer in answers where answer.count > Self.options {
      let client = Self.number(in: answer, at: Self.xid)
      guard underWay[client] != nil else { continue }
      switch Self.type(of: answer) {
      case MessageType.offer.rawValue:
        Self.patch(&request, Self.xid, client)
        Self.patch(&request, Self.chaddr + 2, client)
        Self.patch(&request, requestedAddress, Self.number(in: answer, at: Self.yiaddr))
        try? socket.send(request, to: server)
      case MessageType.acknowledgement.rawValue:
        underWay[client] = nil
        let hardware = MACAddress(rawValue: 0x0200_0000_0000 + UInt64(client))
        acknowledged.append((IPv4Address(rawValue: Self.number(in: answer, at: Self.yiaddr)), hardware))
      default:
        underWay[client] = nil
        givenUp += 1
      }
    }
    return acknowledged
  }

  private static func patch(_ bytes: inout [UInt8], _ position: Int, _ number: UInt32) {
    for index in 0..<4 { bytes[position + index] = UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32(index))) }
  }

  private static func number(in bytes: [UInt8], at position: Int) -> UInt32 {
    bytes[position..<position + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The value of option 53.
  private static func type(of answer: [UInt8]) -> UInt8 {
    var position = options
    while position + 2 < answer.count, answer[position] != 255 {
      if answer[position] == 53 { return answer[position + 2] }
      position += answer[position] == 0 ? 1 : 2 + Int(answer[position + 1])
    }
    return 0
  }
}
