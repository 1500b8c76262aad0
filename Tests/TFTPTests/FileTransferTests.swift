import Net
import Synchronization
import TFTP
import Testing

/// A file that is read as it is sent.
struct FileTransferTests {
  private let start = Timestamp(secondsSince1970: 1000)

  /// Made of its offsets, so that none of it has to be held.
  private final class MadeFile: ContentFile {
    let size: Int
    let byte: @Sendable (Int) -> UInt8
    /// What the next read, and the check at the end, say.
    let failure = Mutex<ContentError?>(nil)
    /// The largest read.
    let largest = Mutex(0)

    init(size: Int, byte: @escaping @Sendable (Int) -> UInt8 = { UInt8(truncatingIfNeeded: $0 &* 7) }) {
      self.size = size
      self.byte = byte
    }

    func read(at offset: Int, count: Int) throws(ContentError) -> [UInt8] {
      if let failure = failure.withLock({ $0 }) { throw failure }
      precondition(offset >= 0 && count > 0 && offset + count <= size, "a read outside of the file")
      largest.withLock { $0 = max($0, count) }
      return (offset..<offset + count).map(byte)
    }

    func confirmUnchanged() throws(ContentError) {
      if let failure = failure.withLock({ $0 }) { throw failure }
    }
  }

  private func request(_ options: [Option], _ mode: Request.Mode = .octet) -> Request {
    Request(fileName: "f", mode: mode, options: options)
  }

  /// All that a transfer sends to a client that loses nothing.
  private func sent(_ transfer: inout Transfer) -> [UInt8] {
    var packets = transfer.start(now: start)
    if !transfer.agreed.isEmpty { packets = transfer.receive(.acknowledgment(block: 0), now: start) }
    var received: [UInt8] = []
    while transfer.outcome == nil, case .data(let last, _)? = packets.last {
      for case .data(_, let bytes) in packets { received += bytes }
      packets = transfer.receive(.acknowledgment(block: last), now: start)
    }
    return received
  }

  @Test(arguments: [(0, 1), (511, 1), (512, 1), (2048, 4), (2049, 4), (100_000, 7)])
  func `a file is read a window at a time, once, and sent whole`(size: Int, windowSize: Int) {
    let file = MadeFile(size: size)
    var transfer = Transfer(
      .file(file), request: request([Option("windowsize", windowSize), Option("tsize", 0)]))
    #expect(transfer.agreed == [Option("tsize", size), Option("windowsize", windowSize)])
    #expect(sent(&transfer) == (0..<size).map(file.byte))
    #expect(transfer.outcome == .finished(bytes: size))
    #expect(file.largest.withLock { $0 } <= 512 * windowSize)
  }

  @Test(arguments: [1, 5])
  func `netascii of a file is what it is of bytes, and its size is not told`(windowSize: Int) {
    let bytes = (0..<5000).map { [0x61, 0x0A, 0x0D, 0x0D, 0x0A, 0x62, 0x0D][($0 * $0 + $0 / 3) % 7] as UInt8 }
    let file = MadeFile(size: bytes.count) { bytes[$0] }
    var transfer = Transfer(
      .file(file),
      request: request([Option("blksize", 64), Option("tsize", 0), Option("windowsize", windowSize)], .netascii))
    #expect(transfer.agreed == [Option("blksize", 64), Option("windowsize", windowSize)])
    #expect(transfer.size == nil)
    let encoded = Netascii.encode(bytes)
    #expect(sent(&transfer) == encoded)
    #expect(transfer.outcome == .finished(bytes: encoded.count))
  }

  @Test func `a file of 5 GB is asked for where it goes on, and its blocks wrap`() {
    let file = MadeFile(size: 5 << 30)
    var transfer = Transfer(
      .file(file), request: request([Option("blksize", 8), Option("windowsize", 32)]))
    _ = transfer.start(now: start)
    var packets = transfer.receive(.acknowledgment(block: 0), now: start)
    var block = 0
    while block < 70_000, case .data(let number, let bytes)? = packets.last {
      block += packets.count
      guard number == UInt16(truncatingIfNeeded: block), bytes == ((block - 1) * 8..<block * 8).map(file.byte)
      else { break }
      packets = transfer.receive(.acknowledgment(block: number), now: start)
    }
    #expect(block >= 70_000)
  }

  @Test(arguments: [ContentError.changed, .unreadable("I/O error")])
  func `a file that fails on the way ends the transfer with an ERROR that says so`(failure: ContentError) {
    let file = MadeFile(size: 2000)
    var transfer = Transfer(.file(file), request: request([]))
    _ = transfer.start(now: start)
    file.failure.withLock { $0 = failure }
    #expect(
      transfer.receive(.acknowledgment(block: 1), now: start) == [.error(.notDefined, message: failure.description)])
    #expect(transfer.outcome == .failed(.content(failure)))
    #expect(transfer.deadline == nil)
  }

  @Test func `a file that changed is never sent to its end`() {
    let file = MadeFile(size: 600)
    var transfer = Transfer(.file(file), request: request([]))
    _ = transfer.start(now: start)
    _ = transfer.tick(now: start.advanced(bySeconds: 1))
    file.failure.withLock { $0 = .changed }
    #expect(
      transfer.receive(.acknowledgment(block: 1), now: start)
        == [.error(.notDefined, message: "the file changed while it was sent")])
  }

  @Test func `a transfer is unanswered until the first acknowledgment`() {
    for options in [[], [Option("blksize", 8)]] {
      var transfer = Transfer(.bytes(Array(repeating: 1, count: 2000)), request: request(options))
      _ = transfer.start(now: start)
      _ = transfer.tick(now: start.advanced(bySeconds: 1))
      #expect(transfer.isUnanswered)
      _ = transfer.receive(.acknowledgment(block: options.isEmpty ? 1 : 0), now: start)
      #expect(!transfer.isUnanswered)
    }
  }
}
