import Net
import TFTP

/// Any bytes are a TFTP packet or are refused; what is read is written and read again as the same. Packets, each behind a
/// byte of its length, drive one transfer of a small file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  _ = packet(bytes)
  var rest = bytes[...]
  var transfer: Transfer?
  var now = Timestamp(secondsSince1970: 1_800_000_000)
  while let length = rest.popFirst() {
    let piece = Array(rest.prefix(Int(length)))
    rest = rest.dropFirst(piece.count)
    guard let packet = packet(piece) else { continue }
    if transfer == nil {
      guard case .accepted(var accepted, let name) = Admission(packet, content: { _ in .bytes(content) }) else {
        continue
      }
      let parts = name.path.split(separator: "/", omittingEmptySubsequences: false)
      precondition(parts.allSatisfy { !["", ".", ".."].contains($0) }, "a name that leads elsewhere")
      expectRight(accepted.start(now: now), accepted)
      transfer = accepted
    } else if var running = transfer {
      expectRight(running.receive(packet, now: now), running)
      if length & 1 == 1, let deadline = running.deadline {
        now = deadline
        expectRight(running.tick(now: now), running)
      }
      if case .finished(let sent)? = running.outcome { precondition(sent == running.size, "the end came too early") }
      transfer = running
    }
  }
  return 0
}

private let content = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

private func packet(_ bytes: [UInt8]) -> Packet? {
  guard let packet = try? Packet(decoding: bytes.span.bytes) else { return nil }
  let written = packet.encode()
  // A name that was not UTF-8 is longer now than it came.
  if written.count > Request.maximumLength { return packet }
  guard let again = try? Packet(decoding: written.span.bytes) else {
    preconditionFailure("what was written is not read")
  }
  precondition(again == packet && again.encode() == written, "what was read again differs")
  return packet
}

private func expectRight(_ packets: [Packet], _ transfer: Transfer) {
  precondition(packets.count <= Transfer.maximumWindowSize, "more packets than a window")
  for case .data(_, let bytes) in packets {
    precondition(bytes.count <= transfer.blockSize, "more than a block")
  }
}
