import CLibPcap
import CLinux
import Glibc

/// Ethernet frames on one interface, through libpcap. For one thread.
package final class PacketLink {
  package struct Options: Hashable, Sendable {
    /// Bytes of a frame that are kept. Longer frames are counted and not delivered.
    package var snapshotLength = 2048
    /// Bytes of frames that the kernel keeps while nobody reads.
    package var bufferSize = 4 << 20

    package init() {}
  }

  package struct Statistics: Hashable, Sendable {
    /// Frames that passed the filter.
    package var received = 0
    /// Frames lost because the buffer was full.
    package var dropped = 0
    /// Frames longer than the snapshot.
    package var truncated = 0
  }

  package let interface: String
  /// Readable while frames wait.
  package let fileDescriptor: CInt
  private let handle: OpaquePointer
  private var truncated = 0

  /// Opens the interface for the frames that come in and match `filter`, in the language of pcap-filter(7).
  package init(interface: String, filter: String, options: Options = Options()) throws(LinkError) {
    let handle = try Self.activate(interface, options)
    do throws(LinkError) {
      try Self.prepare(handle, interface, filter)
    } catch {
      pcap_close(handle)
      throw error
    }
    self.interface = interface
    self.handle = handle
    fileDescriptor = pcap_get_selectable_fd(handle)
  }

  deinit {
    pcap_close(handle)
  }

  /// Hands over the frames that wait, at most `maximum`, each from its first byte (the destination address); does not
  /// block. Returns how many there were. The bytes are valid within `body` only. To be called when the descriptor is
  /// readable, which it also becomes when the interface goes down: then `.wentDown` is thrown, and the link goes on by
  /// itself when the interface is up again, unless it was removed.
  package func receive(maximum: Int = 64, _ body: (RawSpan) -> Void) throws(LinkError) -> Int {
    let result = withoutActuallyEscaping(body) { body -> Int32 in
      var delivery = Delivery(body: body)
      let result = withUnsafeMutablePointer(to: &delivery) { delivery in
        pcap_dispatch(
          handle, Int32(clamping: max(1, maximum)),
          { context, header, bytes in
            guard let context, let header, let bytes else { return }
            context.withMemoryRebound(to: Delivery.self, capacity: 1) { delivery in
              guard header.pointee.caplen == header.pointee.len else {
                delivery.pointee.truncated += 1
                return
              }
              delivery.pointee.body(RawSpan(_unsafeStart: bytes, byteCount: Int(header.pointee.caplen)))
            }
          }, UnsafeMutableRawPointer(delivery).assumingMemoryBound(to: UInt8.self))
      }
      truncated += delivery.truncated
      return result
    }
    if result > 0 { return Int(result) }
    // libpcap wakes us when the interface goes down, and does not always say so.
    guard linux_interface_is_up(fileDescriptor, interface) == 1 else { throw .wentDown(interface) }
    guard result == 0 else { throw .failed(interface, reason: Self.reason(handle)) }
    return 0
  }

  /// Sends one whole frame, beginning with its Ethernet header.
  package func send(_ frame: [UInt8]) throws(LinkError) {
    while pcap_inject(handle, frame, frame.count) < 0 {
      switch errno {
      case EINTR: continue
      case ENETDOWN, ENXIO, ENODEV: throw .wentDown(interface)
      case EMSGSIZE: throw .frameTooLong(interface, bytes: frame.count)
      case EAGAIN, ENOBUFS: throw .busy(interface)
      default: throw .failed(interface, reason: Self.reason(handle))
      }
    }
  }

  /// Since the link was opened.
  package var statistics: Statistics {
    var counts = pcap_stat()
    guard pcap_stats(handle, &counts) == 0 else { return Statistics(truncated: truncated) }
    return Statistics(received: Int(counts.ps_recv), dropped: Int(counts.ps_drop), truncated: truncated)
  }

  private struct Delivery {
    let body: (RawSpan) -> Void
    var truncated = 0
  }
}

extension PacketLink {
  private static func activate(_ interface: String, _ options: Options) throws(LinkError) -> OpaquePointer {
    var buffer = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = pcap_create(interface, &buffer) else {
      throw .failed(interface, reason: text(buffer))
    }
    pcap_set_snaplen(handle, Int32(clamping: options.snapshotLength))
    pcap_set_buffer_size(handle, Int32(clamping: options.bufferSize))
    pcap_set_immediate_mode(handle, 1)
    let status = pcap_activate(handle)
    guard status < 0 else { return handle }
    defer { pcap_close(handle) }
    switch status {
    case PCAP_ERROR_NO_SUCH_DEVICE: throw .noSuchInterface(interface)
    case PCAP_ERROR_PERM_DENIED: throw .notPermitted(interface)
    case PCAP_ERROR_IFACE_NOT_UP: throw .notUp(interface)
    default: throw .failed(interface, reason: reason(handle))
    }
  }

  private static func prepare(_ handle: OpaquePointer, _ interface: String, _ filter: String) throws(LinkError) {
    let type = pcap_datalink(handle)
    guard type == DLT_EN10MB else { throw .notEthernet(interface, type: type) }
    var program = bpf_program()
    guard pcap_compile(handle, &program, filter, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
      throw .badFilter(filter, reason: reason(handle))
    }
    defer { pcap_freecode(&program) }
    var buffer = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard pcap_setfilter(handle, &program) == 0, pcap_setdirection(handle, PCAP_D_IN) == 0 else {
      throw .failed(interface, reason: reason(handle))
    }
    guard pcap_setnonblock(handle, 1, &buffer) == 0 else { throw .failed(interface, reason: text(buffer)) }
  }

  private static func reason(_ handle: OpaquePointer) -> String {
    pcap_geterr(handle).map { String(cString: $0) } ?? "unknown error"
  }

  private static func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
