import Testing

@testable import CWMP

struct TranscriptSecretsTests {
  private let blank = Array("***".utf8)

  private func parameter(_ name: String, _ value: String) -> String { "<Name>\(name)</Name><Value>\(value)</Value>" }

  private func fault(_ text: String) -> String { "<FaultString>\(text)</FaultString>" }

  private func blanked(_ message: String) -> String {
    let bytes = Transcript.blanked([Array(message.utf8)]) { $0.hasSuffix("Password") }
    return String(decoding: bytes[0], as: UTF8.self)
  }

  // MARK: - The search

  /// Each place of each secret is looked for by itself; those that overlap are one.
  private func model(_ text: [UInt8], _ secrets: [[UInt8]]) -> [UInt8] {
    var isSecret = [Bool](repeating: false, count: text.count)
    // Where a place begins that none before it reaches into.
    var begins = Set<Int>()
    var joined = Set<Int>()
    for secret in secrets where secret.count <= text.count {
      for start in 0...(text.count - secret.count) where text[start..<start + secret.count].elementsEqual(secret) {
        begins.insert(start)
        for place in start..<start + secret.count { isSecret[place] = true }
        for place in (start + 1)..<max(start + 1, start + secret.count) { joined.insert(place) }
      }
    }
    var result: [UInt8] = []
    for place in text.indices {
      if !isSecret[place] {
        result.append(text[place])
      } else if place == 0 || !isSecret[place - 1] || begins.contains(place) && !joined.contains(place) {
        result += blank
      }
    }
    return result
  }

  /// One secret after the other, the longest first, as it was done before.
  private func oneByOne(_ text: [UInt8], _ secrets: [[UInt8]]) -> [UInt8] {
    secrets.sorted { $0.count > $1.count }.reduce(text) { $0.replacing($1, with: blank) }
  }

  private func overlap(_ text: [UInt8], _ secrets: [[UInt8]]) -> Bool {
    var taken: [Range<Int>] = []
    for secret in secrets where secret.count <= text.count {
      for start in 0...(text.count - secret.count) where text[start..<start + secret.count].elementsEqual(secret) {
        let place = start..<start + secret.count
        if taken.contains(where: { $0.overlaps(place) }) { return true }
        taken.append(place)
      }
    }
    return false
  }

  @Test func `every place of every secret is found, in any text`() {
    var generator = SeededGenerator(seed: 13)
    var apart = 0
    for round in 0..<20_000 {
      let letters = UInt8(2 + round % 3)
      func word(_ lengths: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: lengths, using: &generator)).map { _ in
          UInt8(ascii: "a") + UInt8.random(in: 0..<letters, using: &generator)
        }
      }
      let secrets = Array(Set((0..<Int.random(in: 1...4, using: &generator)).map { _ in word(1...5) }))
      let text = word(0...24)
      let found = SecretSearch(secrets).blanked(text[...], by: blank)
      #expect(found == model(text, secrets), "\(text) \(secrets)")
      if !overlap(text, secrets) {
        apart += 1
        #expect(found == oneByOne(text, secrets), "\(text) \(secrets)")
      }
    }
    #expect(apart > 1000)
  }

  @Test func `secrets of all bytes that there are are found`() {
    let all = (0...255).map { UInt8($0) }
    let search = SecretSearch([all, [255, 0], [7]])
    #expect(search.blanked((all + [0] + all)[...], by: blank) == blank + blank)
    #expect(search.blanked([1, 7, 2][...], by: blank) == [1] + blank + [2])
  }

  // MARK: - What is bounded

  @Test func `of more secrets than are looked for none is shown by a fault`() {
    let secrets = (0..<400).map { "secret\($0)" }
    let message =
      secrets.map { parameter("A.Password", $0) }.joined() + fault(secrets.joined(separator: " ")) + parameter("B", "2")
    let text = blanked(message)
    #expect(!text.contains("secret0") && !text.contains("secret399"))
    #expect(
      text.hasSuffix(fault("*** (left out: the session has more secrets than are looked for)") + parameter("B", "2")))
  }

  @Test func `a secret that is longer than any is not shown by a fault either`() {
    let long = String(repeating: "long", count: 10_000)
    let text = blanked(parameter("A.Password", long) + fault("not \(long)") + fault("short"))
    #expect(!text.contains("longlong"))
    #expect(text.ranges(of: "left out").count == 2)
  }

  @Test func `the same secret many times is one`() {
    let text = blanked(String(repeating: parameter("A.Password", "one"), count: 1000) + fault("one of one"))
    #expect(text.hasSuffix(fault("*** of ***")))
  }

  @Test(.timeLimit(.minutes(1))) func `a long fault is looked through for many secrets in one pass`() {
    let secrets = (0..<250).map { "a\(1000 + $0)" }
    let message =
      secrets.map { parameter("A.Password", $0) }.joined() + fault(String(repeating: "a1000a999", count: 100_000))
    let clock = ContinuousClock()
    var text = ""
    let time = clock.measure { text = blanked(message) }
    #expect(text.hasSuffix(fault(String(repeating: "***a999", count: 100_000))))
    // One after the other they took half a minute.
    #expect(time < .seconds(5))
  }
}

/// The same numbers each time (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
