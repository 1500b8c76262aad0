package import Net

/// What the operator allows at the DNS server.
package struct DNSPolicy: Hashable, Sendable {
  /// Answers of one kind to one /24, each second, from each worker; 0 for no limit.
  package var rate: Int
  /// Each so many-th answer beyond it is cut instead of dropped; none where 0.
  package var slip: Int
  /// Who may have whole zones.
  package var transferTo: [IPv4Address]
  /// Whose questions for names outside our zones are forwarded; those of others are refused.
  package var forwardFor: [Subnet]

  package init(rate: Int = 0, slip: Int = 2, transferTo: [IPv4Address] = [], forwardFor: [Subnet] = []) {
    self.rate = rate
    self.slip = slip
    self.transferTo = transferTo
    self.forwardFor = forwardFor
  }

  func forwards(for client: IPv4Address) -> Bool {
    forwardFor.contains { $0.contains(client) }
  }
}
