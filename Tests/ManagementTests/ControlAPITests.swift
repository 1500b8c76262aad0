import CWMP
import DHCP
import Foundation
import HTTP
import Journey
import Management
import Net
import Provisioning
import Store
import Testing

struct ControlAPITests {
  private let now = Timestamp(secondsSince1970: 1_767_225_600)
  private let router = Router(
    id: RouterID(rawValue: 1), hardware: MACAddress("00:0f:e2:00:00:01"), address: IPv4Address(192, 0, 2, 100),
    device: "000FE2-MSR36-210235A1", serialNumber: "210235A1", firstSeen: Timestamp(secondsSince1970: 1_767_225_500))

  private func store(_ facts: [Fact] = []) throws -> MemoryStore {
    let store = MemoryStore()
    try store.commit(
      [.router(router)] + facts.map { .event(Event(router: router.id, moment: now, fact: $0)) })
    return store
  }

  private func answer(
    _ method: HTTP.Method, _ target: String, store: MemoryStore, actions: Actions = Actions()
  ) async throws -> (status: Int, body: Data) {
    let api = ControlAPI(operations: Operations(queries: store) { Expectations() }, actions: actions)
    let response = await api.respond(to: Request(method: method, target: RequestTarget(target)))
    guard case .bytes(let bytes) = response.body else { return (response.status.rawValue, Data()) }
    return (response.status.rawValue, Data(bytes))
  }

  @Test(arguments: ["210235A1", "00-0F-E2-00-00-01", "192.0.2.100", "1", "000FE2-MSR36-210235A1"])
  func `a router is found by each of its names`(name: String) async throws {
    let (status, body) = try await answer(
      .get, "/routers/\(name)", store: try store([.offered(address: IPv4Address(192, 0, 2, 100))]))
    #expect(status == 200)
    let report = try JSONDecoder().decode(JourneyReport.self, from: body)
    #expect(report.router.serialNumber == "210235A1")
    #expect(report.events.map(\.event) == ["offered"])
  }

  @Test func `a router that nobody has seen is 404, with a sentence`() async throws {
    let (status, body) = try await answer(.get, "/routers/nobody", store: try store())
    #expect(status == 404)
    #expect(
      try JSONDecoder().decode(ErrorReport.self, from: body)
        == ErrorReport(error: "unknownRouter", text: "No router nobody has been seen."))
  }

  @Test(arguments: [
    ("/routers/210235B1", "No router 210235B1 has been seen; did you mean \"210235A1\"?"),
    ("/tasks?router=210235a11", "No router 210235a11 has been seen; did you mean \"210235A1\"?"),
    ("/tasks/7", "There is no task 7 on record; none was ever asked."),
    ("/tasks/x", "There is no task x on record; none was ever asked."),
  ])
  func `a name that is spelled wrong is answered with the nearest that is right`(
    target: String, text: String
  ) async throws {
    let (status, body) = try await answer(.get, target, store: try store())
    #expect(status == 404)
    let report = try JSONDecoder().decode(ErrorReport.self, from: body)
    #expect(report.text == text && report.isMistake)
  }

  @Test func `a router of the inventory that has not come yet is told as such, whatever the case of its name`()
    async throws
  {
    let inventory = try Inventory(csv: Array("serial,mac\nK7XQ000,\n,00:0f:e2:00:00:99\n210235B2,\n".utf8))
    let operations = Operations(queries: try store(), inventory: { inventory }) { Expectations() }
    let api = ControlAPI(operations: operations, actions: Actions())
    func report(_ name: String) async throws -> ErrorReport {
      let response = await api.respond(to: Request(method: .get, target: RequestTarget("/routers/\(name)")))
      guard case .bytes(let bytes) = response.body else { throw CancellationError() }
      #expect(response.status.rawValue == 404)
      return try JSONDecoder().decode(ErrorReport.self, from: Data(bytes))
    }
    for (name, line) in [("k7xq000", 2), ("000f-e200-0099", 3)] {
      let unseen = try await report(name)
      #expect(unseen.error == "unseenRouter" && !unseen.isMistake)
      #expect(
        unseen.text.hasPrefix("Router \(name) is in line \(line) of the inventory, and has not been seen yet: "),
        "\(unseen.text)")
      #expect(unseen.text.contains("`usher journey`"))
    }
    let misspelled = try await report("210235B1")
    #expect(
      misspelled.text
        == "No router 210235B1 has been seen; did you mean \"210235A1\" or \"210235B2\"? "
        + "\"210235B2\" is in the inventory, and has not been seen yet.")
    #expect(misspelled.error == "unknownRouter" && misspelled.isMistake)
  }

  @Test func `what routers log in with first is told to the user who asks, and to none by GET`() async throws {
    let (status, body) = try await answer(.post, "/credentials", store: try store())
    #expect(status == 200)
    #expect(try JSONDecoder().decode(CredentialsReport.self, from: body).username == "of nobody")
    let (got, _) = try await answer(.get, "/credentials", store: try store())
    #expect(got == 404)
  }

  @Test func `only milestones that have to be reached are told as missing ones`() async throws {
    let (_, body) = try await answer(
      .get, "/routers/1", store: try store([.offered(address: IPv4Address(192, 0, 2, 1))]))
    let report = try JSONDecoder().decode(JourneyReport.self, from: body)
    let unexpected = report.router.milestones.filter { !$0.expected }.map(\.name)
    #expect(unexpected == ["boot file fetched", "upgraded"])
  }

  @Test func `a path that the router does not have is told with the nearest that it has, in the words of who asked`()
    throws
  {
    let store = try store()
    let id = DeviceID(oui: "000FE2", productClass: "MSR36", serialNumber: "210235A1")
    var device = Device(id: id, manufacturer: "H3C", dataModel: .internetGatewayDevice, firstInform: now)
    let names = ["Time.", "Time.NTPServer1"].map {
      KnownParameter(path: "InternetGatewayDevice." + $0, seen: now)
    }
    try store.commit([.device(device), .parameters(id, names)])
    let request = TaskRequest.getParameterValues(["~.Time.NTPServer1", "~.Time.NTPSrever1"])
    #expect(try store.misspelling(in: request, of: id) == nil)
    device.discovered = Discovered(softwareVersion: nil, moment: now, count: 2, byLevel: false)
    try store.commit([.device(device)])
    let found = try store.misspelling(in: request, of: id)
    #expect(found?.path == "~.Time.NTPSrever1" && found?.right == "~.Time.NTPServer1")
    #expect(try store.misspelling(in: .reboot, of: id) == nil)
  }

  @Test func `a journey names the first missing milestone and why`() async throws {
    let facts: [Fact] = [
      .discovered(vendorClass: nil, hostname: nil, relay: nil), .offered(address: IPv4Address(192, 0, 2, 100)),
    ]
    let (_, body) = try await answer(.get, "/routers", store: try store(facts))
    let report = try #require(try JSONDecoder().decode([RouterReport].self, from: body).first)
    #expect(report.milestone == "discovered")
    #expect(report.missing == "leased")
    #expect(report.cause?.isEmpty == false)
    #expect(report.advice?.isEmpty == false)
  }

  @Test func `leases tell the state that they are in now`() async throws {
    let store = try store()
    func lease(_ last: UInt8, _ state: Lease.State, expiry: Int64) -> Change {
      .lease(
        Lease(
          address: IPv4Address(192, 0, 2, last), client: .identifier([1, last]), hardware: nil, state: state,
          start: now,
          expiry: now.advanced(bySeconds: expiry)))
    }
    try store.commit([
      lease(1, .bound, expiry: 60), lease(2, .bound, expiry: -1), lease(3, .released, expiry: 0),
      lease(4, .declined, expiry: 60),
    ])
    let (_, body) = try await answer(.get, "/leases", store: store)
    let reports = try JSONDecoder().decode([LeaseReport].self, from: body)
    #expect(reports.map(\.state) == ["bound", "expired", "released", "declined"])
    #expect(reports.first?.clientIdentifier == "0101")
  }

  @Test func `what the daemon refuses to do is 409 or 400, in its own words`() async throws {
    let store = try store()
    let refusal = ErrorReport(error: "configuration", text: "usher.yaml:1:1: no")
    let (status, body) = try await answer(.post, "/reload", store: store, actions: Actions(refusal: refusal))
    #expect(status == 400)
    #expect(try JSONDecoder().decode(ErrorReport.self, from: body) == refusal)
    let (conflict, _) = try await answer(
      .post, "/routers/1/admit", store: store, actions: Actions(refusal: ErrorReport(error: "notInformed", text: "no")))
    #expect(conflict == 409)
  }

  @Test func `a claim is admitted from an address, and from nothing else`() async throws {
    let store = try store()
    let (taken, _) = try await answer(.post, "/routers/1/admit?from=192.0.2.60", store: store)
    #expect(taken == 200)
    let (refused, body) = try await answer(.post, "/routers/1/admit?from=branch", store: store)
    #expect(refused == 400)
    #expect(try JSONDecoder().decode(ErrorReport.self, from: body).error == "notAnAddress")
    let (none, _) = try await answer(
      .post, "/routers/1/admit?from=192.0.2.60", store: store,
      actions: Actions(refusal: ErrorReport(error: "noClaim", text: "no")))
    #expect(none == 409)
  }

  @Test func `a reload that reboots somebody is refused with what it would do, and taken with a yes`() async throws {
    let store = try store()
    let (status, body) = try await answer(.post, "/reload", store: store)
    #expect(status == 409)
    #expect(
      try JSONDecoder().decode(ErrorReport.self, from: body)
        == ErrorReport(error: "unconfirmed", text: "1 would be rebooted."))
    let (done, report) = try await answer(.post, "/reload?yes=1", store: store)
    #expect(done == 200)
    #expect(try JSONDecoder().decode(ReloadReport.self, from: report).changes == ["1 would be rebooted."])
  }

  @Test func `a connection request is told step by step, with what failed last`() async throws {
    let (status, body) = try await answer(.post, "/routers/210235A1/wake", store: try store())
    #expect(status == 200)
    let report = try JSONDecoder().decode(WakeReport.self, from: body)
    #expect(!report.woken)
    #expect(report.router == "210235A1")
    #expect(report.steps.map(\.stage) == ["address", "connection"])
    #expect(report.steps.map(\.passed) == [true, false])
    #expect(report.advice == ConnectionRequestProblem.refused.advice)
  }

  @Test(arguments: ["/", "/status/x", "/routers/1/2/3", "/../etc/passwd"])
  func `what there is not is 404 and says what there is`(target: String) async throws {
    let (status, body) = try await answer(.get, target, store: try store())
    #expect(status == 404)
    #expect(String(decoding: body, as: UTF8.self).contains("/routers"))
  }
}

struct Actions: ControlActions {
  var now = Timestamp(secondsSince1970: 1_767_225_600)
  var refusal: ErrorReport?

  init(refusal: ErrorReport? = nil) {
    self.refusal = refusal
  }

  func status() async throws(ErrorReport) -> StatusReport {
    StatusReport(
      version: "1", started: "", url: "", interfaces: [], routers: 0, provisioned: 0, leases: 0, devices: 0,
      problems: [], counters: [:])
  }

  func reload(confirmed: Bool) async throws(ErrorReport) -> [String] {
    if let refusal { throw refusal }
    if !confirmed { throw ErrorReport(error: "unconfirmed", text: "1 would be rebooted.") }
    return ["1 would be rebooted."]
  }

  func credentials(for user: UInt32?) async throws(ErrorReport) -> CredentialsReport {
    CredentialsReport(
      url: "http://acs/", username: "of \(user.map { "\($0)" } ?? "nobody")", password: "p", required: true)
  }

  func release(_ address: IPv4Address) async throws(ErrorReport) -> Bool {
    if let refusal { throw refusal }
    return true
  }

  func reserve(_ address: IPv4Address, for client: String?) async throws(ErrorReport) {
    if let refusal { throw refusal }
  }

  func unreserve(_ address: IPv4Address) async throws(ErrorReport) -> Bool {
    if let refusal { throw refusal }
    return address == IPv4Address(192, 0, 2, 60)
  }

  func wake(_ router: Int64) async throws(ErrorReport) -> ConnectionRequestOutcome {
    if let refusal { throw refusal }
    return ConnectionRequestOutcome(steps: [.init(.address, "192.0.2.10:7547")], problem: .refused)
  }

  func admit(_ router: Int64, from address: IPv4Address?) async throws(ErrorReport) {
    if let refusal { throw refusal }
  }

  func ask(_ order: TaskOrder, of device: DeviceID) async throws(ErrorReport) -> DeviceTask {
    if let refusal { throw refusal }
    do throws(TaskOrderError) {
      return DeviceTask(number: 1, device: device, request: try order.request { _ in nil }, created: now)
    } catch {
      throw ErrorReport(error: "illegalTask", text: "\(error)")
    }
  }

  func cancel(task number: Int64) async throws(ErrorReport) -> DeviceTask {
    throw refusal ?? ErrorReport(error: "notCancelable", text: "Task \(number) is done.")
  }
}
