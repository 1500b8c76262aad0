import CWMP
import Net
import Testing

@testable import Provisioning

struct RelapseTests {
  private func inform(
    _ device: Device, _ login: Contact.Login, at seconds: Int64, events: [String] = ["2 PERIODIC"], shares: Bool = false
  ) -> Progress {
    Progress(
      device,
      informed: Contact(
        id: msr, manufacturer: "H3C", events: events.map { Contact.Occurrence($0) }, parameters: [], login: login),
      sharesCredentials: shares, at: noon.advanced(bySeconds: seconds))
  }

  /// A session in which it takes what it is offered; whether it was offered new credentials.
  private func session(
    _ device: inout Device, _ login: Contact.Login, at seconds: Int64, events: [String] = ["2 PERIODIC"]
  ) -> (isOffered: Bool, outcomes: [Outcome]) {
    var progress = inform(device, login, at: seconds, events: events)
    let isOffered = progress.device.needsCredentials
    if isOffered {
      progress.credentialsProposed(sealed)
      progress.credentialsAccepted()
    }
    device = progress.device
    return (isOffered, progress.outcomes)
  }

  @Test(arguments: [["2 PERIODIC"], ["0 BOOTSTRAP", "1 BOOT"], ["1 BOOT"]])
  func `a router that takes its own credentials and does not use them is given new ones three times, and then left`(
    events: [String]
  ) {
    var device = device { $0.credentials = .confirmed(sealed) }
    var offers = 0
    var told: [Outcome] = []
    for round in 1...60 {
      let (isOffered, outcomes) = session(&device, .bootstrap, at: Int64(round) * 20, events: events)
      offers += isOffered ? 1 : 0
      told += outcomes
    }
    #expect(offers == 3)
    let losses = told.filter { if case .credentialsLost = $0 { true } else { false } }
    #expect(
      losses == (1...3).map { .credentialsLost(times: $0, isLeft: false) } + [.credentialsLost(times: 4, isLeft: true)])
    #expect(!device.isSecured)
    #expect(device.credentials == .confirmed(sealed), "it may still log in with them")
  }

  @Test func `its word that it took them counts once at most`() {
    var device = device { $0.credentials = .confirmed(sealed) }
    let outcomes = (1...5).flatMap { session(&device, .bootstrap, at: Int64($0) * 20).outcomes }
    #expect(!outcomes.contains(.secured))
  }

  @Test func `it is tried once more a day later, and left again`() {
    var device = device { $0.credentials = .confirmed(sealed) }
    for round in 1...5 { _ = session(&device, .bootstrap, at: Int64(round)) }
    #expect(session(&device, .bootstrap, at: 86_000).isOffered == false)
    #expect(session(&device, .bootstrap, at: 86_410).isOffered)
    #expect(session(&device, .bootstrap, at: 86_420).isOffered == false)
    #expect(session(&device, .bootstrap, at: 86_430).isOffered == false)
  }

  @Test func `once it logs in with its own it is secured, and read back anew`() {
    var device = device {
      $0.credentials = .confirmed(sealed)
      $0.verified = Verification(fingerprint: "f", moment: noon)
    }
    for round in 1...5 { _ = session(&device, .bootstrap, at: Int64(round)) }
    let (_, outcomes) = session(&device, .own, at: 60)
    #expect(outcomes.contains(.secured))
    #expect(device.isSecured && device.relapse == nil && device.verified == nil)
  }

  @Test func `a router that does not use its own credentials is verified and not provisioned`() throws {
    let goal = try goal(profile: Profile(name: "p"))
    var progress = Progress(
      of: device {
        $0.credentials = .confirmed(sealed)
        $0.relapse = Relapse(count: 4, moment: noon, isDoubted: true, isLeft: true)
      })
    progress.readBack(goal.parameters.map(\.wanted), goal: goal, at: noon)
    #expect(progress.outcomes == [.verified])
  }

  @Test func `a person has it tried anew`() {
    var progress = Progress(
      of: device {
        $0.credentials = .confirmed(sealed)
        $0.relapse = Relapse(count: 4, moment: noon, isDoubted: true, isLeft: true)
      })
    progress.retryCredentials()
    #expect(progress.device.renewal == .due && progress.device.relapse == nil)
    #expect(progress.device.credentials == .confirmed(sealed), "its own hold until it has new ones")
  }

  private static let next = SealedCredentials(username: "msr-1", secrets: [9])

  /// As it is after a factory reset, once it has taken new credentials.
  private func renewed() -> Device {
    var progress = inform(
      device {
        $0.credentials = .confirmed(sealed)
        $0.usesOwn = true
      }, .bootstrap, at: 10, events: ["0 BOOTSTRAP", "1 BOOT"])
    #expect(progress.device.needsCredentials && !progress.device.isSecured)
    progress.credentialsProposed(Self.next)
    #expect(progress.device.offered == Self.next && !progress.device.isSecured)
    progress.credentialsAccepted()
    return progress.device
  }

  @Test func `its own credentials end when it logs in with the new ones`() {
    let device = renewed()
    #expect(device.credentials == .confirmed(sealed) && device.isSecured && device.held == Self.next)
    let used = inform(device, .next, at: 20).device
    #expect(used.credentials == .confirmed(Self.next) && used.renewal == nil && used.relapse == nil && used.usesOwn)
  }

  @Test func `new credentials that it logs in with before it has answered are secured by that`() {
    var device = renewed()
    device.renewal = .proposed(Self.next)
    let used = inform(device, .next, at: 20)
    #expect(used.device.credentials == .confirmed(Self.next) && used.outcomes.contains(.secured))
  }

  @Test func `where it logs in with its own, whoever was given new ones was another, and they are void`() {
    var device = renewed()
    device.approval = Approval(address: here.address ?? IPv4Address(0, 0, 0, 0), moment: noon)
    for renewal in [Renewal.due, .proposed(Self.next), .accepted(Self.next)] {
      device.renewal = renewal
      let used = inform(device, .own, at: 20)
      #expect(
        used.device.credentials == .confirmed(sealed) && used.device.renewal == nil && used.device.approval == nil)
      #expect(used.outcomes.contains(.secured) && used.device.verified == nil)
    }
  }

  @Test func `a renewal that is under way is no further loss, and goes on with what was sent`() {
    var device = renewed()
    for renewal in [Renewal.due, .proposed(Self.next)] {
      device.renewal = renewal
      let again = inform(device, .bootstrap, at: 20, events: ["0 BOOTSTRAP", "1 BOOT"])
      #expect(again.device.renewal == renewal && again.device.relapse?.count == 1)
    }
  }

  @Test func `a router that its certificate names is given new ones after a reset, which count once it comes again`() {
    let own = device { $0.credentials = .confirmed(sealed) }
    var progress = inform(own, .certificate, at: 1, events: ["0 BOOTSTRAP"])
    #expect(progress.device.renewal == .due)
    progress.credentialsProposed(Self.next)
    progress.credentialsAccepted()
    #expect(inform(progress.device, .certificate, at: 2).device.credentials == .confirmed(Self.next))
    #expect(inform(own, .certificate, at: 1).device.renewal == nil)
  }

  @Test func `a model that is let be is given none, and is provisioned with the shared ones`() throws {
    var circumstances = here
    circumstances.sharesCredentials = true
    let profile = Profile(name: "p")
    var device = device { $0.admission = .admitted(by: "the inventory") }
    let goal = try Goal(for: device, row: row, profile: profile, circumstances, digest: digest)
    guard case .setParameters = Plan.next(for: device, goal: goal, at: noon) else {
      Issue.record("it is not to be secured")
      return
    }
    var progress = Progress(of: device)
    progress.readBack(goal.parameters.map(\.wanted), goal: goal, at: noon)
    #expect(progress.outcomes == [.verified, .provisioned])
    device.credentials = .confirmed(sealed)
    let later = inform(device, .bootstrap, at: 60, shares: true)
    #expect(later.device.credentials == .bootstrap && later.device.relapse == nil)
    #expect(later.outcomes.count == 1)
  }

  @Test func `credentials that were offered and not taken are offered again after a factory reset`() {
    let offered = device { $0.credentials = .proposed(sealed) }
    let progress = inform(offered, .bootstrap, at: 9, events: ["0 BOOTSTRAP", "1 BOOT"])
    #expect(progress.device.credentials == .proposed(sealed))
  }
}
