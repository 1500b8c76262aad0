import HTTP

/// Not a cryptographic hash: these tests are about everything around it. The vectors of the RFCs, with real hashes, are
/// with the transport's tests.
let plainHashes = HashFunctions(
  md5: { fold($0, seed: 0x811C_9DC5_CBF2_9CE4) },
  sha256: { fold($0, seed: 1) + fold($0, seed: 2) })

private func fold(_ bytes: [UInt8], seed: UInt64) -> String {
  [seed, ~seed].map { seed in
    let value = bytes.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }.joined()
}
