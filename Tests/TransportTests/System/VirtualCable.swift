import Foundation
import Synchronization
import Testing

@testable import Transport

/// Two network namespaces with an `eth0` each and a virtual cable between them, for one test. Gone with it.
final class VirtualCable: Sendable {
  static let isAvailable = geteuid() == 0 && (try? VirtualCable()) != nil
  static let need: Comment = "needs root and the `ip` program, to make network namespaces"
  private static let made = Mutex(0)

  let left: NetworkNamespace
  let right: NetworkNamespace
  private let names: [String]

  /// The left end is 192.0.2.1/24 and has the hardware address 02:00:00:00:00:01, the right one 192.0.2.2 and …:02.
  init() throws {
    let number = Self.made.withLock { made in
      made += 1
      return made
    }
    names = ["left", "right"].map { "link-\(getpid())-\(number)-\($0)" }
    left = NetworkNamespace(named: names[0])
    right = NetworkNamespace(named: names[1])
    try Self.ip("netns add \(names[0])")
    try Self.ip("netns add \(names[1])")
    try Self.ip("-n \(names[0]) link add eth0 type veth peer name eth0 netns \(names[1])")
    for (position, name) in names.enumerated() {
      try Self.ip("-n \(name) link set eth0 address 02:00:00:00:00:0\(position + 1)")
      try Self.ip("-n \(name) address add 192.0.2.\(position + 1)/24 dev eth0")
      try Self.ip("-n \(name) link set eth0 up")
      try Self.ip("-n \(name) link set lo up")
    }
  }

  deinit {
    for name in names { try? Self.ip("netns del \(name)") }
  }

  func ipRight(_ command: String) throws {
    try Self.ip("-n \(names[1]) \(command)")
  }

  private static func ip(_ command: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["ip"] + command.split(separator: " ").map(String.init)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw SystemError("ip \(command)", code: process.terminationStatus) }
  }
}
