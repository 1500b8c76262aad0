import Foundation
import Synchronization

/// A program that a test started: its output goes to files, where it can be read while it runs, and it is ended by its
/// own process number. Pipes would do too, but thousands of programs leave too many of them open.
final class Program: Sendable {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  private let process: Mutex<Process>
  private let outputFile: URL
  private let errorFile: URL
  let pid: Int32

  /// Starts `words[0]`, looked up on the PATH, in the network namespace `namespace` or (nil) in this one.
  init(_ words: [String], in namespace: String? = nil, environment: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = (namespace.map { ["ip", "netns", "exec", $0] } ?? []) + words
    process.environment = ProcessInfo.processInfo.environment
      .merging(["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]) { $1 }
      .merging(environment) { $1 }
    let name = "usher-program-\(UInt64.random(in: 0 ... .max))"
    let folder = FileManager.default.temporaryDirectory
    outputFile = folder.appending(path: name + ".out")
    errorFile = folder.appending(path: name + ".err")
    try Data().write(to: outputFile)
    try Data().write(to: errorFile)
    let output = try FileHandle(forWritingTo: outputFile)
    let errors = try FileHandle(forWritingTo: errorFile)
    defer {
      try? output.close()
      try? errors.close()
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try Self.withoutBlockedSignals { try process.run() }
    pid = process.processIdentifier
    self.process = Mutex(process)
  }

  deinit {
    try? FileManager.default.removeItem(at: outputFile)
    try? FileManager.default.removeItem(at: errorFile)
  }

  /// A child inherits the blocked signals of the thread that starts it, and those of the cooperative pool block nearly
  /// all of them: the child would not hear SIGTERM.
  private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var blocked = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &blocked)
    defer { pthread_sigmask(SIG_SETMASK, &blocked, nil) }
    try body()
  }

  var isRunning: Bool { process.withLock { $0.isRunning } }
  var output: String { (try? Data(contentsOf: outputFile)).map { String(decoding: $0, as: UTF8.self) } ?? "" }
  var errors: String { (try? Data(contentsOf: errorFile)).map { String(decoding: $0, as: UTF8.self) } ?? "" }

  func signal(_ number: Int32) {
    guard isRunning else { return }
    kill(pid, number)
  }

  /// Its result once it has ended; after `seconds` it is killed, and the result says so by its status.
  @discardableResult
  func result(within seconds: Double = 30) async throws -> Result {
    let ended = try await eventually(within: seconds) { !self.isRunning }
    if !ended {
      signal(SIGKILL)
      _ = try await eventually(within: 5) { !self.isRunning }
    }
    let status = process.withLock { $0.isRunning ? -1 : $0.terminationStatus }
    return Result(status: ended ? status : -1, output: output, errors: errors)
  }

  /// SIGTERM, five seconds, SIGKILL.
  func stop() async throws {
    signal(SIGTERM)
    try await result(within: 5)
  }
}

/// Runs a program to its end.
@discardableResult
func run(
  _ words: String..., in namespace: String? = nil, environment: [String: String] = [:], within seconds: Double = 30
) async throws -> Program.Result {
  try await Program(words, in: namespace, environment: environment).result(within: seconds)
}

/// Whether `condition` came true in time; looked at every 20 ms.
func eventually(within seconds: Double, _ condition: () async throws -> Bool) async throws -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if try await condition() { return true }
    try await Task.sleep(for: .milliseconds(20))
  }
  return try await condition()
}
