import Foundation
import Testing

extension Lab {
  /// Plugs a simulated MSR into a client's cable. Its pauses are short: a failed automatic configuration is tried again
  /// after a second, and a reboot takes one.
  func router(_ serial: String, at number: Int = 0, arguments: [String] = []) throws -> Program {
    let timing = ["--retry", "1", "--reboot", "1"]
    return try Program(
      [try Daemon.binary, "cpe", "--interface", "eth0", "--serial", serial] + timing + arguments, in: client(number))
  }
}

/// What `usher journey ROUTER --json` says, as far as tests look at it.
struct Journey: Decodable {
  struct Router: Decodable {
    struct Milestone: Decodable {
      let name: String
      let moment: String?
    }

    let standing: String
    let milestone: String?
    let missing: String?
    let cause: String?
    let advice: String?
    let milestones: [Milestone]
  }

  struct Event: Decodable {
    let event: String
    let text: String
    let trouble: Bool
  }

  let router: Router
  let events: [Event]

  /// The milestones reached, in their order.
  var reached: [String] { router.milestones.filter { $0.moment != nil }.map(\.name) }

  func count(_ event: String) -> Int { events.count { $0.event == event } }
}

extension Daemon {
  /// The journey of one router; nil where it has not been seen.
  func journey(of router: String) async throws -> Journey? {
    let result = try await usher("journey", router, "--json")
    guard result.status == 0 else { return nil }
    return try JSONDecoder().decode(Journey.self, from: Data(result.output.utf8))
  }

  /// The journey once it is as `condition` wants it, or as it is after `seconds`.
  func journey(
    of router: String, within seconds: Double, until condition: (Journey) -> Bool
  ) async throws -> Journey {
    var journey: Journey?
    _ = try await eventually(within: seconds) {
      journey = try await self.journey(of: router)
      return journey.map(condition) ?? false
    }
    return try #require(journey, "no router \(router) was seen")
  }

  /// Follows a router to the end of its way; fails, with what the command printed, where it does not get there in time.
  func provisions(_ router: String, within seconds: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws
  {
    let words = [
      "journey", router, "--follow", "--until", "provisioned", "--within", "\(seconds)", "--control", control,
    ]
    let result = try await Program([try Self.binary] + words).result(within: Double(seconds) + 10)
    #expect(result.status == 0, "\(result.output)\(result.errors)", sourceLocation: sourceLocation)
  }
}
