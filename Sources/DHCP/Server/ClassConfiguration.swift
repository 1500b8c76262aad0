package import Net

/// What clients of one kind get in a subnet.
package struct ClassConfiguration: Sendable {
  /// All must hold.
  package let matches: [ClientMatch]
  /// Addresses for these clients, who get no others, and for nobody else; none where they share those of the subnet.
  package let pools: [AddressRange]
  /// What they are told, in place of what others of the subnet are.
  package let configuration: SubnetConfiguration

  /// The class's clients are told what `subnet` says, after `change`.
  package init(
    matching matches: [ClientMatch], pools: [AddressRange] = [], in subnet: SubnetConfiguration,
    change: (inout SubnetConfiguration) -> Void
  ) {
    self.matches = matches
    self.pools = pools
    var configuration = subnet
    configuration.classes = []
    if !pools.isEmpty { configuration.pools = pools }
    change(&configuration)
    self.configuration = configuration
  }
}
