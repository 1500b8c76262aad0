package import Net

/// The server's side of one read (RFC 1350 section 2): pure, told what comes and what time it is, it says what to send.
/// Blocks go out a window at a time (RFC 7440; one block where no window was agreed), and the acknowledgment of any of
/// them moves it on. A packet that the network doubles is not answered twice (RFC 1123 section 4.2.3.1).
package struct Transfer: Sendable {
  package enum Outcome: Hashable, Sendable {
    /// The last block is acknowledged: the client has so many bytes, as sent.
    case finished(bytes: Int)
    /// The client asked for the size, which the OACK told it, and wanted no more for now (RFC 2349).
    case sizeAsked
    case failed(TransferFailure)
  }

  /// Nil as long as the transfer goes on; from then on nothing is sent.
  package private(set) var outcome: Outcome?
  /// When ``tick(now:)`` has something to do; nil before the start and after the end.
  package private(set) var deadline: Timestamp?
  package let blockSize: Int
  /// What was agreed, as the OACK says it; empty where the client asked for nothing that we know.
  package let agreed: [Option]
  /// The bytes in all, in the form in which they are sent; nil where a file is sent as netascii, and only its end will
  /// tell.
  package let size: Int?

  private let retransmission: Retransmission
  /// Blocks in a window.
  private let windowSize: Int
  private var window: BlockWindow
  /// The last block that the client has, counted without wrap; 0 stands for the OACK, -1 is before it.
  private var acknowledged: Int
  private var acknowledgedBytes = 0
  /// Whether the present window was sent again because the client asked for its first block.
  private var isWindowRepeated = false
  private var repetitions = 0

  /// The largest block we agree to, in bytes: an Ethernet packet's, so that none is fragmented.
  package static let maximumBlockSize = 1468
  /// The largest window we agree to, in blocks: of the largest blocks, what a small receive buffer holds.
  package static let maximumWindowSize = 32

  /// A transfer of this content to a client that asked so; what it asked for and we do not know or accept is left out of
  /// the acknowledgment (RFC 2347).
  package init(_ content: Content, request: Request, retransmission: Retransmission = Retransmission()) {
    let file: any ContentFile
    var encoder: Netascii.Encoder?
    switch (content, request.mode) {
    case (.bytes(let bytes), .netascii): file = Netascii.encode(bytes)
    case (.bytes(let bytes), .octet), (.bytes(let bytes), .mail): file = bytes
    case (.file(let opened), .netascii):
      file = opened
      encoder = Netascii.Encoder()
    case (.file(let opened), .octet), (.file(let opened), .mail): file = opened
    }
    size = encoder == nil ? file.size : nil
    var agreed: [Option] = []
    var blockSize = Option.defaultBlockSize
    var windowSize = 1
    var retransmission = retransmission
    if let size = request.options.number(Option.blockSize), size >= Option.blockSizes.lowerBound {
      blockSize = min(size, Self.maximumBlockSize)
      agreed.append(Option(Option.blockSize, blockSize))
    }
    // Left out (RFC 2347) where the whole file would have to be read for it.
    if request.options.number(Option.transferSize) != nil, let size {
      agreed.append(Option(Option.transferSize, size))
    }
    if let timeout = request.options.number(Option.timeout), Option.timeouts.contains(timeout) {
      retransmission.interval = timeout
      agreed.append(Option(Option.timeout, timeout))
    }
    if let size = request.options.number(Option.windowSize), Option.windowSizes.contains(size) {
      windowSize = min(size, Self.maximumWindowSize)
      agreed.append(Option(Option.windowSize, windowSize))
    }
    window = BlockWindow(file, encoder: encoder, blockSize: blockSize, capacity: windowSize)
    self.blockSize = blockSize
    self.windowSize = windowSize
    self.agreed = agreed
    self.retransmission = retransmission
    acknowledged = agreed.isEmpty ? 0 : -1
  }

  /// Whether nothing has come from the client but its request.
  package var isUnanswered: Bool { acknowledged == (agreed.isEmpty ? 0 : -1) }

  /// How many packets wait for an acknowledgment.
  private var inFlight: Int { acknowledged < 0 ? 1 : window.count }

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
      end(isSizeProbe(code) ? .sizeAsked : .failed(.peer(code, message)))
      return []
    case .readRequest:
      // Sent again before our first packet arrived.
      return []
    case .writeRequest, .data, .optionAcknowledgment:
      end(.failed(.unexpectedPacket))
      return [.error(.illegalOperation, message: TransferFailure.unexpectedPacket.description)]
    }
  }

  /// Whether an ERROR in answer to an OACK with the size is how a client says that it wanted no more than that.
  private func isSizeProbe(_ code: ErrorCode) -> Bool {
    acknowledged < 0 && agreed.value(of: Option.transferSize) != nil
      && (code == .notDefined || code == .optionNegotiation)
  }

  /// The client has all blocks up to this one, of the present window or the one before it (RFC 7440 section 4).
  private mutating func receive(acknowledgment number: UInt16, now: Timestamp) -> [Packet] {
    let progress = Int(number &- UInt16(truncatingIfNeeded: acknowledged))
    guard progress <= inFlight else { return [] }
    if progress == 0 {
      // Of a window, the first block was lost. Answered once: the network may have doubled the acknowledgment, and with
      // windows of one block it is never more than that.
      guard windowSize > 1, acknowledged >= 0, !isWindowRepeated else { return [] }
      isWindowRepeated = true
      return send(now: now)
    }
    if acknowledged >= 0 { acknowledgedBytes += window.acknowledge(progress) }
    acknowledged += progress
    guard !window.isEmpty else {
      end(.finished(bytes: acknowledgedBytes))
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
      end(
        .failed(
          acknowledged >= 0 && window.hasLastBlock ? .lastBlockUnacknowledged : .timedOut(block: acknowledged + 1)))
      return []
    }
    repetitions += 1
    return send(now: now)
  }

  private mutating func send(now: Timestamp) -> [Packet] {
    deadline = retransmission.deadline(after: now, repetitions: repetitions)
    guard acknowledged >= 0 else { return [.optionAcknowledgment(agreed)] }
    do throws(ContentError) {
      try window.fill()
    } catch {
      end(.failed(.content(error)))
      return [.error(.notDefined, message: error.description)]
    }
    return (0..<window.count).map { position in
      .data(block: UInt16(truncatingIfNeeded: acknowledged + 1 + position), window.block(position))
    }
  }

  private mutating func end(_ outcome: Outcome) {
    self.outcome = outcome
    deadline = nil
  }
}
