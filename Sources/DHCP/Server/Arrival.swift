package import Net

/// How a message came.
package struct Arrival: Hashable, Sendable {
  /// The addresses of the interface it came in by, the primary one first. What the server calls itself in its answer.
  package var interfaceAddresses: [IPv4Address]
  /// As in the IP header: unspecified for a client that has no address yet.
  package var source: IPv4Address
  package var destination: IPv4Address

  package init(interfaceAddresses: [IPv4Address], source: IPv4Address, destination: IPv4Address) {
    self.interfaceAddresses = interfaceAddresses
    self.source = source
    self.destination = destination
  }

  /// Whether the client knew whom it was writing to; a message through a relay says so, or not, in option 82.
  package var isUnicast: Bool { interfaceAddresses.contains(destination) }
}
