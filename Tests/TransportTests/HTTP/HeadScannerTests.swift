import Testing

@testable import Transport

struct HeadScannerTests {
  /// What goes on to the parser of a head that comes in these pieces, and what is left behind its end.
  private func unfolded(_ pieces: [[UInt8]]) -> (head: String, rest: String, isEnd: Bool) {
    var scanner = HeadScanner()
    var (passed, held, isEnd) = ([UInt8](), [UInt8](), false)
    for piece in pieces {
      guard !isEnd else {
        held += piece
        continue
      }
      var bytes = held + piece
      let finding = bytes.withUnsafeBytes { scanner.scan($0) }
      for place in finding.folds {
        bytes[place] = 0x20
        if place > 0, bytes[place - 1] == 0x0D { bytes[place - 1] = 0x20 }
      }
      passed += bytes[..<finding.count]
      held = Array(bytes[finding.count...])
      isEnd = finding.isEnd
      if !isEnd { #expect(held.count <= 2) }
    }
    return (String(decoding: passed, as: UTF8.self), String(decoding: held, as: UTF8.self), isEnd)
  }

  static let heads: [(String, String)] = [
    ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("GET / HTTP/1.1\r\nA: b,\r\n c\r\n\td\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nA: b,   c  \td\r\nHost: a\r\n\r\n"),
    ("GET / HTTP/1.1\nA: b\n c\n\n", "GET / HTTP/1.1\nA: b  c\n\n"),
    ("\r\n\r\nGET / HTTP/1.1\r\nA: \r\n b\r\n \r\n\r\n", "\r\n\r\nGET / HTTP/1.1\r\nA:    b   \r\n\r\n"),
    // What says the length of the body, and what is no field, is left to the parser.
    ("GET / HTTP/1.1\r\n A: b\r\n\r\n", "GET / HTTP/1.1\r\n A: b\r\n\r\n"),
    ("GET / HTTP/1.1\r\nContent-Length:\r\n 5\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length:\r\n 5\r\n\r\n"),
    (
      "GET / HTTP/1.1\r\ntransfer-ENCODING: x,\r\n chunked\r\n\r\n",
      "GET / HTTP/1.1\r\ntransfer-ENCODING: x,\r\n chunked\r\n\r\n"
    ),
  ]

  @Test(arguments: heads)
  func `a folded field is made one line, wherever the pieces end`(head: String, wanted: String) {
    let bytes = Array((head + " x\r\n y").utf8)
    let end = head.utf8.count
    for split in 1..<bytes.count {
      let (passed, rest, isEnd) = unfolded([Array(bytes[..<split]), Array(bytes[split...])])
      #expect(passed == wanted && rest == " x\r\n y" && isEnd, "split at \(split)")
    }
    let (passed, rest, isEnd) = unfolded(bytes.map { [$0] })
    #expect(passed == wanted && rest == " x\r\n y" && isEnd)
    #expect(bytes.count > end)
  }

  @Test(arguments: [
    ("Content-Length: 12\r\n", 12), ("CONTENT-LENGTH:7 \r\n", 7), ("A: b\r\ncontent-length: 3\n", 3), ("A: b\r\n", nil),
    ("X-Content-Length: 3\r\n", nil), ("Content-Length: 1x\r\n", nil), ("Content-Length: -1\r\n", nil),
    ("Content-Length: 99999999999999999999999\r\n", nil), ("Content-Length: 4\r\nContent-Length: 5\r\n", 4),
    ("Content-Length : 4\r\n", nil), ("Content-Lengths: 4\r\n", nil),
  ])
  func `the length of the body is read where it is a number`(fields: String, length: Int?) {
    var scanner = HeadScanner()
    let finding = Array("POST / HTTP/1.1\r\n\(fields)\r\nbody".utf8).withUnsafeBytes { scanner.scan($0) }
    #expect(finding.isEnd && finding.bodyLength == length)
  }

  @Test func `a line that began in an earlier piece says no length`() {
    var scanner = HeadScanner()
    _ = Array("POST / HTTP/1.1\r\nX-".utf8).withUnsafeBytes { scanner.scan($0) }
    let finding = Array("Content-Length: 5\r\n\r\n".utf8).withUnsafeBytes { scanner.scan($0) }
    #expect(finding.isEnd && finding.bodyLength == nil)
  }

  @Test func `the empty lines of a body in chunks are found, wherever the pieces end`() {
    let bytes = Array("4\r\na\n\nb\r\n0\r\nX: y\r\n\r\nGET".utf8)
    for split in 0...bytes.count {
      var scanner = ChunkScanner()
      var ends: [Int] = []
      var place = 0
      for piece in [bytes[..<split], bytes[split...]] {
        var rest = Array(piece)
        while !rest.isEmpty {
          let count = rest.withUnsafeBytes { scanner.count($0) }
          place += count
          ends.append(place)
          rest.removeFirst(count)
        }
      }
      let end = bytes.count - 3
      #expect(Set([6, end, bytes.count]).isSubset(of: ends), "split at \(split): \(ends)")
    }
  }
}
