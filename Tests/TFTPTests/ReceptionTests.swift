import Net
import TFTP
import Testing

struct ReceptionTests {
  private let start = Timestamp(secondsSince1970: 1000)
  private let full = [UInt8](repeating: 1, count: 512)

  private func reception(_ options: [Option] = [], mode: Request.Mode = .octet, limit: Int = 10_000) -> Reception {
    Reception(Request(fileName: "f", mode: mode, options: options), maximumSize: limit)
  }

  private func isError(_ packets: [Packet], _ code: ErrorCode) -> Bool {
    if case .error(code, _)? = packets.first { packets.count == 1 } else { false }
  }

  @Test func `each block is acknowledged, and a short one is the end`() {
    var reception = reception()
    #expect(reception.start(now: start) == [.readRequest(Request(fileName: "f"))])
    #expect(reception.receive(.data(block: 1, full), now: start) == [.acknowledgment(block: 1)])
    #expect(reception.receive(.data(block: 2, [2]), now: start) == [.acknowledgment(block: 2)])
    #expect(reception.outcome == .finished(full + [2]))
    #expect(reception.deadline == nil)
  }

  @Test func `a block that comes again is acknowledged again and taken once`() {
    var reception = reception()
    _ = reception.start(now: start)
    for _ in 0..<2 {
      #expect(reception.receive(.data(block: 1, full), now: start) == [.acknowledgment(block: 1)])
    }
    #expect(reception.receive(.data(block: 3, full), now: start) == [])
    #expect(reception.receive(.data(block: 0, full), now: start) == [])
    for _ in 0..<2 {
      #expect(reception.receive(.data(block: 2, [2]), now: start) == [.acknowledgment(block: 2)])
    }
    #expect(reception.outcome == .finished(full + [2]))
  }

  @Test func `agreed options hold, and each OACK is acknowledged`() {
    var reception = reception([Option("blksize", 1024), Option("tsize", 0), Option("timeout", 5)])
    _ = reception.start(now: start)
    let agreed = Packet.optionAcknowledgment([Option("blksize", 600), Option("tsize", 601), Option("timeout", 5)])
    for _ in 0..<2 { #expect(reception.receive(agreed, now: start) == [.acknowledgment(block: 0)]) }
    #expect(reception.deadline == start.advanced(bySeconds: 5))
    _ = reception.receive(.data(block: 1, [UInt8](repeating: 1, count: 600)), now: start)
    #expect(reception.outcome == nil)
    _ = reception.receive(.data(block: 2, [2]), now: start)
    #expect(reception.outcome == .finished([UInt8](repeating: 1, count: 600) + [2]))
  }

  @Test func `an OACK without end does not keep a reception alive`() {
    var reception = reception([Option("tsize", 0)])
    _ = reception.start(now: start)
    let oack = Packet.optionAcknowledgment([Option("tsize", 1)])
    _ = reception.receive(oack, now: start)
    let deadline = reception.deadline
    _ = reception.receive(oack, now: start.advanced(byMilliseconds: 900))
    #expect(reception.deadline == deadline)
  }

  @Test(arguments: [
    Option("blksize", 1025), Option("blksize", 7), Option("blksize", "x"), Option("timeout", 4),
    Option("windowsize", 2),
  ])
  func `what was not asked for is refused`(option: Option) {
    var reception = reception([Option("blksize", 1024), Option("timeout", 5)])
    _ = reception.start(now: start)
    #expect(isError(reception.receive(.optionAcknowledgment([option]), now: start), .optionNegotiation))
    #expect(reception.outcome == .failed(.option(option.name)))
  }

  @Test func `more than the limit is refused, as told or as sent`() {
    var told = reception([Option("tsize", 0)], limit: 600)
    _ = told.start(now: start)
    #expect(isError(told.receive(.optionAcknowledgment([Option("tsize", 601)]), now: start), .diskFull))
    #expect(told.outcome == .failed(.tooLarge(limit: 600)))
    var sent = reception(limit: 600)
    _ = sent.start(now: start)
    _ = sent.receive(.data(block: 1, full), now: start)
    #expect(isError(sent.receive(.data(block: 2, full), now: start), .diskFull))
    #expect(sent.outcome == .failed(.tooLarge(limit: 600)))
    var large = reception()
    _ = large.start(now: start)
    #expect(isError(large.receive(.data(block: 1, full + [1]), now: start), .illegalOperation))
  }

  @Test func `silence repeats the last packet, and ends the reception`() {
    var reception = reception()
    let request = reception.start(now: start)
    #expect(reception.tick(now: start.advanced(bySeconds: 1)) == request)
    _ = reception.receive(.data(block: 1, full), now: start.advanced(bySeconds: 2))
    #expect(reception.tick(now: start.advanced(bySeconds: 3)) == [.acknowledgment(block: 1)])
    var repetitions = 1
    while let deadline = reception.deadline { repetitions += reception.tick(now: deadline).count }
    #expect(repetitions == 4)
    #expect(reception.outcome == .failed(.timedOut(block: 1)))
  }

  @Test func `an ERROR ends it, and what a server does not send is refused`() {
    var ended = reception()
    _ = ended.start(now: start)
    #expect(ended.receive(.error(.fileNotFound, message: "none"), now: start) == [])
    #expect(ended.outcome == .failed(.peer(.fileNotFound, "none")))
    var odd = reception()
    _ = odd.start(now: start)
    #expect(isError(odd.receive(.acknowledgment(block: 1), now: start), .illegalOperation))
    #expect(odd.outcome == .failed(.unexpectedPacket))
  }

  @Test(arguments: [UInt64](1...30), [Request.Mode.octet, .netascii])
  func `over a network that loses and doubles packets the file arrives whole`(seed: UInt64, mode: Request.Mode) {
    var random = SeededGenerator(state: seed)
    let content = (0..<Int.random(in: 0...5000, using: &random)).map { _ in
      [0x0A, 0x61, 0x62, 0x63].randomElement(using: &random) ?? 0
    }.map { UInt8($0) }
    let patient = Retransmission(interval: 1, maximumRepetitions: 30)
    let options = seed.isMultiple(of: 2) ? [Option("blksize", 600), Option("tsize", 0)] : []
    let request = Request(fileName: "f", mode: mode, options: options)
    var client = Reception(request, maximumSize: 100_000, retransmission: patient)
    var server = Transfer(.bytes(content), request: request, retransmission: patient)
    var now = start
    var toServer: [Packet] = []
    var toClient: [Packet] = []
    func carry(_ packets: [Packet]) -> [Packet] {
      packets.flatMap { packet in
        [[], [packet], [packet], [packet, packet]].randomElement(using: &random) ?? []
      }
    }
    _ = client.start(now: now)
    toClient = carry(server.start(now: now))
    var sent = 0
    for _ in 0..<10_000 where server.outcome == nil {
      let arrivals = toClient
      toClient = []
      for packet in arrivals { toServer += carry(client.receive(packet, now: now)) }
      let answers = toServer
      toServer = []
      for packet in answers {
        let packets = server.receive(packet, now: now)
        sent += packets.count
        toClient += carry(packets)
      }
      guard toClient.isEmpty else { continue }
      now = now.advanced(bySeconds: 16)
      toServer += carry(client.tick(now: now))
      toClient += carry(server.tick(now: now))
    }
    #expect(client.outcome == .finished(content))
    let size = server.size ?? 0
    #expect(server.outcome == .finished(bytes: size))
    // Doubled acknowledgments must not double the data: but for repetitions, each block is sent once.
    #expect(sent <= size / server.blockSize + 2)
  }
}
