import Net
import Testing

@testable import Journey

struct FactTests {
  @Test(arguments: allFacts) func `a fact is read back as it was stored`(fact: Fact) {
    #expect(Fact(name: fact.name, detail: fact.detail) == fact)
  }

  @Test func `every kind of fact is among the samples, and each has its own name`() {
    #expect(Set(allFacts.map(\.kind)) == Set(Fact.Kind.allCases))
    #expect(allFacts.allSatisfy { $0.name == $0.kind.rawValue })
  }

  @Test func `the stored form does not change`() {
    let unit = "\u{1F}"
    #expect(Fact.leased(address: address, url: nil, dialect: "a\u{1F}b", seconds: 60).name == "leased")
    #expect(
      Fact.leased(address: address, url: nil, dialect: "a\u{1F}b", seconds: 60).detail
        == "192.0.2.10\(unit)\\-\(unit)a\\1fb\(unit)60")
    #expect(Fact.informed(events: ["1 BOOT"], softwareVersion: nil).detail == "\\-\(unit)1 BOOT")
    #expect(Fact.secured.detail == "")
  }

  @Test(arguments: [
    ("", ""), ("Leased", "192.0.2.10"), ("offered", ""), ("offered", "192.0.2.10\u{1F}x"), ("offered", "192.0.2"),
    ("secured", "x"), ("secured", "\u{1F}"), ("leased", "192.0.2.10\u{1F}\\-\u{1F}\\-\u{1F}9999999999999999999"),
    ("parametersSet", "x"), ("unserved", "a\nb"), ("unserved", "a\\"), ("unserved", "a\\1"), ("unserved", "a\\zz"),
    ("informed", ""), ("informed", "\\-\u{1F}\\"), ("refused", "x\u{1F}y"), ("mismatched", "a\u{1F}b"),
  ])
  func `what no fact is stored as is refused`(name: String, detail: String) {
    if name == "informed", detail.isEmpty {
      #expect(Fact(name: name, detail: detail) == .informed(events: [], softwareVersion: ""))
    } else {
      #expect(Fact(name: name, detail: detail) == nil)
    }
  }

  @Test func `a cut or damaged detail is read or refused, and never more than was stored`() {
    var generator = FixedGenerator(state: 3)
    for fact in allFacts {
      let detail = Array(fact.detail.unicodeScalars)
      for length in 0...detail.count {
        var cut = String.UnicodeScalarView()
        cut.append(contentsOf: detail[..<length])
        _ = Fact(name: fact.name, detail: String(cut))
      }
      for _ in 0..<50 where !detail.isEmpty {
        var damaged = detail
        let alphabet: [Unicode.Scalar] = ["\u{1F}", "\\", "-", "0", "\n", "é"]
        damaged[Int.random(in: 0..<damaged.count, using: &generator)] =
          alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        var text = String.UnicodeScalarView()
        text.append(contentsOf: damaged)
        guard let read = Fact(name: fact.name, detail: String(text)) else { continue }
        #expect(Fact(name: read.name, detail: read.detail) == read)
      }
    }
  }

  @Test func `what a router sends cannot grow the store`() {
    let long = String(repeating: "\u{0}", count: 100_000)
    let fact = Fact.informed(events: Array(repeating: long, count: 1000), softwareVersion: long)
    #expect(fact.detail.utf8.count < 65 * (3 * 1024 + 1))
    #expect(Fact(name: fact.name, detail: fact.detail) != nil)
  }

  @Test func `a description is one sentence, fit to be printed`() {
    #expect(
      Fact.leased(address: address, url: url, dialect: "comware", seconds: 43_200).description
        == "leased 192.0.2.10 for 43200 s; option 43 (comware) names http://acs.usher.internal:7547/acs")
    #expect(
      Fact.discovered(vendorClass: "\u{1B}[2J\u{202E}x", hostname: nil, relay: nil).description
        == "asks for an address, vendor class \"\u{FFFD}[2J\u{FFFD}x\"")
    #expect(
      Fact.downloadFailed(file: "a.cfg", code: 9010, text: "no route").description
        == "failed to download \"a.cfg\": the file could not be downloaded (9010 \"no route\")")
    #expect(
      Fact.informed(events: ["0 BOOTSTRAP", "1 BOOT"], softwareVersion: "7.1").description
        == "informed with 0 BOOTSTRAP, 1 BOOT, software 7.1")
    let long = String(repeating: "x\n", count: 10_000)
    for fact in allFacts + [
      .unserved(reason: long), .informed(events: [long, long, long, long, long], softwareVersion: long),
    ] {
      #expect(fact.description.count < 600)
      #expect(!fact.description.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }
  }

  @Test func `every fault code of TR-069 has words`() {
    for code in 9000...9032 { #expect(CPEFault.words(for: code) != nil) }
    #expect(CPEFault.words(for: 9033) == nil)
    #expect(CPEFault.words(for: 9808) == "a fault of the vendor's own")
    #expect(Set((9000...9032).compactMap(CPEFault.words)).count == 33)
  }
}

/// A generator with a fixed seed (xorshift), so that a failure can be repeated.
struct FixedGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
