import Foundation
import Testing

/// A network of namespaces that one test has to itself: the appliance's, with a bridge at 192.0.2.1/24, and any number
/// of clients, each at the end of a cable into that bridge. It is taken down when the test ends.
final class Lab: Sendable {
  let name: String
  let folder: URL
  static let port = "br0"

  var appliance: String { "\(name)-a" }

  static func with<Value>(
    clients: Int = 1, _ body: (Lab) async throws -> Value
  ) async throws -> Value {
    let lab = try Lab()
    do {
      try await lab.build(clients: clients)
      let value = try await body(lab)
      try await lab.takeDown(clients: clients)
      return value
    } catch {
      try await lab.takeDown(clients: clients)
      throw error
    }
  }

  private init() throws {
    name = "ut" + String(UInt32.random(in: 0...UInt32.max), radix: 36)
    folder = FileManager.default.temporaryDirectory.appending(path: name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// The namespace of the client with this number, from 0. Its interface is `eth0`.
  func client(_ number: Int = 0) -> String { "\(name)-c\(number)" }

  private func build(clients: Int) async throws {
    var lines = [
      "ip netns add \(appliance)",
      "ip -n \(appliance) link set lo up",
      "ip -n \(appliance) link add \(Self.port) type bridge",
      "ip -n \(appliance) address add 192.0.2.1/24 dev \(Self.port)",
      "ip -n \(appliance) link set \(Self.port) up",
    ]
    for number in 0..<clients {
      let client = client(number)
      lines += [
        "ip netns add \(client)",
        "ip -n \(client) link set lo up",
        "ip -n \(appliance) link add p\(number) type veth peer name eth0 netns \(client)",
        "ip -n \(appliance) link set p\(number) master \(Self.port) up",
        "ip -n \(client) link set eth0 address \(Self.hardware(number))",
        "ip -n \(client) link set eth0 up",
      ]
    }
    let result = try await Program(["sh", "-exc", lines.joined(separator: "\n")]).result()
    try #require(result.status == 0, "the lab could not be built: \(result.errors)")
  }

  /// What a failed test left running in the lab is ended first.
  private func takeDown(clients: Int) async throws {
    let names = [appliance] + (0..<clients).map { client($0) }
    let lines = names.map { "kill -9 $(ip netns pids \($0)) 2>/dev/null; ip netns del \($0)" }
    try await Program(["sh", "-c", lines.joined(separator: "\n")]).result()
    try? FileManager.default.removeItem(at: folder)
  }

  /// The hardware address of a client's interface.
  static func hardware(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    let padded = String(repeating: "0", count: 4 - digits.count) + digits
    return "00:0f:e2:00:\(padded.prefix(2)):\(padded.suffix(2))"
  }

  func write(_ text: String, to file: String) throws -> String {
    let url = folder.appending(path: file)
    try text.write(to: url, atomically: true, encoding: .utf8)
    return url.path
  }
}
