import Glibc
import Testing

@testable import Transport

struct NetworkNamespaceTests {
  @Test(.enabled(if: VirtualCable.isAvailable, VirtualCable.need))
  func `what is opened inside stays inside, and the caller stays outside`() throws {
    let cable = try VirtualCable()
    let before = try NetworkInterface.all().map(\.name)
    #expect(Set(try cable.left.run { try NetworkInterface.all().map(\.name) }).isSuperset(of: ["lo", "eth0"]))
    #expect(try NetworkInterface.all().map(\.name) == before)
  }

  @Test func `a namespace that is not there is an error that names it`() {
    let namespace = NetworkNamespace(named: "link-none")
    #expect(throws: SystemError("entering the network namespace /run/netns/link-none", code: ENOENT)) {
      try namespace.run { 1 }
    }
  }

  @Test(.enabled(if: VirtualCable.isAvailable, VirtualCable.need))
  func `what the body throws reaches the caller`() throws {
    let cable = try VirtualCable()
    #expect(throws: InterfaceError.noSuchInterface("eth9")) {
      _ = try cable.left.run { try NetworkInterface.named("eth9") }
    }
  }
}
