import Testing

@testable import Transport

/// How the connections and the room of a server are shared.
struct HTTPGaugeTests {
  private let gauge: HTTPGauge

  init() {
    var limits = HTTPLimits()
    limits.connections = 1600
    limits.connectionsOfPeer = 400
    gauge = HTTPGauge(limits)
  }

  /// Opens as many connections as each of the peers is let.
  private func fill(_ peers: [String]) -> [Int] {
    var counts = [Int](repeating: 0, count: peers.count)
    var isOpen = true
    while isOpen {
      isOpen = false
      for (number, peer) in peers.enumerated() where gauge.open(peer) != nil {
        counts[number] += 1
        isOpen = true
      }
    }
    return counts
  }

  @Test func `a peer has its part of the connections`() {
    #expect(fill(["a"]) == [400])
    #expect(gauge.counts.refusedConnections == 1)
  }

  @Test(arguments: [4, 16, 100])
  func `no few peers fill the server, and one more is let in`(count: Int) {
    let counts = fill((0..<count).map { "\($0)" })
    #expect(counts.allSatisfy { $0 > 1 })
    #expect(gauge.counts.openConnections < 1600)
    #expect(gauge.open("a router") != nil)
  }

  @Test func `as many peers as there are connections have one each`() {
    for number in 0..<1600 { #expect(gauge.open("\(number)") != nil) }
    #expect(gauge.open("one more") == nil)
    gauge.close("7")
    #expect(gauge.open("one more") != nil)
  }

  @Test func `without a limit for one, a peer has all connections`() {
    var limits = HTTPLimits()
    (limits.connections, limits.connectionsOfPeer) = (10, 10)
    let gauge = HTTPGauge(limits)
    for _ in 0..<10 { #expect(gauge.open("a") != nil) }
    #expect(gauge.open("a") == nil)
  }
}
