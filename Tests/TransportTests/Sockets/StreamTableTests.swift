import Net
import Testing

@testable import Transport

struct StreamTableTests {
  private let first = IPv4Address(192, 0, 2, 1)
  private let second = IPv4Address(192, 0, 2, 2)

  private var limits: StreamLimits {
    var limits = StreamLimits()
    limits.connections = 3
    limits.connectionsPerPeer = 2
    limits.idle = 100
    return limits
  }

  @Test func `a peer that has its share loses the connection that was silent for longest`() {
    var table = StreamTable<Int>(limits: limits)
    #expect(table.admit(1, peer: first, at: 0) == nil)
    #expect(table.admit(2, peer: second, at: 1) == nil)
    #expect(table.admit(3, peer: second, at: 2) == nil)
    table.noteActivity(2, at: 3)
    #expect(table.admit(4, peer: second, at: 4) == 3)
    #expect(Set(table.ids) == [1, 2, 4])
  }

  @Test func `a full table loses the connection that was silent for longest, whosoever it is`() {
    var table = StreamTable<Int>(limits: limits)
    #expect(table.admit(1, peer: first, at: 0) == nil)
    #expect(table.admit(2, peer: second, at: 1) == nil)
    #expect(table.admit(3, peer: second, at: 2) == nil)
    #expect(table.admit(4, peer: first, at: 3) == 1)
    #expect(table.count == 3)
  }

  @Test func `silence beyond the limit is found`() {
    var table = StreamTable<Int>(limits: limits)
    #expect(table.admit(1, peer: first, at: 0) == nil)
    #expect(table.admit(2, peer: second, at: 0) == nil)
    table.noteActivity(2, at: 50)
    #expect(table.removeIdle(at: 99) == [])
    #expect(table.removeIdle(at: 100) == [1])
    table.remove(2)
    #expect(table.count == 0)
  }
}
