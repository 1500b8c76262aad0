import Net

/// Which client was seen to take which address from another DHCP server, of clients that are no routers on record: the
/// latest of them, until one of them informs.
struct ElsewhereLeases: Sendable {
  static let limit = 4096

  private var holders: [IPv4Address: MACAddress] = [:]
  private var order: [IPv4Address] = []
  /// Places in `order` before this one are gone.
  private var head = 0

  mutating func note(_ address: IPv4Address, of hardware: MACAddress) {
    if holders.updateValue(hardware, forKey: address) == nil { order.append(address) }
    while order.count - head > Self.limit {
      holders[order[head]] = nil
      head += 1
    }
    guard head > Self.limit else { return }
    order.removeFirst(head)
    head = 0
  }

  /// Nothing is known any more of who has the address; costs nothing where nothing ever was.
  mutating func forget(_ address: IPv4Address) {
    if !holders.isEmpty { holders[address] = nil }
  }

  func knows(_ address: IPv4Address?) -> Bool {
    if holders.isEmpty { false } else { address.map { holders[$0] != nil } ?? false }
  }

  /// Whose address it is, which is forgotten with the answer.
  mutating func take(_ address: IPv4Address) -> MACAddress? {
    holders.isEmpty ? nil : holders.removeValue(forKey: address)
  }
}
