import Foundation
import Testing

/// The transfers that an operator asks of a router by hand, all in one session. The router agrees to all that it is asked,
/// and to transfers for later.
struct TransferByHand {
  let router: HandSession
  let serial: String
  private(set) var last: HandSession.Answer?
  /// Of the router, by the last part of their names, as the ACS has set them.
  private(set) var credentials: [String: String] = [:]

  /// Begins the session.
  init(_ router: HandSession, serial: String, login: String) async throws {
    self.router = router
    self.serial = serial
    let inform = try await router.post(
      router.inform(id: "1", serial: serial, events: [(code: "0 BOOTSTRAP", key: "")]), login: login)
    try #require(inform.status == 200, "\(inform.body)")
  }

  /// Its own login, once it has one.
  var ownLogin: String? {
    guard let username = credentials["Username"], let password = credentials["Password"] else { return nil }
    return "\(username):\(password)"
  }

  /// Asks with `usher task ask` for a transfer, and returns the URL that the router is given for it.
  mutating func url(_ words: String..., of daemon: Daemon) async throws -> String {
    let all = ["task", "ask", serial] + words + ["--control", daemon.control]
    let asked = try await Program([try Daemon.binary] + all).result()
    try #require(asked.status == 0, "\(asked.errors)")
    for _ in 0..<20 {
      let answer = try await next()
      last = answer
      guard try answer.element("CommandKey")?.hasPrefix("task-") == true else { continue }
      return try #require(try answer.element("URL"))
    }
    throw CancellationError()
  }

  /// The command key of the last transfer.
  var commandKey: String? {
    get throws { try last?.element("CommandKey") }
  }

  private mutating func next() async throws -> HandSession.Answer {
    guard let last else { return try await router.post("") }
    for (path, value) in last.parameters where path.contains("ManagementServer.") {
      credentials[String(path.split(separator: ".").last ?? "")] = value
    }
    switch last.method {
    case "SetParameterValues": return try await router.post(router.setParameterValuesResponse(to: last))
    case "Download": return try await router.post(router.downloadResponse(to: last))
    case "Upload":
      return try await router.post(
        router.downloadResponse(to: last).replacing("DownloadResponse", with: "UploadResponse"))
    default:
      Issue.record("the ACS asks for \(last.method ?? "nothing"): \(last.status)")
      throw CancellationError()
    }
  }

  /// The router agrees to the last transfer, and the session ends.
  mutating func end() async throws {
    last = try await next()
    #expect(last?.status == 204 || last?.status == 200)
  }

  /// A session of its own, in which the router tells that a transfer is complete.
  func complete(_ key: String) async throws {
    var router = router
    router.jar = "cookies-complete"
    let login = try #require(ownLogin)
    let inform = try await router.post(
      router.inform(id: "2", serial: serial, events: [(code: "7 TRANSFER COMPLETE", key: "")]), login: login)
    try #require(inform.method == "InformResponse", "\(inform.body)")
    let answer = try await router.post(router.transferComplete(id: "3", key: key))
    try #require(answer.method == "TransferCompleteResponse", "\(answer.body)")
  }
}

extension Lab {
  /// Gives the second client the address 192.0.2.60 by hand, as whoever plugs something in may.
  func seatStranger() async throws {
    let seated = try await run("ip", "-n", client(1), "address", "add", "192.0.2.60/24", "dev", "eth0")
    try #require(seated.status == 0, "\(seated.errors)")
  }

  /// What curl is answered at the second client: the status, and the text.
  func stranger(_ words: String..., body: String? = nil) async throws -> (status: Int, text: String) {
    var all = ["curl", "-q", "-sS", "--max-time", "20", "-w", "\n%{http_code}"] + words
    if let body { all += ["--data-binary", "@\(try write(body, to: "stranger.xml"))"] }
    let result = try await Program(all, in: client(1)).result()
    let end = try #require(result.output.lastIndex(of: "\n"), "\(result.errors)")
    return (Int(result.output[result.output.index(after: end)...]) ?? 0, String(result.output[..<end]))
  }
}
