import Foundation
import Net
import Synchronization
import Testing
import Transport

/// Watches the CWMP messages of one lab pass on the appliance's bridge, and says so as they pass.
final class WireTap: Sendable {
  enum Message: Hashable, Sendable {
    /// A POST begins.
    case post
    /// A GET of a configuration file begins.
    case fetch
    /// The answer to a POST begins.
    case answer
  }

  /// What has been on the wire so far.
  struct Record: Sendable {
    var messages: [Message] = []
    /// Download requests of the ACS.
    var downloads = 0
    /// How many steps there were when the first of them passed.
    var downloadStep: Int?
    /// DownloadResponses of the router.
    var responses = 0
    /// Whether the ACS has answered a DownloadResponse: it has it on record then.
    var isConfirmed = false
    /// Whether the last request was a fetch: its answer is not one to a POST.
    fileprivate var isFetching = false

    /// POSTs and their answers.
    var steps: Int { messages.count { $0 != .fetch } }
    var fetches: Int { messages.count { $0 == .fetch } }
  }

  private let state = Mutex(Record())
  private let isOpen = Mutex(true)

  var record: Record { state.withLock { $0 } }

  /// `observe` is called on the tap's thread for each message, with the record that includes it.
  init(in lab: Lab, observe: @escaping @Sendable (Record) -> Void = { _ in }) throws {
    let descriptor = try NetworkNamespace(named: lab.appliance).run { try Self.open(Lab.port) }
    Thread.detachNewThread { [weak self] in
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while let tap = self, tap.isOpen.withLock({ $0 }) {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, 50) > 0 else { continue }
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0, let payload = Self.payload(of: buffer[..<count]) else { continue }
        if let record = tap.note(payload.bytes, fromACS: payload.fromACS) { observe(record) }
      }
      Glibc.close(descriptor)
    }
  }

  func close() {
    isOpen.withLock { $0 = false }
  }

  /// The record where a message begins in these bytes.
  private func note(_ bytes: ArraySlice<UInt8>, fromACS: Bool) -> Record? {
    let text = String(decoding: bytes, as: UTF8.self)
    return state.withLock { record in
      let before = record.messages.count
      if fromACS {
        if text.hasPrefix("HTTP/1."), !record.isFetching {
          record.messages.append(.answer)
          if record.responses > 0 { record.isConfirmed = true }
        }
        if text.contains("<cwmp:Download>") {
          record.downloads += 1
          record.downloadStep = record.downloadStep ?? record.steps
        }
      } else {
        if text.hasPrefix("GET ") {
          record.isFetching = true
          record.messages.append(.fetch)
        } else if text.hasPrefix("POST ") {
          record.isFetching = false
          record.messages.append(.post)
        }
        if text.contains(":DownloadResponse>") { record.responses += 1 }
      }
      return record.messages.count > before ? record : nil
    }
  }

  /// What a TCP segment from or to the ACS carries.
  private static func payload(of frame: ArraySlice<UInt8>) -> (bytes: ArraySlice<UInt8>, fromACS: Bool)? {
    guard frame.count > 54, frame[12] == 8, frame[13] == 0, frame[23] == 6 else { return nil }
    let tcp = 14 + Int(frame[14] & 0x0F) * 4
    guard frame.count > tcp + 20 else { return nil }
    let start = tcp + Int(frame[tcp + 12] >> 4) * 4
    let end = min(frame.count, 14 + Int(frame[16]) << 8 + Int(frame[17]))
    let fromACS = Int(frame[tcp]) << 8 + Int(frame[tcp + 1]) == 7547
    let toACS = Int(frame[tcp + 2]) << 8 + Int(frame[tcp + 3]) == 7547
    guard fromACS || toACS, start < end else { return nil }
    return (frame[start..<end], fromACS)
  }

  /// A packet socket: unlike the daemon's own link, it sees both directions.
  private static func open(_ interface: String) throws -> CInt {
    let descriptor = socket(AF_PACKET, CInt(SOCK_RAW.rawValue), CInt(UInt16(0x0003).bigEndian))
    try #require(descriptor >= 0, "a packet socket needs root")
    // A sockaddr_ll (packet(7)): family, protocol, interface index, and what only senders fill in.
    var writer = ByteWriter(reserving: 20)
    writer.write(UInt16(AF_PACKET).byteSwapped)
    writer.write(UInt16(0x0003))
    writer.write(if_nametoindex(interface).byteSwapped)
    writer.write([UInt8](repeating: 0, count: 12))
    let result = writer.bytes.withUnsafeBytes { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { bind(descriptor, $0.baseAddress, 20) }
    }
    try #require(result == 0, "the packet socket could not be bound to \(interface)")
    return descriptor
  }
}
