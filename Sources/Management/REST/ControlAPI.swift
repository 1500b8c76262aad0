package import CWMP
import Foundation
package import HTTP
import Journey
package import Net
package import Provisioning
import Store

/// What only the running daemon can do or say.
package protocol ControlActions: Sendable {
  var now: Timestamp { get }
  func status() async throws(ErrorReport) -> StatusReport
  /// Reads the configuration again and takes it whole, or throws and goes on as before. Returns what changes for the
  /// routers on record, a sentence each. Without `confirmed` it throws where one that is provisioned would download a
  /// file or reboot.
  func reload(confirmed: Bool) async throws(ErrorReport) -> [String]
  /// Lets the router with this number be provisioned; with an address, takes who claims from there to be the router for
  /// it, though it has not the credentials that the router has.
  func admit(_ router: Int64, from address: IPv4Address?) async throws(ErrorReport)
  /// Asks the router for a session and waits for its Inform.
  func wake(_ router: Int64) async throws(ErrorReport) -> ConnectionRequestOutcome
  /// Takes an address back from whoever holds it; false where nobody does.
  func release(_ address: IPv4Address) async throws(ErrorReport) -> Bool
  /// Sets an address down for a client, in the form of ``DHCP/Reservation/Client``; nil is whoever holds it.
  func reserve(_ address: IPv4Address, for client: String?) async throws(ErrorReport)
  /// Queues what is asked of a device for its next session.
  func ask(_ order: TaskOrder, of device: DeviceID) async throws(ErrorReport) -> DeviceTask
  /// Takes back a task that has not been sent.
  func cancel(task number: Int64) async throws(ErrorReport) -> DeviceTask
  /// What routers log in with the first time, told to a user of this machine; nil is one that the kernel does not name.
  func credentials(for user: UInt32?) async throws(ErrorReport) -> CredentialsReport
  /// False where the operator has not reserved it.
  func unreserve(_ address: IPv4Address) async throws(ErrorReport) -> Bool
}

/// The operator's interface as JSON over HTTP. It is served on the control socket, whose permissions say who may ask.
package struct ControlAPI: Sendable {
  private let operations: Operations
  private let actions: any ControlActions
  private let files: FilesAPI?

  /// `files` is nil where no files are kept.
  package init(operations: Operations, actions: any ControlActions, files: (any FileActions)? = nil) {
    self.operations = operations
    self.actions = actions
    self.files = files.map(FilesAPI.init)
  }

  /// How many bytes the body may have that a request is to be answered with piece by piece, see
  /// ``respond(to:receiving:)``; nil where it is to be whole.
  package func streamLimit(of request: HTTP.Request) -> Int? {
    FilesAPI.isUpload(request) ? files?.actions.limit : nil
  }

  package func respond(to request: HTTP.Request, receiving body: IncomingBody) async -> HTTP.Response {
    guard let files else { return await respond(to: request) }
    return await answer { try await files.receive(request, body) }
  }

  package func respond(to request: HTTP.Request) async -> HTTP.Response {
    await answer { try await route(request) }
  }

  private func answer(_ body: () async throws -> HTTP.Response) async -> HTTP.Response {
    do {
      return try await body()
    } catch let error as ErrorReport {
      return Self.json(error, Self.status(of: error))
    } catch let error as StoreError {
      return Self.json(ErrorReport(error: error.counter, text: "\(error)"), .serviceUnavailable)
    } catch {
      return Self.json(ErrorReport(error: "internal", text: "\(error)"), .internalServerError)
    }
  }

  private func route(_ request: HTTP.Request) async throws -> HTTP.Response {
    let segments = request.path.split(separator: "/").map(String.init)
    switch (request.method, segments.first, segments.count) {
    case (.get, "status", 1): return Self.json(try await actions.status())
    case (.post, "credentials", 1): return Self.json(try await actions.credentials(for: request.peerUser))
    case (.get, "routers", 1):
      return Self.json(
        try operations.routers(
          after: RouterID(rawValue: request.value(of: "after").flatMap { Int64($0) } ?? 0), limit: Self.limit(request),
          at: actions.now))
    case (.get, "routers", 2): return Self.json(try journey(of: segments[1]))
    case (.get, "devices", 1):
      return Self.json(
        try operations.devices(
          skipping: request.value(of: "skip").flatMap { Int($0) } ?? 0, limit: Self.limit(request), at: actions.now))
    case (.get, "leases", 1):
      return Self.json(
        try operations.leases(
          after: request.value(of: "after").flatMap { IPv4Address($0) }, limit: Self.limit(request), at: actions.now))
    case (.get, "leases", 2): return Self.json(try lease(at: segments[1]))
    case (.post, "leases", 3) where segments[2] == "release":
      let lease = try lease(at: segments[1])
      guard let address = IPv4Address(lease.address), try await actions.release(address) else {
        throw ErrorReport(error: "notHeld", text: "\(lease.address) is \(lease.state); nobody holds it.")
      }
      return Self.json(try self.lease(at: segments[1]))
    case (.post, "leases", 3) where segments[2] == "reserve":
      try await actions.reserve(
        try Self.address(segments[1]), for: request.value(of: "client"))
      return Self.json(try self.lease(at: segments[1]))
    case (.post, "leases", 3) where segments[2] == "unreserve":
      let address = try Self.address(segments[1])
      guard try await actions.unreserve(address) else {
        throw ErrorReport(
          error: "notReserved", text: "\(address) is not reserved, or by the configuration, and so to be freed there.")
      }
      return Self.json(try operations.lease(of: address, at: actions.now))
    case (.get, "transcripts", 1):
      let device = try request.value(of: "router").map { try operations.device(named: $0) }
      return Self.json(try operations.transcripts(of: device, limit: Self.limit(request)))
    case (.get, "transcripts", 2):
      guard let number = Int64(segments[1]), let bytes = try operations.transcript(number) else {
        throw ErrorReport(error: "unknownTranscript", text: "There is no transcript \(segments[1]) on record.")
      }
      return HTTP.Response(.ok, headers: ["Content-Type": "application/octet-stream"], body: .bytes(bytes))
    case (.get, "tasks", 1): return Self.json(try tasks(request))
    case (.get, "tasks", 2): return Self.json(try operations.report(try operations.task(named: segments[1])))
    case (.post, "tasks", 3) where segments[2] == "cancel":
      return Self.json(TaskReport(try await actions.cancel(task: try operations.task(named: segments[1]).number)))
    case (.post, "routers", 3) where segments[2] == "tasks":
      let device = try operations.device(named: segments[1])
      return Self.json(try operations.report(try await actions.ask(try Self.order(request), of: device)))
    case (.get, "routers", 3) where segments[2] == "parameters":
      return Self.json(
        try operations.parameters(
          of: try operations.device(named: segments[1]), below: request.value(of: "below") ?? "",
          after: request.value(of: "after") ?? "", limit: Self.limit(request)))
    case (.get, "parameters", 1):
      guard let path = request.value(of: "path") else {
        throw ErrorReport(error: "badRequest", text: "Which parameter? Name its path: /parameters?path=PATH.")
      }
      return Self.json(
        try operations.devices(withParameter: path, value: request.value(of: "value"), limit: Self.limit(request)))
    case (_, "files", _):
      if let files { return try await files.route(request) }
      throw ErrorReport(error: "notFound", text: "No files are kept here.")
    case (.get, "events", 2) where segments[1] == "follow": return try follow(request)
    case (.post, "reload", 1):
      let changes = try await actions.reload(confirmed: request.value(of: "yes") == "1")
      return Self.json(ReloadReport(status: try await actions.status(), changes: changes))
    case (.post, "routers", 3) where segments[2] == "admit":
      let report = try journey(of: segments[1])
      let address = try request.value(of: "from").map { name throws(ErrorReport) in try Self.address(name) }
      try await actions.admit(report.router.router, from: address)
      return Self.json(try journey(of: segments[1]).router)
    case (.post, "routers", 3) where segments[2] == "wake":
      let router = try operations.knownRouter(named: segments[1])
      return Self.json(WakeReport(router, try await actions.wake(router.id.rawValue)))
    case (.post, "wake", 1): return try wakeAll()
    default:
      throw ErrorReport(
        error: "notFound",
        text:
          "There is no \(request.method) \(request.path). There are GET /status, /routers, /routers/NAME, /devices, "
          + "/leases, /leases/ADDRESS, /events/follow and POST /reload, /wake, /credentials, /routers/NAME/admit?from=ADDRESS, /routers/NAME/wake, "
          + "/leases/ADDRESS/release, /leases/ADDRESS/reserve?client=CLIENT, /leases/ADDRESS/unreserve; "
          + "GET /tasks?router=NAME&all=1, /tasks/NUMBER, /routers/NAME/parameters?below=PATH, "
          + "/parameters?path=PATH&value=VALUE, /transcripts?router=NAME, /transcripts/NUMBER, /files, /files/NAME and POST /routers/NAME/tasks, /tasks/NUMBER/cancel."
      )
    }
  }

  private func tasks(_ request: HTTP.Request) throws -> [TaskReport] {
    let device = try request.value(of: "router").map { try operations.device(named: $0) }
    return try operations.tasks(of: device, open: request.value(of: "all") != "1", limit: Self.limit(request))
  }

  private static func order(_ request: HTTP.Request) throws(ErrorReport) -> TaskOrder {
    do {
      return try JSONDecoder().decode(TaskOrder.self, from: Data(request.body))
    } catch {
      throw ErrorReport(error: "badRequest", text: "The body is no task: \(error).")
    }
  }

  /// How many rows are told at once.
  private static func limit(_ request: HTTP.Request) -> Int {
    min(max(1, request.value(of: "limit").flatMap { Int($0) } ?? 1000), 10_000)
  }

  private static func address(_ name: String) throws(ErrorReport) -> IPv4Address {
    guard let address = IPv4Address(name) else {
      throw ErrorReport(error: "notAnAddress", text: "\(name) is not an IPv4 address.")
    }
    return address
  }

  private func lease(at name: String) throws -> LeaseReport {
    let address = try Self.address(name)
    guard let lease = try operations.lease(of: address, at: actions.now) else {
      throw ErrorReport(error: "unknownLease", text: "No lease of \(address) is on record.")
    }
    return lease
  }

  private func journey(of name: String) throws -> JourneyReport {
    try operations.journey(of: try operations.knownRouter(named: name), at: actions.now)
  }

  /// One line of JSON for each event: those on record first, then what happens.
  private func follow(_ request: HTTP.Request) throws -> HTTP.Response {
    let name = request.value(of: "router")
    let operations = operations
    return HTTP.Response(
      .ok, headers: ["Content-Type": "application/x-ndjson"],
      body: .stream(length: nil) { write in
        var last: Int64 = 0
        while !Task.isCancelled {
          let router = try name.map { try operations.router(named: $0) }
          if case .some(.none) = router {
            // It has not been seen yet.
          } else {
            let events = try operations.events(of: router.flatMap { $0?.id }, after: last)
            for event in events { try await write(Self.line(event)) }
            last = events.last?.number ?? last
            if events.count == 500 { continue }
          }
          try await Task.sleep(for: .milliseconds(100))
        }
      })
  }

  /// Asks every router that has informed, and tells of each, in a line of JSON, as its outcome is known.
  private func wakeAll() throws -> HTTP.Response {
    let routers = try operations.informedRouters()
    let actions = actions
    return HTTP.Response(
      .ok, headers: ["Content-Type": "application/x-ndjson"],
      body: .stream(length: nil) { write in
        try await withThrowingTaskGroup(of: WakeReport.self) { group in
          var waiting = routers[...]
          for _ in 0..<Self.wokenAtOnce {
            guard let router = waiting.popFirst() else { break }
            group.addTask { await WakeReport.waking(router, by: actions) }
          }
          while let report = try await group.next() {
            try await write(Self.line(report))
            guard let router = waiting.popFirst() else { continue }
            group.addTask { await WakeReport.waking(router, by: actions) }
          }
        }
      })
  }

  /// Most of them only wait for an Inform.
  private static let wokenAtOnce = 256

  private static func line(_ value: some Encodable) throws -> [UInt8] {
    Array(try WholeJSON.encode(value)) + [UInt8(ascii: "\n")]
  }

  static func json(_ value: some Encodable, _ status: HTTP.Status = .ok) -> HTTP.Response {
    guard let body = try? line(value) else { return HTTP.Response(.internalServerError) }
    return HTTP.Response(status, headers: ["Content-Type": "application/json"], body: .bytes(body))
  }

  private static func status(of error: ErrorReport) -> HTTP.Status {
    switch error.error {
    case "notFound", "unknownRouter", "unseenRouter", "unknownLease", "unknownTask", "unknownFile", "unknownTranscript":
      .notFound
    case "configuration", "notAnAddress", "badRequest", "illegalTask", "misspelled", "unknownKind", "partial",
      "notAName", "file":
      .badRequest
    case "unannounced": .lengthRequired
    case "fileTooLarge": .contentTooLarge
    case "fileLost": .gone
    case "noRoom": .insufficientStorage
    case "disk": .serviceUnavailable
    default: .conflict
    }
  }
}

extension HTTP.Request {
  /// The value of a query item.
  fileprivate func value(of name: String) -> String? {
    query.first { $0.name == name }?.value
  }
}
