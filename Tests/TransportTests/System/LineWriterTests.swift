import Glibc
import Synchronization
import Testing

@testable import Transport

struct LineWriterTests {
  /// A pipe. Whoever writes has to have ended before it is gone: its descriptors are others' then.
  private final class Pipe: Sendable {
    let reading: CInt
    let writing: CInt
    private let hasHungUp = Atomic(false)

    init() {
      // A thread may still write when the test is over.
      signal(SIGPIPE, SIG_IGN)
      var ends: [CInt] = [0, 0]
      pipe(&ends)
      (reading, writing) = (ends[0], ends[1])
    }

    deinit {
      hangUp()
      close(writing)
    }

    /// Nobody reads any more.
    func hangUp() {
      if !hasHungUp.exchange(true, ordering: .relaxed) { close(reading) }
    }

    /// What comes up to and with a line that ends so.
    func read(through end: String) -> String {
      var text: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while !String(decoding: text, as: UTF8.self).hasSuffix(end + "\n") {
        let count = Glibc.read(reading, &buffer, buffer.count)
        guard count > 0 else { break }
        text += buffer.prefix(count)
      }
      return String(decoding: text, as: UTF8.self)
    }
  }

  @Test func `lines are written in their order`() throws {
    let pipe = Pipe()
    let writer = try LineWriter(to: pipe.writing) { "\($0) lost" }
    for number in 0..<1000 { writer.write("line \(number)") }
    #expect(pipe.read(through: "line 999") == (0..<1000).map { "line \($0)\n" }.joined())
    #expect(writer.finish(within: 10_000))
  }

  @Test func `whoever writes waits for no reader, and what was lost is told when one reads again`() throws {
    let pipe = Pipe()
    let writer = try LineWriter(to: pipe.writing, lineLimit: 100, byteLimit: 1 << 20) { "\($0) lost" }
    // Many times what the pipe and the queue hold.
    let line = String(repeating: "x", count: 999)
    for _ in 0..<2000 { writer.write(line) }
    let lost = writer.lost
    #expect(lost > 1500)
    let text = pipe.read(through: "\(lost) lost")
    #expect(text.split(separator: "\n").count == 2000 - lost + 1)
    writer.write("and on")
    #expect(pipe.read(through: "and on") == "and on\n")
    #expect(writer.finish(within: 10_000))
  }

  @Test func `bytes are bounded too`() throws {
    let pipe = Pipe()
    let writer = try LineWriter(to: pipe.writing, lineLimit: 1 << 20, byteLimit: 64 << 10) { "\($0) lost" }
    let line = String(repeating: "x", count: 32 << 10)
    for _ in 0..<100 { writer.write(line) }
    #expect(writer.lost > 90)
    pipe.hangUp()
    #expect(writer.finish(within: 10_000))
  }

  @Test func `the end waits for no reader beyond its time, and what is written then is nowhere`() throws {
    let pipe = Pipe()
    let writer = try LineWriter(to: pipe.writing) { "\($0) lost" }
    for _ in 0..<500 { writer.write(String(repeating: "x", count: 999)) }
    #expect(!writer.finish(within: 50))
    writer.write("late")
    #expect(writer.lost == 1)
    pipe.hangUp()
    #expect(writer.finish(within: 10_000))
  }

  @Test func `at the end what waits is written first`() throws {
    let pipe = Pipe()
    let writer = try LineWriter(to: pipe.writing) { "\($0) lost" }
    for number in 0..<10 { writer.write("\(number)") }
    #expect(writer.finish(within: 10_000))
    #expect(pipe.read(through: "9") == (0..<10).map { "\($0)\n" }.joined())
  }
}
