import DHCP
package import Net
import Synchronization

/// The clients that were left to another DHCP server, since they are nobody whom this one knows: the latest 256.
package final class LeftAlone: Sendable {
  package struct Client: Hashable, Sendable {
    package let hardware: MACAddress
    /// What it last said of itself.
    package var vendorClass: String?
    package var hostname: String?
    package var messages: Int
    package var lastSeen: Timestamp
  }

  package static let limit = 256

  private let clients = Mutex<[MACAddress: Client]>([:])

  package init() {}

  /// True where the client is not among those that are listed.
  func note(_ message: Message, _ hardware: MACAddress, at now: Timestamp) -> Bool {
    clients.withLock { clients in
      let known = clients[hardware]
      clients[hardware] = Client(
        hardware: hardware, vendorClass: message.printableVendorClass ?? known?.vendorClass,
        hostname: message.label ?? known?.hostname, messages: (known?.messages ?? 0) + 1, lastSeen: now)
      if clients.count > Self.limit, let oldest = clients.values.min(by: { $0.lastSeen < $1.lastSeen }) {
        clients[oldest.hardware] = nil
      }
      return known == nil
    }
  }

  func forget() {
    clients.withLock { $0 = [:] }
  }

  /// The latest first.
  package var all: [Client] {
    clients.withLock { Array($0.values) }.sorted { $0.lastSeen > $1.lastSeen }
  }
}
