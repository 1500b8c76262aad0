package import Net

/// Something that happened to one router at one moment.
package struct Event: Hashable, Sendable {
  package let router: RouterID
  package let moment: Timestamp
  package let fact: Fact

  package init(router: RouterID, moment: Timestamp, fact: Fact) {
    self.router = router
    self.moment = moment
    self.fact = fact
  }
}
