extension NetworkInterface {
  /// The interface, if a server can serve on it: up, with a carrier and an address.
  package static func ready(_ name: String) throws(InterfaceError) -> NetworkInterface {
    let interface = try named(name)
    guard interface.isUp else { throw .notUp(name) }
    guard interface.hasCarrier else { throw .noCarrier(name) }
    guard !interface.addresses.isEmpty else { throw .noAddress(name) }
    return interface
  }
}

/// Which of a few interfaces can be served at one moment, and what the others lack.
package struct InterfaceLook: Hashable, Sendable {
  /// Up, and with an address. An interface without a carrier is among them: its cable may be plugged in any time.
  package var served: [NetworkInterface] = []
  package var awaited: [InterfaceError] = []

  /// In the order of `names`. In the calling thread's network namespace.
  package init(_ names: [String]) throws(SystemError) {
    let all = try NetworkInterface.all()
    for name in names {
      guard let interface = all.first(where: { $0.name == name }) else {
        awaited.append(.noSuchInterface(name))
        continue
      }
      if !interface.isUp {
        awaited.append(.notUp(name))
      } else if interface.addresses.isEmpty {
        awaited.append(.noAddress(name))
      } else {
        served.append(interface)
      }
    }
  }

  /// Whether the same can be served in the same way: a cable that comes or goes makes no difference.
  package func serves(as other: InterfaceLook) -> Bool {
    served.count == other.served.count && zip(served, other.served).allSatisfy { $0.isServed(as: $1) }
  }
}

extension NetworkInterface {
  /// Whether sockets that were opened for the other are right for this one.
  package func isServed(as other: NetworkInterface) -> Bool {
    index == other.index && name == other.name && hardwareAddress == other.hardwareAddress
      && addresses == other.addresses
  }
}
