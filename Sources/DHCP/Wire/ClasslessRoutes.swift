package import Net

/// Option 121, classless static routes (RFC 3442). A client that takes it takes no notice of option 3.
package struct ClasslessRoutes: Hashable, Sendable {
  package struct Route: Hashable, Sendable {
    package let destination: Subnet
    package let router: IPv4Address

    package init(to destination: Subnet, by router: IPv4Address) {
      self.destination = destination
      self.router = router
    }
  }

  package let routes: [Route]

  package init(_ routes: [Route]) {
    self.routes = routes
  }
}

extension ClasslessRoutes: OptionValue {
  package init?(option bytes: ArraySlice<UInt8>) {
    var routes: [Route] = []
    var rest = bytes
    while let width = rest.popFirst() {
      let significant = (Int(width) + 7) / 8
      guard width <= 32, rest.count >= significant + 4 else { return nil }
      let padded = rest.prefix(significant) + repeatElement(0, count: 4 - significant)
      rest = rest.dropFirst(significant)
      guard let destination = IPv4Address(option: padded), let router = IPv4Address(option: rest.prefix(4)) else {
        return nil
      }
      rest = rest.dropFirst(4)
      routes.append(Route(to: Subnet(containing: destination, prefixLength: Int(width)), by: router))
    }
    guard !routes.isEmpty else { return nil }
    self.routes = routes
  }

  package func write(into bytes: inout [UInt8]) {
    for route in routes {
      let width = route.destination.prefixLength
      bytes.append(UInt8(width))
      bytes.append(contentsOf: route.destination.address.octets.prefix((width + 7) / 8))
      route.router.write(into: &bytes)
    }
  }
}
