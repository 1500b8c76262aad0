import Foundation
import Net
import Testing

/// The appliance under test, in its namespace, with a state folder of its own that outlives it.
final class Daemon: Sendable {
  let program: Program
  let control: String
  private let lab: Lab

  /// The binary that was built beside the tests, or the one that USHER names.
  static var binary: String {
    get throws {
      if let named = ProcessInfo.processInfo.environment["USHER"] { return named }
      let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return URL(filePath: tests).deletingLastPathComponent().appending(path: "usher").path
    }
  }

  /// Starts the daemon and waits until it serves. With no `configuration` it takes the interface's own subnet; its state
  /// is in the lab's folder where `state` names no other.
  init(
    in lab: Lab, configuration: String? = nil, state: URL? = nil, arguments: [String] = [],
    environment: [String: String] = [:]
  ) async throws {
    self.lab = lab
    control = lab.folder.appending(path: "control").path
    var words = [
      try Self.binary, "serve", "--interface", Lab.port, "--state", (state ?? lab.folder).path, "--control",
      control,
    ]
    if let configuration { words += ["--config", try lab.write(configuration, to: "usher.yaml")] }
    program = try Program(words + arguments, in: lab.appliance, environment: environment)
    let serves = try await eventually(within: 30) {
      guard self.program.isRunning else { return true }
      return try await self.usher("status").status == 0
    }
    try #require(serves && program.isRunning, "the daemon did not start: \(program.errors)")
  }

  func usher(_ words: String...) async throws -> Program.Result {
    try await Program([try Self.binary] + words + ["--control", control]).result()
  }

  /// What a listing command says as JSON.
  func json(_ words: String...) async throws -> [[String: Any]] {
    let result = try await Program([try Self.binary] + words + ["--json", "--control", control]).result()
    try #require(result.status == 0, "\(result.errors)")
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return value as? [[String: Any]] ?? [value as? [String: Any] ?? [:]]
  }

  func counter(_ name: String) async throws -> Int {
    let status = try await json("status").first
    return (status?["counters"] as? [String: Int])?[name] ?? 0
  }

  /// What is wrong at present, as the operator is told.
  func problems() async throws -> [String] {
    try await json("status").first?["problems"] as? [String] ?? []
  }

  /// The leases that are in force, by address.
  func leases() async throws -> [IPv4Address: MACAddress] {
    var leases: [IPv4Address: MACAddress] = [:]
    for lease in try await json("leases") where lease["state"] as? String == "bound" {
      let address = try #require((lease["address"] as? String).flatMap { IPv4Address($0) })
      leases[address] = (lease["hardware"] as? String).flatMap { MACAddress($0) }
    }
    return leases
  }

  func kill() async throws {
    program.signal(SIGKILL)
    try await program.result(within: 5)
  }

  func stop() async throws {
    try await program.stop()
  }
}
