import CWMP
import Journey
import Net
import Provisioning
import Testing
import Transport

@testable import Services

/// What the journey tells of tasks that end other than by success.
struct TaskJourneyTests {
  private let all = QuirksOfEnvelopesTests.all
  private let periodic = [("2 PERIODIC", "")]

  /// A provisioned router.
  private func router(_ change: (inout RouterByHand) -> Void = { _ in }) async throws -> RouterByHand {
    var router = RouterByHand(try ACSFixture())
    #expect(try await router.session() == all)
    change(&router)
    return router
  }

  private func facts(of router: RouterByHand, _ kinds: Fact.Kind...) -> [String] {
    router.acs.store.events(of: nil, after: 0, limit: 1000).map(\.event.fact).filter { kinds.contains($0.kind) }.map {
      "\($0)"
    }
  }

  @Test func `a task that expires is told, though its router does not come`() async throws {
    let router = try await router()
    try await router.acs.ask(.reboot, of: router.id)
    await router.acs.handler.endOverdueTasks(at: SteadyClock.now().advanced(bySeconds: 4000))
    #expect(
      facts(of: router, .taskFailed) == [
        "did not do task 1, Reboot: it expired before the router came; ask again if it is still wanted"
      ])
  }

  @Test func `a task that fails for good is told with what the router said, and that it is given up`() async throws {
    var router = try await router()
    let spelling = router.spelling
    router.react = { _ in spelling.fault(9002, "busy") }
    try await router.acs.ask(.getRPCMethods, of: router.id)
    #expect(try await router.session(events: periodic) == ["GetRPCMethods"])
    #expect(
      facts(of: router, .taskFailed) == [
        "did not do task 1, GetRPCMethods: fault 9002, internal error (the router says \"busy\"); "
          + "given up after 1 attempt; ask again once that is mended"
      ])
  }

  @Test func `a transfer that a task cancels is told as canceled, not as failed`() async throws {
    var router = try await router()
    let spelling = router.spelling
    router.react = { request in
      guard case .upload = request else { return nil }
      return spelling.method(
        "UploadResponse",
        "<Status>1</Status><StartTime>0001-01-01T00:00:00Z</StartTime>"
          + "<CompleteTime>0001-01-01T00:00:00Z</CompleteTime>")
    }
    try await router.acs.ask(.upload(fileType: "2 Vendor Log File", delay: 600), of: router.id)
    try await router.acs.ask(.cancelTransfer(commandKey: "task-1-1"), of: router.id)
    #expect(try await router.session(events: periodic) == ["Upload", "CancelTransfer"])
    #expect(
      facts(of: router, .taskCanceled, .taskFailed) == [
        "need not do task 1, Upload 2 Vendor Log File, after 600 s: the router canceled the transfer, as task 2 asked"
      ])
  }
}
