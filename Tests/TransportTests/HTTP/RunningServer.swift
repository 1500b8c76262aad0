import Foundation
import HTTP
import Testing
import Transport

/// Runs a server on a free port of the loopback while `body` uses it.
func withServer<Value: Sendable>(
  limits: HTTPLimits = HTTPLimits(), respondsOnLoop: Bool = false, tls: HTTPServer.TLS? = nil,
  address: HTTPServer.Address = .network(host: "127.0.0.1", port: 0),
  reception: @escaping HTTPServer.Reception = { _ in .whole }, respond: @escaping HTTPServer.Responder,
  body: @Sendable (RunningServer) async throws -> Value
) async throws -> Value {
  let answer: HTTPServer.Answerer = { request in .later { await respond(request) } }
  return try await withServer(
    limits: limits, respondsOnLoop: respondsOnLoop, tls: tls, address: address, reception: reception, answer: answer,
    body: body)
}

/// The same, with what answers at once.
func withServer<Value: Sendable>(
  limits: HTTPLimits = HTTPLimits(), respondsOnLoop: Bool = false, tls: HTTPServer.TLS? = nil,
  address: HTTPServer.Address = .network(host: "127.0.0.1", port: 0),
  onRefusal: @escaping HTTPServer.RefusalObserver = { _, _ in },
  reception: @escaping HTTPServer.Reception = { _ in .whole }, answer: @escaping HTTPServer.Answerer,
  body: @Sendable (RunningServer) async throws -> Value
) async throws -> Value {
  let (listening, continuation) = AsyncStream.makeStream(of: HTTPServer.Address.self)
  let server = HTTPServer(
    address: address, limits: limits, respondsOnLoop: respondsOnLoop, tls: tls, onListening: { continuation.yield($0) },
    onRefusal: onRefusal, reception: reception, answer: answer)
  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      defer { continuation.finish() }
      try await server.run()
    }
    var addresses = listening.makeAsyncIterator()
    guard let address = await addresses.next() else {
      try await group.waitForAll()
      throw Failure("the server ended at once")
    }
    defer { group.cancelAll() }
    return try await body(RunningServer(server: server, address: address))
  }
}

struct RunningServer: Sendable {
  let server: HTTPServer
  let address: HTTPServer.Address

  var port: UInt16 {
    guard case .network(_, let port) = address else { return 0 }
    return port
  }

  func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  /// Waits until the counts are as wanted; false where they do not become so. It looks a number of times, and not until
  /// a moment: where all other tests run beside, minutes may pass between two looks, and as many between two steps of
  /// the server.
  func reaches(_ condition: (HTTPCounts) -> Bool) async -> Bool {
    for _ in 0..<3000 {
      if condition(server.counts) { return true }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return condition(server.counts)
  }
}

struct Failure: Error {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}

/// Answers with what it was asked, as text.
let echo: HTTPServer.Responder = { request in
  Response(
    .ok,
    text: "\(request.method) \(request.target.text) \(request.body.count) "
      + String(decoding: request.body.prefix(64), as: UTF8.self))
}

/// `curl`, with no configuration of its user's.
func runCurl(_ arguments: [String], input: String = "") async throws -> (code: Int32, output: String, errors: String) {
  try await runProgram("/usr/bin/curl", ["-q", "-sS", "--max-time", "60"] + arguments, input: input)
}

/// A program's exit code and output.
func runProgram(
  _ path: String, _ arguments: [String], input: String = ""
) async throws -> (code: Int32, output: String, errors: String) {
  let process = Process()
  process.executableURL = URL(filePath: path)
  process.arguments = arguments
  let (output, errors, standardInput) = (Pipe(), Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = errors
  process.standardInput = standardInput
  return try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      do {
        try process.run()
        standardInput.fileHandleForWriting.write(Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let errorText = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        continuation.resume(
          returning: (
            process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: errorText, as: UTF8.self)
          ))
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }
}
