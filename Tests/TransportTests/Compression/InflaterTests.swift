import HTTP
import Testing
import Transport

struct InflaterTests {
  private let text = Array(String(repeating: "<Name>InternetGatewayDevice.DeviceInfo.</Name>\n", count: 5000).utf8)

  private func coded(_ coding: ContentCoding) throws -> [UInt8] { try #require(Deflater.deflate(text, coding)) }

  /// All pieces of what is put in by `step` bytes.
  private func inflate(_ bytes: [UInt8], _ coding: ContentCoding, step: Int = .max) throws -> [UInt8] {
    let inflater = Inflater(coding)
    var result: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      inflater.put(rest.prefix(step))
      rest = rest.dropFirst(step)
      while let piece = try inflater.next() {
        #expect((1...Inflater.pieceSize).contains(piece.count))
        result += piece
      }
    }
    try inflater.finish()
    return result
  }

  @Test(arguments: [1, 2, 7, 1000, Int.max])
  func `gzip, zlib and raw deflate come out as they went in, however they are cut`(step: Int) throws {
    #expect(try inflate(try coded(.gzip), .gzip, step: step) == text)
    let zlib = try coded(.deflate)
    #expect(try inflate(zlib, .deflate, step: step) == text)
    #expect(try inflate(Array(zlib.dropFirst(2).dropLast(4)), .deflate, step: step) == text)
  }

  @Test func `members of gzip follow each other`() throws {
    #expect(try inflate(try coded(.gzip) + coded(.gzip), .gzip, step: 100) == text + text)
  }

  @Test func `nothing at all is an empty body`() throws {
    #expect(try inflate([], .gzip) == [] && inflate([], .deflate) == [])
  }

  @Test func `an end too early is noticed at every byte`() throws {
    let gzip = try #require(Deflater.deflate([UInt8](repeating: 1, count: 1000), .gzip))
    for count in 1..<gzip.count {
      #expect(throws: InflationError.truncated(.gzip)) { try inflate(Array(gzip.prefix(count)), .gzip) }
    }
    #expect(throws: InflationError.truncated(.deflate)) { try inflate([0x78], .deflate) }
  }

  @Test func `damage, and bytes after the end, are named`() throws {
    var damaged = try coded(.gzip)
    damaged[damaged.count - 6] ^= 1
    #expect(throws: InflationError.corrupt(.gzip, reason: "incorrect data check")) { try inflate(damaged, .gzip) }
    #expect(throws: InflationError.corrupt(.gzip, reason: "incorrect header check")) {
      try inflate(Array("<xml/>".utf8), .gzip)
    }
    #expect(throws: InflationError.trailingBytes(.deflate)) { try inflate(try coded(.deflate) + [0], .deflate) }
  }

  @Test func `a bomb comes out by pieces, so whoever takes them can stop`() throws {
    let bomb = try #require(Deflater.deflate([UInt8](repeating: 0, count: 64 << 20), .gzip))
    #expect(bomb.count < 100_000)
    let inflater = Inflater(.gzip)
    inflater.put(bomb)
    #expect(try inflater.next()?.count == Inflater.pieceSize)
  }

  @Test func `damaged data ends in an error or in pieces, and never in more than there is room for`() throws {
    var generator = Seeded(state: 5)
    for coding in [ContentCoding.gzip, .deflate] {
      let good = try coded(coding)
      for _ in 0..<500 {
        var bytes = good
        for _ in 0...Int.random(in: 0...3, using: &generator) {
          bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        let inflater = Inflater(coding)
        var size = 0
        do throws(InflationError) {
          inflater.put(bytes)
          while size < 4 << 20, let piece = try inflater.next() { size += piece.count }
          try inflater.finish()
        } catch {
          #expect(!error.description.isEmpty)
        }
        #expect(size <= (4 << 20) + Inflater.pieceSize)
      }
    }
  }

  @Test func `what would not become shorter is left as it is`() {
    #expect(Deflater.deflate([], .gzip) == nil && Deflater.deflate([1, 2, 3], .deflate) == nil)
  }
}

/// The same numbers at each run.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
