import CLinux
import Glibc
package import Net

/// A received datagram, and what is known of its way. Borrowed from a batch.
package struct ReceivedDatagram: ~Escapable {
  package let bytes: RawSpan
  package let source: Endpoint
  /// The address it was sent to: one of ours, or a broadcast. 0.0.0.0 where the socket is dedicated.
  package let destination: IPv4Address
  /// The interface it came in on.
  package let interfaceIndex: UInt32

  @_lifetime(copy bytes)
  fileprivate init(bytes: RawSpan, _ place: linux_datagram) {
    self.bytes = bytes
    source = Endpoint(IPv4Address(rawValue: place.peer), port: place.peer_port)
    destination = IPv4Address(rawValue: place.destination)
    interfaceIndex = place.interface_index
  }
}

/// Room for datagrams that are received together and for their replies, allocated once and used again. For one thread.
package struct DatagramBatch: ~Copyable {
  package let capacity: Int
  package let inputSize: Int
  package let outputSize: Int
  /// The datagrams of the last `receive`.
  package private(set) var count = 0
  /// Datagrams that were longer than `inputSize`, since the batch was made. They are not delivered.
  package private(set) var truncated = 0

  let handle: OpaquePointer
  private let places: UnsafeMutablePointer<linux_datagram>

  /// `capacity` datagrams, from 1 to 1024, with `inputSize` bytes for each and `outputSize` for its reply.
  package init(capacity: Int = 64, inputSize: Int = 4096, outputSize: Int = 4096) throws(SocketError) {
    precondition((1...1024).contains(capacity), "a batch holds from 1 to 1024 datagrams")
    precondition((1...65_536).contains(inputSize) && (1...65_536).contains(outputSize), "a datagram has at most 64 KiB")
    guard let handle = linux_batch_create(UInt32(capacity), UInt32(inputSize), UInt32(outputSize)),
      let places = linux_batch_datagrams(handle)
    else { throw .system(SystemError("making room for datagrams", code: ENOMEM)) }
    self.capacity = capacity
    self.inputSize = inputSize
    self.outputSize = outputSize
    self.handle = handle
    self.places = places
  }

  deinit {
    linux_batch_destroy(handle)
  }

  /// Hands over each datagram of the last `receive`, in order.
  package func forEach(_ body: (borrowing ReceivedDatagram) -> Void) {
    for position in 0..<count where !places[position].truncated {
      let place = places[position]
      let bytes = RawSpan(_unsafeStart: place.input, byteCount: Int(place.input_count))
      body(ReceivedDatagram(bytes: bytes, place))
    }
  }

  /// Hands over each datagram with room for its reply; the body writes the reply there and returns its number of bytes,
  /// 0 for none. A number beyond the room is taken as none. `DatagramSocket.sendReplies` then sends them, each from the
  /// address that its query was sent to.
  package mutating func answerEach(_ body: (borrowing ReceivedDatagram, inout MutableRawSpan) -> Int) {
    answerEach { datagram, room, _ in body(datagram, &room) }
  }

  /// As above; the body also says of a reply that it may be lost where many are sent to nobody.
  package mutating func answerEach(
    _ body: (borrowing ReceivedDatagram, inout MutableRawSpan, _ mayBeLost: inout Bool) -> Int
  ) {
    for position in 0..<count where !places[position].truncated {
      let place = places[position]
      let bytes = RawSpan(_unsafeStart: place.input, byteCount: Int(place.input_count))
      var room = MutableRawSpan(_unsafeStart: place.output, byteCount: outputSize)
      var mayBeLost = false
      let written = body(ReceivedDatagram(bytes: bytes, place), &room, &mayBeLost)
      places[position].may_be_lost = mayBeLost
      places[position].output_count = (0...outputSize).contains(written) ? UInt32(written) : 0
    }
  }

  mutating func noteReceived(_ count: Int) {
    self.count = count
    for position in 0..<count where places[position].truncated { truncated += 1 }
  }
}

extension MutableRawSpan {
  /// Copies the bytes to the beginning; the number of them, or 0 where they do not fit.
  package mutating func store(_ bytes: [UInt8]) -> Int {
    guard bytes.count <= byteCount else { return 0 }
    withUnsafeMutableBytes { room in bytes.withUnsafeBytes { room.copyMemory(from: $0) } }
    return bytes.count
  }
}
