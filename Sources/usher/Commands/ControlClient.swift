import Foundation
import HTTP
import Management
import Synchronization
import Transport

/// Asks the running daemon over its control socket.
struct ControlClient {
  let path: String

  func get<Report: Decodable>(_ target: String) async throws -> Report {
    try await send(.get, target)
  }

  /// The daemon has so many seconds to answer.
  func post<Report: Decodable>(_ target: String, within seconds: Double = 60) async throws -> Report {
    try await send(.post, target, within: seconds)
  }

  func post<Report: Decodable>(_ target: String, _ body: some Encodable) async throws -> Report {
    try await send(.post, target, body: Array(try JSONEncoder().encode(body)))
  }

  /// Hands over each line of a stream; ends with true where `body` did, and with false at the deadline or when the
  /// daemon ended it.
  func follow<Report: Decodable & Sendable>(
    _ target: String, by method: HTTP.Method = .get, until deadline: ContinuousClock.Instant?,
    _ body: @escaping (Report) throws -> Bool
  ) async throws -> Bool {
    let client = try client()
    let url = url(target)
    let (lines, continuation) = AsyncStream<[UInt8]>.makeStream()
    let transfer = Task { () -> CurlError? in
      defer { continuation.finish() }
      var request = CurlRequest(method, url: url, body: method == .post ? [] : nil)
      request.totalTimeout = nil
      do throws(CurlError) {
        _ = try await client.send(request) { piece in
          continuation.yield(piece)
          return true
        }
        return nil
      } catch {
        return error
      }
    }
    let limit = deadline.map { deadline in
      Task {
        try await Task.sleep(until: deadline)
        transfer.cancel()
      }
    }
    defer {
      limit?.cancel()
      transfer.cancel()
    }

    var buffer: [UInt8] = []
    for await piece in lines {
      buffer += piece
      while let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let report = try JSONDecoder().decode(Report.self, from: Data(buffer[..<end]))
        buffer.removeFirst(end + 1)
        if try body(report) { return true }
      }
    }
    switch await transfer.value {
    case nil, .canceled: return false
    case .protocolError, .dropped: throw Failure("The daemon has ended, and with it what was followed.", .unreachable)
    case let error?: throw failure(error)
    }
  }

  private func send<Report: Decodable>(
    _ method: HTTP.Method, _ target: String, body: [UInt8] = [], within seconds: Double = 60
  ) async throws -> Report {
    var request = CurlRequest(method, url: url(target), body: method == .post ? body : nil)
    request.maximumBody = 256 << 20
    request.totalTimeout = seconds
    return try JSONDecoder().decode(Report.self, from: Data(try await answer(to: request).body))
  }

  /// The daemon's answer, or what it says against it as a failure. `receive` is given the pieces of the body, where it
  /// is there.
  func answer(
    to request: CurlRequest, receive: (@Sendable ([UInt8]) -> Bool)? = nil
  ) async throws -> CurlResponse {
    let response: CurlResponse
    do throws(CurlError) {
      response =
        if let receive { try await client().send(request, receive: receive) } else { try await client().send(request) }
    } catch {
      throw failure(error)
    }
    guard response.status.isSuccess else {
      let report = try? JSONDecoder().decode(ErrorReport.self, from: Data(response.body))
      throw Failure(
        report?.text ?? "The daemon answered with status \(response.status).", report?.exitStatus ?? .failed)
    }
    return response
  }

  private func client() throws(CurlError) -> CurlClient {
    try CurlClient(CurlClient.Options(unixSocket: path))
  }

  func url(_ target: String) -> String {
    "http://usher" + target
  }

  private func failure(_ error: CurlError) -> Failure {
    switch error {
    case .refused, .connect, .dropped: unreachable()
    case .timeout, .silent: Failure("The daemon at \(path) does not answer in time: \(error).", .unreachable)
    default: Failure("\(error)")
    }
  }

  private func unreachable() -> Failure {
    switch UnixSocketAccess(path: path) {
    case .denied(let place, let owner, let group, let mode):
      let may = place == path ? "may use" : "may go through"
      let inGroup = mode & 0o070 != 0 && group != "root"
      return Failure(
        "You may not use the control socket \(path): only \(owner)\(inGroup ? " and the group \(group)" : "") \(may) "
          + "\(place). Run the command as root (sudo)"
          + (inGroup ? ", or have root add you to that group: `usermod -aG \(group) NAME`, and log in again." : "."),
        .unreachable)
    case .notSocket:
      return Failure("\(path) is no socket. Name the daemon's control socket with --control.", .unreachable)
    case .failed(let reason):
      return Failure("The control socket \(path) cannot be used: \(reason).", .unreachable)
    case .open, .absent, .deserted:
      return Failure(
        "No daemon answers at \(path). Start one with `usher serve`, or name its socket with --control.", .unreachable)
    }
  }
}

extension ErrorReport {
  fileprivate var exitStatus: ExitStatus {
    if isMistake { return .usage }
    return isConfiguration ? .configuration : .failed
  }
}
