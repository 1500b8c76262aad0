import CLinux
package import Net

/// Datagrams that are to be sent together.
package struct OutgoingDatagrams: Sendable {
  /// One after the other.
  private(set) var bytes: [UInt8] = []
  private(set) var places: [linux_outgoing] = []

  package var isEmpty: Bool { places.isEmpty }

  package init() {}

  /// `source` is the kernel's choice where nil.
  package mutating func append(_ datagram: [UInt8], to peer: Endpoint, from source: IPv4Address? = nil) {
    bytes += datagram
    places.append(
      linux_outgoing(
        count: UInt32(datagram.count), peer: peer.address.rawValue, local: source?.rawValue ?? 0, port: peer.port))
  }

  /// Keeps the room for the next ones.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
  }
}
