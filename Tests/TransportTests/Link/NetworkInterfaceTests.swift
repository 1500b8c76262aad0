import Net
import Testing

@testable import Transport

struct NetworkInterfaceTests {
  @Test func `the loopback is there, up, with its address`() throws {
    let loopback = try NetworkInterface.named("lo")
    #expect(loopback.isLoopback && loopback.isUp)
    #expect(loopback.hardwareAddress == nil || loopback.hardwareAddress == MACAddress(rawValue: 0))
    #expect(loopback.addresses.contains(.init(.loopback, prefixLength: 8)))
    #expect(loopback.mtu >= 1500)
  }

  @Test func `an interface that is not there is an error that names it`() {
    #expect(throws: InterfaceError.noSuchInterface("eth-none")) { _ = try NetworkInterface.named("eth-none") }
  }

  @Test(.enabled(if: VirtualCable.isAvailable, VirtualCable.need))
  func `addresses and the default route are assigned and removed`() throws {
    let cable = try VirtualCable()
    let second = NetworkInterface.Address(IPv4Address(198, 51, 100, 7), prefixLength: 26)
    let seen = try cable.right.run {
      let eth0 = try NetworkInterface.named("eth0")
      try eth0.assign(second)
      try eth0.assign(second)
      let withSecond = try NetworkInterface.named("eth0")
      try eth0.addDefaultRoute(via: IPv4Address(192, 0, 2, 1))
      try eth0.addDefaultRoute(via: IPv4Address(192, 0, 2, 9))
      let socket = try DatagramSocket(port: 0)
      try socket.send([1], to: Endpoint(IPv4Address(203, 0, 113, 1), port: 9))
      try eth0.removeDefaultRoute()
      try eth0.removeDefaultRoute()
      var error: SocketError?
      do throws(SocketError) {
        try socket.send([1], to: Endpoint(IPv4Address(203, 0, 113, 1), port: 9))
      } catch let refusal {
        error = refusal
      }
      try eth0.remove(second)
      try eth0.remove(second)
      return (withSecond, error, try NetworkInterface.named("eth0"))
    }
    #expect(seen.0.addresses.map(\.description) == ["192.0.2.2/24", "198.51.100.7/26"])
    #expect(seen.0.hardwareAddress == MACAddress(rawValue: 0x0200_0000_0002))
    #expect(seen.0.isUp && seen.0.hasCarrier && !seen.0.isLoopback && seen.0.mtu == 1500)
    #expect(seen.1 == .unreachable(Endpoint(IPv4Address(203, 0, 113, 1), port: 9)))
    #expect(seen.2.addresses.map(\.description) == ["192.0.2.2/24"])
  }

  @Test(.enabled(if: VirtualCable.isAvailable, VirtualCable.need))
  func `an interface is ready only when it is up, plugged in and has an address`() throws {
    let cable = try VirtualCable()
    let readiness = try cable.right.run { () throws -> [InterfaceError?] in
      func missing() -> InterfaceError? {
        do throws(InterfaceError) {
          _ = try NetworkInterface.ready("eth0")
          return nil
        } catch {
          return error
        }
      }
      var seen = [missing()]
      let eth0 = try NetworkInterface.named("eth0")
      try eth0.remove(.init(IPv4Address(192, 0, 2, 2), prefixLength: 24))
      seen.append(missing())
      try eth0.takeDown()
      seen.append(missing())
      try eth0.bringUp()
      try eth0.assign(.init(IPv4Address(192, 0, 2, 2), prefixLength: 24))
      _ = try cable.left.run { try NetworkInterface.named("eth0").takeDown() }
      seen.append(missing())
      return seen
    }
    #expect(readiness == [nil, .noAddress("eth0"), .notUp("eth0"), .noCarrier("eth0")])
  }

  @Test(.enabled(if: VirtualCable.isAvailable, VirtualCable.need))
  func `a look at interfaces tells which can be served, without regard to cables, and what the others lack`() throws {
    let cable = try VirtualCable()
    let address = NetworkInterface.Address(IPv4Address(192, 0, 2, 2), prefixLength: 24)
    let looks = try cable.right.run { () throws -> [InterfaceLook] in
      func look() throws -> InterfaceLook { try InterfaceLook(["eth9", "eth0"]) }
      var looks = [try look()]
      let eth0 = try NetworkInterface.named("eth0")
      try cable.left.run { try NetworkInterface.named("eth0").takeDown() }
      looks.append(try look())
      try eth0.remove(address)
      looks.append(try look())
      try eth0.takeDown()
      looks.append(try look())
      try eth0.bringUp()
      try eth0.assign(.init(IPv4Address(192, 0, 2, 7), prefixLength: 24))
      looks.append(try look())
      return looks
    }
    #expect(looks.map { $0.served.map(\.name) } == [["eth0"], ["eth0"], [], [], ["eth0"]])
    let gone = InterfaceError.noSuchInterface("eth9")
    #expect(looks.map(\.awaited) == [[gone], [gone], [gone, .noAddress("eth0")], [gone, .notUp("eth0")], [gone]])
    #expect(looks[0].serves(as: looks[1]))
    // The same interface at another address is to be opened anew.
    #expect(!looks[0].serves(as: looks[4]) && !looks[0].serves(as: looks[2]))
  }
}
