import Net
import TFTP
import Testing

struct TransferTests {
  private let start = Timestamp(secondsSince1970: 1000)

  private func content(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
  }

  private func transfer(_ count: Int, _ options: [Option] = [], mode: Request.Mode = .octet) -> Transfer {
    Transfer(.bytes(content(count)), request: Request(fileName: "f", mode: mode, options: options))
  }

  @Test func `without options blocks of 512 bytes follow each other's acknowledgment until a shorter one`() {
    var transfer = transfer(1000)
    #expect(transfer.start(now: start) == [.data(block: 1, Array(content(1000)[..<512]))])
    #expect(
      transfer.receive(.acknowledgment(block: 1), now: start) == [.data(block: 2, Array(content(1000)[512...]))])
    #expect(transfer.outcome == nil)
    #expect(transfer.receive(.acknowledgment(block: 2), now: start) == [])
    #expect(transfer.outcome == .finished(bytes: 1000))
    #expect(transfer.deadline == nil)
  }

  @Test(arguments: [0, 512, 1024])
  func `whole blocks are followed by an empty one`(count: Int) {
    var transfer = transfer(count)
    var packets = transfer.start(now: start)
    var block: UInt16 = 1
    while case .data(block, let bytes)? = packets.first, bytes.count == 512 {
      packets = transfer.receive(.acknowledgment(block: block), now: start)
      block += 1
    }
    #expect(packets == [.data(block: UInt16(count / 512 + 1), [])])
    #expect(transfer.receive(.acknowledgment(block: block), now: start) == [])
    #expect(transfer.outcome == .finished(bytes: count))
  }

  @Test func `options are agreed first, and acknowledged with block 0`() {
    var transfer = transfer(
      3000, [Option("BLKSIZE", 1400), Option("tsize", 0), Option("timeout", 3), Option("multicast", "")])
    #expect(
      transfer.start(now: start)
        == [.optionAcknowledgment([Option("blksize", 1400), Option("tsize", 3000), Option("timeout", 3)])])
    #expect(transfer.deadline == start.advanced(bySeconds: 3))
    #expect(
      transfer.receive(.acknowledgment(block: 0), now: start) == [.data(block: 1, Array(content(3000)[..<1400]))])
  }

  @Test(arguments: [
    (Option("blksize", 65_464), [Option("blksize", 1468)]), (Option("blksize", 8), [Option("blksize", 8)]),
    (Option("blksize", 7), []), (Option("blksize", "many"), []), (Option("timeout", 0), []),
    (Option("timeout", 256), []), (Option("unknown", 1), []), (Option("windowsize", 0), []),
    (Option("windowsize", 65_535), [Option("windowsize", 32)]), (Option("windowsize", 65_536), []),
    (Option("blksize", "99999999999999999999999"), []),
  ])
  func `an option out of range is lowered or left out`(asked: Option, agreed: [Option]) {
    #expect(transfer(10, [asked]).agreed == agreed)
  }

  @Test func `netascii is converted, and the size told is that of what is sent`() {
    var transfer = Transfer(
      .bytes(Array("a\nb".utf8)),
      request: Request(fileName: "f", mode: .netascii, options: [Option("tsize", 0)]))
    #expect(transfer.start(now: start) == [.optionAcknowledgment([Option("tsize", 4)])])
    #expect(transfer.receive(.acknowledgment(block: 0), now: start) == [.data(block: 1, Array("a\r\nb".utf8))])
  }

  @Test func `a doubled or late acknowledgment sends nothing`() {
    var transfer = transfer(2000)
    _ = transfer.start(now: start)
    #expect(transfer.receive(.acknowledgment(block: 1), now: start).count == 1)
    for block in [1, 0, 3, 65_535] as [UInt16] {
      #expect(transfer.receive(.acknowledgment(block: block), now: start) == [])
    }
    #expect(transfer.receive(.acknowledgment(block: 2), now: start).count == 1)
  }

  @Test func `block numbers go on from 65535 to 0`() {
    let count = 8 * 65_540
    var transfer = transfer(count, [Option("blksize", 8)])
    _ = transfer.start(now: start)
    var packets = transfer.receive(.acknowledgment(block: 0), now: start)
    var received = 0
    var numbers: [UInt16] = []
    while case .data(let block, let bytes)? = packets.first {
      received += bytes.count
      if received > 8 * 65_533 { numbers.append(block) }
      packets = transfer.receive(.acknowledgment(block: block), now: start)
    }
    #expect(transfer.outcome == .finished(bytes: count))
    #expect(received == count)
    #expect(numbers == [65_534, 65_535, 0, 1, 2, 3, 4, 5])
  }

  @Test func `what is not acknowledged is sent again with doubled waits, and given up after four repetitions`() {
    var transfer = transfer(2000)
    let first = transfer.start(now: start)
    var now = start
    #expect(transfer.tick(now: start) == [])
    for wait in [1, 2, 4, 8] as [Int64] {
      #expect(transfer.deadline == now.advanced(bySeconds: wait))
      #expect(transfer.tick(now: now.advanced(byMilliseconds: wait * 1000 - 1)) == [])
      now = now.advanced(bySeconds: wait)
      #expect(transfer.tick(now: now) == first)
    }
    #expect(transfer.tick(now: now.advanced(bySeconds: 16)) == [])
    #expect(transfer.outcome == .failed(.timedOut(block: 1)))
    #expect(transfer.receive(.acknowledgment(block: 1), now: now) == [])
  }

  @Test func `a last block without acknowledgment is told apart`() {
    var transfer = transfer(10)
    _ = transfer.start(now: start)
    while let deadline = transfer.deadline { _ = transfer.tick(now: deadline) }
    #expect(transfer.outcome == .failed(.lastBlockUnacknowledged))
  }

  @Test func `progress starts the waits anew`() {
    var transfer = transfer(2000)
    _ = transfer.start(now: start)
    let later = start.advanced(bySeconds: 1)
    _ = transfer.tick(now: later)
    _ = transfer.receive(.acknowledgment(block: 1), now: later)
    #expect(transfer.deadline == later.advanced(bySeconds: 1))
  }

  @Test func `an ERROR ends the transfer without an answer`() {
    var transfer = transfer(2000)
    _ = transfer.start(now: start)
    #expect(transfer.receive(.error(.diskFull, message: "full"), now: start) == [])
    #expect(transfer.outcome == .failed(.peer(.diskFull, "full")))
  }

  @Test(arguments: [Packet.data(block: 1, []), .optionAcknowledgment([]), .writeRequest(Request(fileName: "f"))])
  func `what a reader does not send ends the transfer with an ERROR`(packet: Packet) {
    var transfer = transfer(2000)
    _ = transfer.start(now: start)
    guard case .error(.illegalOperation, _)? = transfer.receive(packet, now: start).first else {
      Issue.record("no ERROR")
      return
    }
    #expect(transfer.outcome == .failed(.unexpectedPacket))
  }

  @Test func `the request again changes nothing`() {
    var transfer = transfer(2000)
    _ = transfer.start(now: start)
    #expect(transfer.receive(.readRequest(Request(fileName: "f")), now: start) == [])
    #expect(transfer.outcome == nil)
  }

  // MARK: - Windows (RFC 7440)

  /// A transfer of ten blocks of 8 bytes and an empty one, in windows of four, past its OACK.
  private func windowed() -> (transfer: Transfer, first: [Packet]) {
    var transfer = transfer(80, [Option("blksize", 8), Option("windowsize", 4)])
    #expect(
      transfer.start(now: start) == [.optionAcknowledgment([Option("blksize", 8), Option("windowsize", 4)])])
    let first = transfer.receive(.acknowledgment(block: 0), now: start)
    return (transfer, first)
  }

  private func blocks(_ packets: [Packet]) -> [UInt16] {
    packets.compactMap { if case .data(let block, _) = $0 { block } else { nil } }
  }

  @Test func `a window of blocks goes out for each acknowledgment, the last window shorter`() {
    var (transfer, packets) = windowed()
    #expect(blocks(packets) == [1, 2, 3, 4])
    packets = transfer.receive(.acknowledgment(block: 4), now: start)
    #expect(blocks(packets) == [5, 6, 7, 8])
    packets = transfer.receive(.acknowledgment(block: 8), now: start)
    #expect(blocks(packets) == [9, 10, 11])
    #expect(packets.last == .data(block: 11, []))
    #expect(transfer.receive(.acknowledgment(block: 11), now: start) == [])
    #expect(transfer.outcome == .finished(bytes: 80))
  }

  @Test func `an acknowledgment within the window begins the next one behind it`() {
    var (transfer, _) = windowed()
    #expect(blocks(transfer.receive(.acknowledgment(block: 2), now: start)) == [3, 4, 5, 6])
    #expect(transfer.receive(.acknowledgment(block: 7), now: start) == [])
  }

  @Test func `a window whose first block was lost is sent again once for the asking, then when its time is over`() {
    var (transfer, _) = windowed()
    _ = transfer.receive(.acknowledgment(block: 4), now: start)
    #expect(blocks(transfer.receive(.acknowledgment(block: 4), now: start)) == [5, 6, 7, 8])
    #expect(transfer.receive(.acknowledgment(block: 4), now: start) == [])
    #expect(blocks(transfer.tick(now: start.advanced(bySeconds: 1))) == [5, 6, 7, 8])
  }

  @Test func `a file of more than 65536 blocks passes in windows, whatever is lost`() {
    let count = 8 * 65_600 + 3
    let whole = content(count)
    var transfer = Transfer(
      .bytes(whole),
      request: Request(fileName: "f", mode: .octet, options: [Option("blksize", 8), Option("windowsize", 7)]))
    _ = transfer.start(now: start)
    var packets = transfer.receive(.acknowledgment(block: 0), now: start)
    var received: [UInt8] = []
    var last: UInt16 = 0
    var random = UInt32(1)
    while transfer.outcome == nil, received.count <= count {
      for case .data(let block, let bytes) in packets {
        random = random &* 1_664_525 &+ 1_013_904_223
        // One in sixteen is lost, and what comes behind it is of no use.
        guard random >> 28 != 0, block == last &+ 1 else { continue }
        received += bytes
        last = block
      }
      packets = transfer.receive(.acknowledgment(block: last), now: start)
      if packets.isEmpty, let deadline = transfer.deadline { packets = transfer.tick(now: deadline) }
    }
    #expect(transfer.outcome == .finished(bytes: count))
    #expect(received == whole)
  }
}
