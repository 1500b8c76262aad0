/// Random values that are the same in every run (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Every prefix of the texts, and many texts made of them by changing, doubling, dropping and joining bytes.
func mutations(of seeds: [String], count: Int = 4000) -> [String] {
  var random = Seeded(0x5EED)
  let interesting = Array("\"\\=,;: \t\r\n%&?#\0\u{7F}aZ09+/-_".utf8) + [0x80, 0xC3, 0xFF]
  var texts = seeds.flatMap { seed in seed.utf8.indices.map { String(decoding: seed.utf8[..<$0], as: UTF8.self) } }
  for _ in 0..<count {
    var bytes = Array((seeds.randomElement(using: &random) ?? "").utf8)
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      let byte = interesting.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<5, using: &random) {
      case 0 where place < bytes.count: bytes[place] = byte
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: repeatElement(byte, count: Int.random(in: 1...40, using: &random)), at: place)
      case 3: bytes.append(contentsOf: bytes.prefix(place))
      default: bytes.insert(byte, at: place)
      }
    }
    texts.append(String(decoding: bytes, as: UTF8.self))
  }
  return texts
}
