import CPE
import CWMP
import Net
import Testing

/// Sessions as transcripts: what the ACS says, and what the router says to it.
struct CPESessionTests {
  private let url = "http://192.0.2.1:7547/acs"
  private let now = Timestamp(secondsSince1970: 1_800_000_000)

  private func router(_ change: (inout Flash) -> Void = { _ in }) -> RouterState {
    var flash = Flash(softwareVersion: "7.1.064, Release 0821P20", connectionRequestPath: "secret")
    change(&flash)
    var state = RouterState(identity: RouterIdentity(serialNumber: "210235A1B2C3D4E5F601"), flash: flash, now: now)
    state.isCWMPEnabled = true
    state.discovered(ACSParameters(url: url, username: "u", password: "p"))
    state.bound(to: IPv4Address(192, 0, 2, 10), connectionRequestURL: "http://192.0.2.10:7547/secret")
    _ = state.duty(now: now)
    return state
  }

  private func acs(_ body: ACSMessage, id: String? = "acs-1", hold: Bool = false) -> [UInt8] {
    ACSEnvelope(id: id, namespace: .newest, header: Header(holdRequests: hold), body: body).encoded()
  }

  private var informResponse: [UInt8] { acs(.response(.inform(InformResponse())), id: "1") }

  /// A session whose Inform has been answered.
  private func openSession(_ state: RouterState? = nil) -> CPESession {
    var session = CPESession(router: state ?? router(), url: url, now: now)
    _ = session.begin()
    #expect(session.receive(informResponse) == .postEmpty)
    return session
  }

  private func message(_ step: CPESession.Step) -> CPEEnvelope? {
    guard case .post(let envelope) = step else { return nil }
    return envelope
  }

  private func call(_ request: ACSRequest, _ session: inout CPESession) -> CPEMessage? {
    message(session.receive(acs(.request(request))))?.body
  }

  private func fault(_ message: CPEMessage?) -> Fault? {
    guard case .fault(let fault) = message else { return nil }
    return fault
  }

  @Test func `the first Inform is a BOOTSTRAP with the forced parameters`() throws {
    var session = CPESession(router: router(), url: url, now: now)
    let envelope = try #require(message(session.begin()))
    guard case .request(.inform(let inform)) = envelope.body else {
      Issue.record("\(envelope.body)")
      return
    }
    #expect(inform.events.map(\.code) == [.bootstrap, .boot])
    #expect(inform.device.description == "000FE2-MSR36%2D20-210235A1B2C3D4E5F601")
    #expect(inform.retryCount == 0)
    #expect(Set(Path.forcedInform).isSubset(of: inform.parameters.map(\.path)))
    #expect(inform.value(of: "ManagementServer.ConnectionRequestURL") == "http://192.0.2.10:7547/secret")
    // What goes over the wire is read back as the same.
    var warnings = Warnings()
    let read = try CPEEnvelope(decoding: envelope.encoded(), warnings: &warnings)
    #expect(read.body == envelope.body)
    #expect(warnings.isEmpty)
  }

  @Test func `an ACS with nothing to ask ends the session, and its events are delivered`() {
    var session = openSession()
    #expect(session.receive([]) == .end)
    #expect(session.router.flash.events.isEmpty)
    #expect(session.router.flash.contactedURL == url)
  }

  @Test func `events are kept where the Inform was not answered`() {
    var session = CPESession(router: router(), url: url, now: now)
    _ = session.begin()
    let refusal = Fault.requestDenied
    #expect(session.receive(acs(.fault(refusal))) == .fail(.refused(refusal)))
    #expect(session.router.flash.events.informed.map(\.code) == [.bootstrap, .boot])
    #expect(session.router.flash.contactedURL == nil)
  }

  @Test func `fault 8005 gets the same Inform again, four times at most`() {
    var session = CPESession(router: router(), url: url, now: now)
    let inform = session.begin()
    for _ in 0..<4 { #expect(session.receive(acs(.fault(.retryRequest))) == inform) }
    #expect(session.receive(acs(.fault(.retryRequest))) == .fail(.refused(.retryRequest)))
  }

  @Test func `values are set, take effect, and are read back under the ACS's ID`() throws {
    var session = openSession()
    let values = [
      ParameterValue(path: Path.username, value: "own"), ParameterValue(path: Path.password, value: "word"),
      ParameterValue(path: Path.periodicInformEnable, value: "1", type: .boolean),
      ParameterValue(path: Path.periodicInformInterval, value: "300", type: .unsignedInt),
    ]
    let step = session.receive(
      acs(.request(.setParameterValues(SetParameterValues(parameters: values, parameterKey: "k"))), id: "x-9"))
    let answer = try #require(message(step))
    #expect(answer.id == "x-9")
    #expect(answer.body == .response(.setParameterValues(SetParameterValuesResponse(status: .done))))
    #expect(session.router.acs == ACSParameters(url: url, username: "own", password: "word"))
    #expect(session.router.nextPeriodicInform == now.advanced(bySeconds: 300))
    let read = call(.getParameterValues(GetParameterValues(paths: [Path.parameterKey, Path.password])), &session)
    #expect(
      read
        == .response(
          .getParameterValues(
            GetParameterValuesResponse(parameters: [
              ParameterValue(path: Path.parameterKey, value: "k"), ParameterValue(path: Path.password, value: ""),
            ]))))
  }

  @Test func `one bad value sets none, and the fault names it`() {
    var session = openSession()
    let values = [
      ParameterValue(path: Path.username, value: "own"),
      ParameterValue(path: Path.periodicInformInterval, value: "300"),
    ]
    let fault = fault(call(.setParameterValues(SetParameterValues(parameters: values, parameterKey: "k")), &session))
    #expect(fault?.code == 9003)
    #expect(fault?.parameters.map(\.path) == [Path.periodicInformInterval])
    #expect(fault?.parameters.map(\.code) == [9006])
    #expect(session.router.acs.username == "u")
    #expect(session.router.tree[Path.parameterKey] == "")
  }

  @Test func `what cannot be done is the right fault, and the session goes on`() throws {
    var session = openSession()
    #expect(fault(call(.getParameterValues(GetParameterValues(paths: ["No.Such"])), &session))?.code == 9005)
    #expect(fault(call(.getParameterNames(GetParameterNames(path: "No.", nextLevel: true)), &session))?.code == 9005)
    #expect(fault(call(.addObject(AddObject(path: "InternetGatewayDevice.Time.")), &session))?.code == 9005)
    #expect(fault(call(.deleteObject(DeleteObject(path: "InternetGatewayDevice.Time.1")), &session))?.code == 9003)
    #expect(fault(call(.scheduleInform(ScheduleInform(delay: 0, commandKey: "")), &session))?.code == 9003)
    let tone = Download(commandKey: "k", fileType: .webContent, url: "http://192.0.2.1/f")
    #expect(fault(call(.download(tone), &session))?.code == 9003)
    let ftp = Download(commandKey: "k", fileType: .configuration, url: "ftp://192.0.2.1/f")
    #expect(fault(call(.download(ftp), &session))?.code == 9013)
    let step = session.receive(acs(.unknown("ChangeDUState")))
    #expect(fault(try #require(message(step)).body)?.code == 9000)
    #expect(session.receive([]) == .end)
    #expect(session.router.flash.pending.isEmpty)
  }

  @Test func `a Download is answered with status 1 and waits for the end of the session`() {
    var session = openSession()
    let download = Download(commandKey: "key-7", fileType: .configuration, url: "http://192.0.2.1/f", delay: 5)
    #expect(call(.download(download), &session) == .response(.download(DownloadResponse(status: .pending))))
    #expect(session.receive([]) == .end)
    var state = session.router
    state.sessionSucceeded(now: now)
    #expect(state.duty(now: now) == .wait(until: now.advanced(bySeconds: 5)))
    guard case .transfer(let transfer) = state.duty(now: now.advanced(bySeconds: 5)) else {
      Issue.record("no transfer is due")
      return
    }
    #expect(transfer.commandKey == "key-7")
  }

  @Test func `the queue of transfers ends at 16`() {
    var session = openSession()
    let download = Download(commandKey: "k", fileType: .configuration, url: "http://192.0.2.1/f")
    for _ in 0..<16 { #expect(fault(call(.download(download), &session)) == nil) }
    #expect(fault(call(.download(download), &session))?.code == 9004)
  }

  /// A router that has fetched a file, in vain or not.
  private func transferred(fault: TransferFault?) -> RouterState {
    var session = openSession()
    _ = call(
      .download(Download(commandKey: "key-7", fileType: .configuration, url: "http://192.0.2.1/f")), &session)
    _ = session.receive([])
    var state = session.router
    state.sessionSucceeded(now: now)
    if case .transfer(let transfer) = state.duty(now: now) {
      state.finish(transfer, fault: fault, started: now, now: now)
    }
    return state
  }

  @Test func `a finished transfer is told in the next session, after the Inform and once`() {
    var state = transferred(fault: TransferFault(code: 9010, text: "Download failure"))
    #expect(state.duty(now: now) == .session)
    var session = CPESession(router: state, url: url, now: now)
    _ = session.begin()
    #expect(session.events == [InformEvent(.transferComplete), InformEvent(.downloadMethod, commandKey: "key-7")])
    let told = message(session.receive(informResponse))?.body
    #expect(
      told
        == .request(
          .transferComplete(
            TransferComplete(
              commandKey: "key-7", fault: TransferFault(code: 9010, text: "Download failure"), startTime: now,
              completeTime: now))))
    #expect(session.receive(acs(.response(.transferComplete), id: "2")) == .postEmpty)
    #expect(session.receive([]) == .end)
    #expect(session.router.flash.events.isEmpty)
    #expect(session.router.flash.finished.isEmpty)
  }

  @Test func `a transfer whose telling was not answered is told again`() {
    var session = CPESession(router: transferred(fault: nil), url: url, now: now)
    _ = session.begin()
    _ = session.receive(informResponse)
    guard case .fail(.unexpected) = session.receive([]) else {
      Issue.record("silence was taken as an answer")
      return
    }
    #expect(session.router.flash.finished.count == 1)
    #expect(session.router.flash.events.informed.map(\.code) == [.transferComplete, .downloadMethod])
  }

  @Test func `HoldRequests keeps the router's own requests back until the ACS has no more to ask`() {
    var session = CPESession(router: transferred(fault: nil), url: url, now: now)
    _ = session.begin()
    #expect(session.receive(acs(.response(.inform(InformResponse())), id: "1", hold: true)) == .postEmpty)
    guard case .request(.transferComplete) = message(session.receive([]))?.body else {
      Issue.record("the TransferComplete was lost")
      return
    }
  }

  @Test func `a Reboot and a FactoryReset are left for after the session`() {
    var session = openSession()
    #expect(call(.reboot(RebootRequest(commandKey: "r")), &session) == .response(.reboot))
    #expect(call(.factoryReset, &session) == .response(.factoryReset))
    #expect(session.receive([]) == .end)
    #expect(session.commands == [.reboot(commandKey: "r"), .factoryReset])
  }

  @Test func `another URL is a BOOTSTRAP at the new ACS, which drops what the old one has not been told`() {
    var session = openSession(transferredAndAcknowledged)
    let value = ParameterValue(path: Path.url, value: "http://192.0.2.2:7547/acs")
    _ = call(.setParameterValues(SetParameterValues(parameters: [value])), &session)
    _ = call(.download(Download(commandKey: "k", fileType: .configuration, url: "http://192.0.2.1/f")), &session)
    _ = session.receive([])
    var state = session.router
    state.sessionSucceeded(now: now)
    #expect(state.duty(now: now) == .session)
    #expect(state.acs.url == "http://192.0.2.2:7547/acs")
    #expect(state.flash.events.informed.map(\.code) == [.bootstrap])
    #expect(state.flash.pending.isEmpty)
  }

  private var transferredAndAcknowledged: RouterState {
    var session = openSession()
    _ = session.receive([])
    return session.router
  }

  @Test func `what is no message, or has no place there, ends the session with its reason`() {
    var session = CPESession(router: router(), url: url, now: now)
    _ = session.begin()
    guard case .fail(.unreadable) = session.receive(Array("<html>".utf8)) else {
      Issue.record("a page was taken as a message")
      return
    }
    session = CPESession(router: router(), url: url, now: now)
    _ = session.begin()
    guard case .fail(.unexpected) = session.receive(acs(.request(.getRPCMethods))) else {
      Issue.record("a request was answered before the Inform was")
      return
    }
    session = openSession()
    guard case .fail(.unexpected) = session.receive(acs(.response(.transferComplete))) else {
      Issue.record("an answer to nothing was taken")
      return
    }
  }

  @Test func `no cut of a message traps, and none but the whole is obeyed`() {
    let whole = acs(.request(.reboot(RebootRequest(commandKey: "r"))))
    for length in 1..<whole.count {
      var session = openSession()
      _ = session.receive(Array(whole.prefix(length)))
      #expect(session.commands.isEmpty)
    }
  }
}
