import Testing

/// How long the daemon's loops held up all others who wait for them; see `TurnWatch` in Sources/Transport.
extension Daemon {
  /// Measures turns, and tells those of more than 5 ms in the log.
  static let measuringTurns = ["USHER_TURNS": "5"]
  /// Microseconds of a processor that no turn of any loop takes, whoever it is that comes. A binary for debugging takes
  /// several times as long for all that it does.
  static var longestTurn: Int {
    get throws { try binary.contains("/debug/") ? 200_000 : 20_000 }
  }

  /// Microseconds of a processor, by the loop.
  func longestTurns() async throws -> [String: Int] {
    try await longest("loops.longestTurn.")
  }

  private func longest(_ prefix: String) async throws -> [String: Int] {
    let counters = try await json("status").first?["counters"] as? [String: Int] ?? [:]
    return Dictionary(
      uniqueKeysWithValues: counters.compactMap { name, value in
        name.hasPrefix(prefix) ? (String(name.dropFirst(prefix.count)), value) : nil
      })
  }

  /// Holds every loop of a daemon that measures against the longest turn; `loops` are to be among them.
  func expectShortTurns(of loops: String...) async throws {
    let turns = try await longestTurns()
    func told(_ longest: [String: Int]) -> String {
      longest.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    print("  longest turns in µs: \(told(turns)); rounds: \(told(try await longest("loops.longestRound.")))")
    let bar = try Self.longestTurn
    for loop in loops { #expect(turns[loop] != nil, "\(loop) is not measured") }
    for (loop, turn) in turns {
      #expect(
        turn < bar,
        "\(loop): \(program.errors.split(separator: "\n").filter { $0.contains("turn was long") }.joined(separator: "\n"))"
      )
    }
  }
}
