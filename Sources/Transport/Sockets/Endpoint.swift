package import Net

/// An address and a port of UDP or TCP.
package struct Endpoint: Hashable, Sendable {
  package var address: IPv4Address
  package var port: UInt16

  package init(_ address: IPv4Address, port: UInt16) {
    self.address = address
    self.port = port
  }
}

extension Endpoint: CustomStringConvertible {
  package var description: String { "\(address):\(port)" }
}
