import Foundation
import Testing

@testable import Transport

struct ServiceManagerTests {
  @Test(arguments: [false, true])
  func `its words arrive at a socket of a path and at an abstract one`(isAbstract: Bool) throws {
    let listener = try Listener(isAbstract: isAbstract)
    let manager = ServiceManager(variable: { ["NOTIFY_SOCKET": listener.name][$0] }, processID: 1)
    #expect(manager.ready(status: "serving\neth0") == .sent)
    #expect(listener.receive() == "READY=1\nSTATUS=serving eth0")
    manager.reloading()
    let reloading = listener.receive().split(separator: "\n")
    #expect(reloading.first == "RELOADING=1")
    #expect(reloading.last?.wholeMatch(of: /MONOTONIC_USEC=\d+/) != nil)
    manager.status("50 leases")
    #expect(listener.receive() == "STATUS=50 leases")
    manager.watchdog()
    #expect(listener.receive() == "WATCHDOG=1")
    manager.stopping()
    #expect(listener.receive() == "STOPPING=1")
  }

  @Test func `without a service manager nothing happens`() {
    let manager = ServiceManager(variable: { _ in nil }, processID: 1)
    #expect(manager.ready() == .noServiceManager)
    #expect(manager.watchdogInterval == nil)
  }

  @Test func `a service manager that is gone is an error, not an end`() {
    let manager = ServiceManager(variable: { ["NOTIFY_SOCKET": "@link-none"][$0] }, processID: 1)
    #expect(manager.ready() == .failed(SystemError("telling the service manager at @link-none", code: ECONNREFUSED)))
    let long = ServiceManager(
      variable: { ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 108)][$0] }, processID: 1)
    #expect(long.ready() != .sent)
  }

  @Test(
    arguments: [
      (["WATCHDOG_USEC": "30000000"], 15_000), (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"], 15_000),
      (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"], nil), (["WATCHDOG_USEC": "0"], nil),
      (["WATCHDOG_USEC": "-4000"], nil), (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
    ] as [([String: String], Int64?)])
  func `the watchdog is fed twice as often as it asks, by the process that it means`(
    environment: [String: String], interval: Int64?
  ) {
    #expect(ServiceManager(variable: { environment[$0] }, processID: 7).watchdogInterval == interval)
  }
}

/// Stands for the service manager.
private final class Listener {
  let name: String
  private let descriptor: CInt

  init(isAbstract: Bool) throws {
    let unique = "link-\(getpid())-\(Randomness.token(characters: 8))"
    name = isAbstract ? "@" + unique : "/tmp/" + unique
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array(name.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: isAbstract ? [0] + path.dropFirst() : path) }
    let size = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    guard result == 0 else { throw SystemError("binding", code: errno) }
    var limit = timeval(tv_sec: 2, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit {
    close(descriptor)
    if name.hasPrefix("/") { unlink(name) }
  }

  func receive() -> String {
    var bytes = [UInt8](repeating: 0, count: 1000)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
