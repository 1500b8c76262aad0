import CPE
import CWMP
import Net
import Testing

/// The router's queue of transfers, and its time windows.
struct QueuedTransferTests {
  private func schedule(_ windows: TimeWindow...) -> ACSRequest {
    .scheduleDownload(
      ScheduleDownload(
        commandKey: "s", fileType: .firmware, url: "http://192.0.2.1/i", fileSize: 9, targetFileName: "i.ipe",
        windows: windows))
  }

  private let download = ACSRequest.download(
    Download(commandKey: "d", fileType: .configuration, url: "http://192.0.2.1/f"))
  private let upload = ACSRequest.upload(Upload(commandKey: "u", fileType: .log, url: "http://192.0.2.1/u"))
  private let failure = TransferFault(code: 9010, text: "Download failure")

  private func after(_ seconds: Int64) -> Timestamp { Talk.now.advanced(bySeconds: seconds) }

  private func cancel(_ key: String) -> ACSRequest { .cancelTransfer(CancelTransfer(commandKey: key)) }

  /// The transfer that is due so many seconds after the session.
  private func due(_ router: inout RouterState, after seconds: Int64) -> PendingTransfer? {
    guard case .transfer(let transfer) = router.duty(now: after(seconds)) else { return nil }
    return transfer
  }

  @Test func `the queue shows what waits to be made and what waits to be told`() {
    var first = Talk()
    #expect(first.fault(download) == nil)
    var router = first.end()
    guard let transfer = due(&router, after: 0) else {
      Issue.record("no transfer is due")
      return
    }
    router.finish(transfer, fault: nil, started: Talk.now, now: Talk.now)
    var session = CPESession(router: router, url: Talk.url, now: Talk.now)
    _ = session.begin()
    let hold = ACSEnvelope(
      id: "1", namespace: .newest, header: Header(holdRequests: true), body: .response(.inform(InformResponse())))
    _ = session.receive(hold.encoded())
    var talk = first
    talk.session = session
    #expect(talk.call(upload) == .response(.upload(UploadResponse(status: .pending))))
    #expect(talk.call(schedule(TimeWindow(start: 60, end: 120))) == .response(.scheduleDownload))
    let transfers = [
      DescribedTransfer(
        QueuedTransfer(commandKey: "d", state: .completed), isDownload: true, fileType: .configuration),
      DescribedTransfer(QueuedTransfer(commandKey: "u", state: .notStarted), isDownload: false, fileType: .log),
      DescribedTransfer(
        QueuedTransfer(commandKey: "s", state: .notStarted), isDownload: true, fileType: .firmware, fileSize: 9,
        targetFileName: "i.ipe"),
    ]
    #expect(
      talk.call(.getAllQueuedTransfers)
        == .response(.getAllQueuedTransfers(GetAllQueuedTransfersResponse(transfers: transfers))))
    #expect(
      talk.call(.getQueuedTransfers)
        == .response(.getQueuedTransfers(GetQueuedTransfersResponse(transfers: transfers.map(\.transfer)))))
    #expect(talk.fault(cancel("d")) == 9021)
    #expect(talk.call(cancel("u")) == .response(.cancelTransfer))
    #expect(talk.session.router.flash.pending.map(\.commandKey) == ["s"])
  }

  @Test func `what was canceled is not made, and no TransferComplete follows`() {
    var talk = Talk()
    #expect(talk.fault(download) == nil)
    #expect(talk.call(cancel("d")) == .response(.cancelTransfer))
    #expect(talk.call(cancel("unknown")) == .response(.cancelTransfer))
    var router = talk.end()
    #expect(router.duty(now: after(60)) == .wait(until: nil))
    #expect(router.flash.events.isEmpty)
  }

  @Test func `a ScheduleDownload waits for its window, and is told with its own event`() {
    var talk = Talk()
    #expect(talk.call(schedule(TimeWindow(start: 60, end: 120, mode: .whenIdle))) == .response(.scheduleDownload))
    var router = talk.end()
    #expect(router.duty(now: after(0)) == .wait(until: after(60)))
    guard let transfer = due(&router, after: 60) else {
      Issue.record("no transfer is due")
      return
    }
    router.finish(transfer, fault: nil, started: after(60), now: after(61))
    #expect(router.duty(now: after(61)) == .session)
    var session = CPESession(router: router, url: Talk.url, now: after(61))
    #expect(session.events == [InformEvent(.transferComplete), InformEvent(.scheduleDownloadMethod, commandKey: "s")])
    _ = session.begin()
    _ = session.receive(
      ACSEnvelope(id: "1", namespace: .newest, body: .response(.inform(InformResponse()))).encoded())
    _ = session.receive(ACSEnvelope(id: "2", namespace: .newest, body: .response(.transferComplete)).encoded())
    #expect(session.router.flash.events.isEmpty)
    #expect(session.router.flash.finished.isEmpty)
  }

  @Test func `a failed one is tried again in its window as often as allowed, then in the next, and then told`() {
    var talk = Talk()
    let windows = [TimeWindow(start: 0, end: 60, maxRetries: 1), TimeWindow(start: 100, end: 160, maxRetries: 0)]
    #expect(talk.fault(schedule(windows[0], windows[1])) == nil)
    var router = talk.end()
    for moment in [0, 5, 100] as [Int64] {
      #expect(router.flash.finished.isEmpty)
      guard let transfer = due(&router, after: moment) else {
        Issue.record("no transfer is due after \(moment) s")
        return
      }
      router.finish(transfer, fault: failure, started: after(moment), now: after(moment))
    }
    #expect(router.flash.pending.isEmpty)
    #expect(router.flash.finished.map(\.faultCode) == [9010])
  }

  @Test func `one whose windows have passed is fault 9020`() {
    var talk = Talk()
    #expect(talk.fault(schedule(TimeWindow(start: 0, end: 60), TimeWindow(start: 60, end: 90))) == nil)
    var router = talk.end()
    var late = router
    #expect(due(&router, after: 89) != nil)
    #expect(late.duty(now: after(90)) == .session)
    #expect(late.flash.finished.map(\.faultCode) == [9020])
    #expect(
      late.flash.events.informed == [
        InformEvent(.transferComplete), InformEvent(.scheduleDownloadMethod, commandKey: "s"),
      ])
  }

  @Test func `windows that cannot be kept are fault 9003`() {
    var talk = Talk()
    #expect(talk.fault(schedule()) == 9003)
    #expect(talk.fault(schedule(TimeWindow(start: 9, end: 9))) == 9003)
    #expect(talk.fault(schedule(TimeWindow(start: 0, end: 9), TimeWindow(start: 8, end: 20))) == 9003)
    #expect(talk.fault(schedule(TimeWindow(start: 0, end: 9, mode: .confirmationNeeded))) == 9003)
    let web = ScheduleDownload(
      commandKey: "s", fileType: .webContent, url: "http://192.0.2.1/f", windows: [TimeWindow(start: 0, end: 9)])
    #expect(talk.fault(.scheduleDownload(web)) == 9003)
    #expect(talk.session.router.flash.pending.isEmpty)
  }

  @Test func `software modules are a method that the router has not`() {
    var talk = Talk()
    let operation = DeploymentOperation.install(DeploymentOperation.Install(url: "http://192.0.2.1/m"))
    #expect(talk.fault(.changeDUState(ChangeDUState(operations: [operation], commandKey: "c"))) == 9000)
    guard case .response(.getRPCMethods(let response)) = talk.call(.getRPCMethods) else {
      Issue.record("no list of methods")
      return
    }
    #expect(!response.methods.contains("ChangeDUState"))
    #expect(response.methods.contains("ScheduleDownload"))
  }
}
