import Testing

@testable import Transport

struct RandomnessTests {
  @Test func `a token has its length and only unambiguous letters and digits`() {
    let token = Randomness.token(characters: 2000)
    #expect(token.count == 2000)
    #expect(Set(token) == Set(String(decoding: Randomness.unambiguous, as: UTF8.self)))
    #expect(token.allSatisfy { !"0Oo1Il".contains($0) })
    #expect(Randomness.token(characters: 0) == "")
  }

  @Test func `two draws differ`() {
    #expect(Randomness.bytes(32).count == 32)
    #expect(Randomness.bytes(32) != Randomness.bytes(32))
    #expect(Randomness.token(characters: 24) != Randomness.token(characters: 24))
  }
}
