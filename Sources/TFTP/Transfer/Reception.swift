package import Net

/// The client's side of one read (RFC 1350 section 2): pure, told what comes and what time it is, it says what to send.
package struct Reception: Sendable {
  package enum Outcome: Hashable, Sendable {
    /// The whole content; netascii is decoded.
    case finished([UInt8])
    case failed(TransferFailure)
  }

  /// Nil as long as the transfer goes on.
  package private(set) var outcome: Outcome?
  /// When ``tick(now:)`` has something to do; nil before the start and after the end.
  package private(set) var deadline: Timestamp?

  private let request: Request
  private let maximumSize: Int
  private var retransmission: Retransmission
  private var blockSize = Option.defaultBlockSize
  private var received: [UInt8] = []
  /// The last block received in order, counted without wrap; 0 before the first.
  private var block = 0
  /// What is sent again when nothing comes.
  private var lastSent: Packet
  private var repetitions = 0

  /// A read of what the request names, `maximumSize` bytes at most.
  package init(_ request: Request, maximumSize: Int, retransmission: Retransmission = Retransmission()) {
    self.request = request
    self.maximumSize = maximumSize
    self.retransmission = retransmission
    lastSent = .readRequest(request)
  }

  /// The request, for the server's port 69; the server answers from another, and all that follows goes there.
  package mutating func start(now: Timestamp) -> [Packet] {
    send(lastSent, now: now)
  }

  /// What to send when a packet has come from the server. After the end, the last block is acknowledged once more each
  /// time it comes again, as its acknowledgment may have been lost.
  package mutating func receive(_ packet: Packet, now: Timestamp) -> [Packet] {
    guard outcome == nil else { return repeatLastAcknowledgment(of: packet) }
    switch packet {
    case .optionAcknowledgment(let options):
      return block == 0 ? accept(options, now: now) : []
    case .data(let number, let bytes):
      return receive(bytes, number: number, now: now)
    case .error(let code, let message):
      end(.failed(.peer(code, message)))
      return []
    case .readRequest, .writeRequest, .acknowledgment:
      return fail(.unexpectedPacket, .illegalOperation)
    }
  }

  /// What to send when time has passed.
  package mutating func tick(now: Timestamp) -> [Packet] {
    guard outcome == nil, let deadline, now >= deadline else { return [] }
    guard repetitions < retransmission.maximumRepetitions else {
      end(.failed(.timedOut(block: block)))
      return []
    }
    repetitions += 1
    return send(lastSent, now: now)
  }

  private mutating func accept(_ options: [Option], now: Timestamp) -> [Packet] {
    // It came again: our acknowledgment was lost. That is not progress, and the deadline stays.
    guard lastSent != .acknowledgment(block: 0) else { return [lastSent] }
    for option in options {
      let name = option.name.lowercased()
      guard request.options.value(of: name) != nil, let number = [option].number(name) else {
        return fail(.option(option.name), .optionNegotiation)
      }
      switch name {
      case Option.blockSize:
        let asked = request.options.number(name) ?? Option.defaultBlockSize
        guard number >= Option.blockSizes.lowerBound, number <= asked else {
          return fail(.option(option.name), .optionNegotiation)
        }
        blockSize = number
      case Option.transferSize:
        guard number <= maximumSize else { return fail(.tooLarge(limit: maximumSize), .diskFull) }
      case Option.timeout:
        guard number == request.options.number(name), Option.timeouts.contains(number) else {
          return fail(.option(option.name), .optionNegotiation)
        }
        retransmission.interval = number
      default:
        return fail(.option(option.name), .optionNegotiation)
      }
    }
    repetitions = 0
    return send(.acknowledgment(block: 0), now: now)
  }

  private mutating func receive(_ bytes: [UInt8], number: UInt16, now: Timestamp) -> [Packet] {
    guard number == UInt16(truncatingIfNeeded: block + 1) else {
      // The block before: our acknowledgment was lost. Others are late, and of no use.
      guard block > 0, number == UInt16(truncatingIfNeeded: block) else { return [] }
      return [.acknowledgment(block: number)]
    }
    guard bytes.count <= blockSize else { return fail(.blockTooLarge(bytes.count), .illegalOperation) }
    guard received.count + bytes.count <= maximumSize else {
      return fail(.tooLarge(limit: maximumSize), .diskFull)
    }
    received += bytes
    block += 1
    repetitions = 0
    let packets = send(.acknowledgment(block: number), now: now)
    if bytes.count < blockSize {
      end(.finished(request.mode == .netascii ? Netascii.decode(received) : received))
    }
    return packets
  }

  private func repeatLastAcknowledgment(of packet: Packet) -> [Packet] {
    guard case .finished = outcome, case .data(let number, _) = packet, lastSent == .acknowledgment(block: number)
    else { return [] }
    return [lastSent]
  }

  private mutating func send(_ packet: Packet, now: Timestamp) -> [Packet] {
    lastSent = packet
    deadline = retransmission.deadline(after: now, repetitions: repetitions)
    return [packet]
  }

  private mutating func fail(_ failure: TransferFailure, _ code: ErrorCode) -> [Packet] {
    end(.failed(failure))
    return [.error(code, message: failure.description)]
  }

  private mutating func end(_ outcome: Outcome) {
    self.outcome = outcome
    deadline = nil
  }
}
