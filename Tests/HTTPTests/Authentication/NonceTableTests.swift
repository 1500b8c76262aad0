import HTTP
import Testing

struct NonceTableTests {
  private let now: Int64 = 1_800_000_000_000

  private func table(capacity: Int = 16) -> NonceTable {
    NonceTable(secret: Array(0..<16), capacity: capacity, hashes: plainHashes)
  }

  @Test func `a nonce has no more than 32 characters, which is what some routers keep`() {
    var table = table()
    var nonces: Set<String> = []
    for moment in [0, 1_796_000_000_000, 1_796_000_000_000, 17_592_186_044_415] as [Int64] {
      let nonce = table.issue(at: moment)
      #expect(nonce.utf8.count == 32 && nonces.insert(nonce).inserted)
      #expect(table.standing(of: nonce, count: 1, at: moment) == .fresh)
    }
  }

  @Test func `no two nonces are the same, and unused ones take no room`() {
    var table = table()
    let nonces = (0..<1000).map { _ in table.issue(at: now) }
    #expect(Set(nonces).count == 1000)
    #expect(table.count == 0)
    #expect(nonces.allSatisfy { table.standing(of: $0, count: 1, at: now) == .fresh })
  }

  @Test func `any changed digit makes a nonce unknown`() {
    var table = table()
    let nonce = Array(table.issue(at: now).utf8)
    for place in nonce.indices {
      var changed = nonce
      changed[place] = changed[place] == 0x30 ? 0x31 : 0x30
      #expect(table.standing(of: String(decoding: changed, as: UTF8.self), count: 1, at: now) == .unknown)
      #expect(table.standing(of: String(decoding: nonce[..<place], as: UTF8.self), count: 1, at: now) == .unknown)
    }
  }

  @Test func `the table stays within its capacity, and what it gave up is stale, not fresh`() {
    var table = table()
    let nonces = (0..<100).map { table.issue(at: now + Int64($0)) }
    for nonce in nonces {
      #expect(table.use(nonce, count: 1, at: now + 100) == .fresh)
      #expect(table.count <= 16)
    }
    for nonce in nonces {
      #expect(table.use(nonce, count: 1, at: now + 100) != .fresh)
    }
  }

  @Test func `expired uses make room before used ones are given up`() {
    var table = table()
    for _ in 0..<16 { _ = table.use(table.issue(at: now), count: 1, at: now) }
    let later = now + table.lifetime + 1
    let kept = table.issue(at: later)
    #expect(table.use(kept, count: 1, at: later) == .fresh)
    #expect(table.count == 1)
    #expect(table.use(kept, count: 2, at: later) == .fresh)
  }

  @Test func `a clock set back by more than a lifetime makes nonces expire, not live longer`() {
    var table = table()
    let nonce = table.issue(at: now)
    #expect(table.standing(of: nonce, count: 1, at: now - table.lifetime - 1) == .expired)
    #expect(table.standing(of: nonce, count: 1, at: 0) == .expired)
  }
}
