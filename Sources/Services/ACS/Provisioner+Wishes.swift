import CWMP
import Journey
import Net
import Provisioning
import Store

// What routers, or their users, ask of the ACS.
extension Provisioner {
  /// Commits that the router wishes for a file. Where it is to have one, the plan asks for the Download later.
  func note(
    _ wish: RequestDownload, of session: inout ACSSession, in site: SiteConfiguration, at now: Timestamp
  ) async throws(StoreError) {
    var progress = Progress(of: session.device)
    let goal = try? goal(for: session.device, session.router, in: site)
    progress.wished(wish, goal: goal, tasks: tasks.open(of: session.device.id))
    try await commit(progress, to: &session, at: now)
  }

  /// Commits that somebody called the router's kick URL.
  func note(_ kicked: Kicked, of session: ACSSession, at now: Timestamp) async throws(StoreError) {
    let fact = Fact.kicked(
      command: String(kicked.command.prefix(32)), referer: String(kicked.referer.prefix(64)),
      argument: String(kicked.argument.prefix(256)), next: String(kicked.next.prefix(1024)))
    try await journey.commit([.event(Event(router: session.router, moment: now, fact: fact))])
  }
}
