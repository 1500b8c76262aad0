package import Net

/// The server's side of one read (RFC 1350 section 2): pure, told what comes and what time it is, it says what to send.
/// Blocks go out a window at a time (RFC 7440; one block where no window was agreed), and the acknowledgment of any of
/// them moves it on. A packet that the network doubles is not answered twice (RFC 1123 section 4.2.3.1).
package struct Transfer: Sendable {
  package enum Outcome: Hashable, Sendable {
    /// The last block is acknowledged: the client has so many bytes, as sent.
    case finished(bytes: Int)
    case failed(TransferFailure)
  }

  /// Nil as long as the transfer goes on; from then on nothing is sent.
  package private(set) var outcome: Outcome?
  /// When ``tick(now:)`` has something to do; nil before the start and after the end.
  package private(set) var deadline: Timestamp?
  package let blockSize: Int
  /// What was agreed, as the OACK says it; empty where the client asked for nothing that we know.
  package let agreed: [Option]

  private let content: [UInt8]
  private let retransmission: Retransmission
  /// Blocks in a window.
  private let windowSize: Int
  /// The last block that the client has, counted without wrap; 0 stands for the OACK, -1 is before it.
  private var acknowledged: Int
  /// Whether the present window was sent again because the client asked for its first block.
  private var isWindowRepeated = false
  private var repetitions = 0

  /// The largest block we agree to, in bytes: an Ethernet packet's, so that none is fragmented.
  package static let maximumBlockSize = 1468
  /// The largest window we agree to, in blocks: of the largest blocks, what a small receive buffer holds.
  package static let maximumWindowSize = 32

  /// A transfer of this content to a client that asked so; what it asked for and we do not know or accept is left out of
  /// the acknowledgment (RFC 2347).
  package init(content: [UInt8], request: Request, retransmission: Retransmission = Retransmission()) {
    let content = request.mode == .netascii ? Netascii.encode(content) : content
    var agreed: [Option] = []
    var blockSize = Option.defaultBlockSize
    var windowSize = 1
    var retransmission = retransmission
    if let size = request.options.number(Option.blockSize), size >= Option.blockSizes.lowerBound {
      blockSize = min(size, Self.maximumBlockSize)
      agreed.append(Option(Option.blockSize, blockSize))
    }
    if request.options.number(Option.transferSize) != nil {
      agreed.append(Option(Option.transferSize, content.count))
    }
    if let timeout = request.options.number(Option.timeout), Option.timeouts.contains(timeout) {
      retransmission.interval = timeout
      agreed.append(Option(Option.timeout, timeout))
    }
    if let size = request.options.number(Option.windowSize), Option.windowSizes.contains(size) {
      windowSize = min(size, Self.maximumWindowSize)
      agreed.append(Option(Option.windowSize, windowSize))
    }
    self.content = content
    self.blockSize = blockSize
    self.windowSize = windowSize
    self.agreed = agreed
    self.retransmission = retransmission
    acknowledged = agreed.isEmpty ? 0 : -1
  }

  /// The bytes in all, in the form in which they are sent.
  package var size: Int { content.count }

  /// The number of the last block, which is shorter than the others, and empty where they hold everything.
  private var lastBlock: Int { content.count / blockSize + 1 }

  /// The last block of the present window.
  private var windowEnd: Int { acknowledged < 0 ? 0 : min(acknowledged + windowSize, lastBlock) }

  /// The first packets.
  package mutating func start(now: Timestamp) -> [Packet] {
    send(now: now)
  }

  /// What to send when a packet has come from the client's port.
  package mutating func receive(_ packet: Packet, now: Timestamp) -> [Packet] {
    guard outcome == nil else { return [] }
    switch packet {
    case .acknowledgment(let number):
      return receive(acknowledgment: number, now: now)
    case .error(let code, let message):
      end(.failed(.peer(code, message)))
      return []
    case .readRequest:
      // Sent again before our first packet arrived.
      return []
    case .writeRequest, .data, .optionAcknowledgment:
      end(.failed(.unexpectedPacket))
      return [.error(.illegalOperation, message: TransferFailure.unexpectedPacket.description)]
    }
  }

  /// The client has all blocks up to this one, of the present window or the one before it (RFC 7440 section 4).
  private mutating func receive(acknowledgment number: UInt16, now: Timestamp) -> [Packet] {
    let progress = Int(number &- UInt16(truncatingIfNeeded: acknowledged))
    guard progress <= windowEnd - acknowledged else { return [] }
    if progress == 0 {
      // Of a window, the first block was lost. Answered once: the network may have doubled the acknowledgment, and with
      // windows of one block it is never more than that.
      guard windowSize > 1, acknowledged >= 0, !isWindowRepeated else { return [] }
      isWindowRepeated = true
      return send(now: now)
    }
    acknowledged += progress
    guard acknowledged < lastBlock else {
      end(.finished(bytes: content.count))
      return []
    }
    isWindowRepeated = false
    repetitions = 0
    return send(now: now)
  }

  /// What to send when time has passed.
  package mutating func tick(now: Timestamp) -> [Packet] {
    guard outcome == nil, let deadline, now >= deadline else { return [] }
    guard repetitions < retransmission.maximumRepetitions else {
      end(.failed(windowEnd == lastBlock ? .lastBlockUnacknowledged : .timedOut(block: acknowledged + 1)))
      return []
    }
    repetitions += 1
    return send(now: now)
  }

  private mutating func send(now: Timestamp) -> [Packet] {
    deadline = retransmission.deadline(after: now, repetitions: repetitions)
    guard acknowledged >= 0 else { return [.optionAcknowledgment(agreed)] }
    return (acknowledged + 1...windowEnd).map { block in
      let start = (block - 1) * blockSize
      let bytes = content[start..<min(start + blockSize, content.count)]
      return .data(block: UInt16(truncatingIfNeeded: block), Array(bytes))
    }
  }

  private mutating func end(_ outcome: Outcome) {
    self.outcome = outcome
    deadline = nil
  }
}
