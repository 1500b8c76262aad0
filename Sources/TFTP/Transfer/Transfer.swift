package import Net

/// The server's side of one read (RFC 1350 section 2): pure, told what comes and what time it is, it says what to send.
/// Only the expected acknowledgment moves it on, so a packet that the network doubles is not answered twice (RFC 1123
/// section 4.2.3.1).
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
  /// The block that waits for its acknowledgment, counted without wrap; 0 stands for the OACK.
  private var block: Int
  private var repetitions = 0

  /// The largest block we agree to, in bytes: an Ethernet packet's, so that none is fragmented.
  package static let maximumBlockSize = 1468

  /// A transfer of this content to a client that asked so; what it asked for and we do not know or accept is left out of
  /// the acknowledgment (RFC 2347).
  package init(content: [UInt8], request: Request, retransmission: Retransmission = Retransmission()) {
    let content = request.mode == .netascii ? Netascii.encode(content) : content
    var agreed: [Option] = []
    var blockSize = Option.defaultBlockSize
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
    self.content = content
    self.blockSize = blockSize
    self.agreed = agreed
    self.retransmission = retransmission
    block = agreed.isEmpty ? 1 : 0
  }

  /// The bytes in all, in the form in which they are sent.
  package var size: Int { content.count }

  /// The number of the last block, which is shorter than the others, and empty where they hold everything.
  private var lastBlock: Int { content.count / blockSize + 1 }

  /// The first packet.
  package mutating func start(now: Timestamp) -> [Packet] {
    send(now: now)
  }

  /// What to send when a packet has come from the client's port.
  package mutating func receive(_ packet: Packet, now: Timestamp) -> [Packet] {
    guard outcome == nil else { return [] }
    switch packet {
    case .acknowledgment(let number):
      guard number == UInt16(truncatingIfNeeded: block) else { return [] }
      guard block < lastBlock else {
        end(.finished(bytes: content.count))
        return []
      }
      block += 1
      repetitions = 0
      return send(now: now)
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

  /// What to send when time has passed.
  package mutating func tick(now: Timestamp) -> [Packet] {
    guard outcome == nil, let deadline, now >= deadline else { return [] }
    guard repetitions < retransmission.maximumRepetitions else {
      end(.failed(block == lastBlock ? .lastBlockUnacknowledged : .timedOut(block: block)))
      return []
    }
    repetitions += 1
    return send(now: now)
  }

  private mutating func send(now: Timestamp) -> [Packet] {
    deadline = retransmission.deadline(after: now, repetitions: repetitions)
    guard block > 0 else { return [.optionAcknowledgment(agreed)] }
    let start = (block - 1) * blockSize
    let bytes = content[start..<min(start + blockSize, content.count)]
    return [.data(block: UInt16(truncatingIfNeeded: block), Array(bytes))]
  }

  private mutating func end(_ outcome: Outcome) {
    self.outcome = outcome
    deadline = nil
  }
}
