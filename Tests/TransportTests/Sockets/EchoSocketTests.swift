import Net
import Testing
import Transport

struct EchoSocketTests {
  @Test func `an address that is there answers an echo, and answers to others are not ours`() throws {
    let socket = try EchoSocket()
    let other = try EchoSocket()
    let address = IPv4Address(127, 0, 0, 1)
    #expect(try socket.answers(maximum: 8).isEmpty)
    try socket.ask(address)
    try socket.ask(IPv4Address(127, 0, 0, 2))
    var poller = Poller([socket.fileDescriptor])
    var answers: [IPv4Address] = []
    for _ in 0..<20 where answers.count < 2 {
      _ = try poller.wait(milliseconds: 500)
      answers += try socket.answers(maximum: 8)
    }
    #expect(Set(answers) == [address, IPv4Address(127, 0, 0, 2)])
    #expect(try other.answers(maximum: 8).isEmpty)
  }

  @Test func `a poller tells readiness beyond the sixty-fourth descriptor`() throws {
    let wakeups = try (0..<Poller.maximumCount).map { _ in try Wakeup() }
    var poller = Poller(wakeups.map(\.fileDescriptor))
    for position in [0, 63, 64, 130, 255] {
      wakeups[position].signal()
      let ready = try poller.wait(milliseconds: 1000)
      #expect((0..<300).filter(ready.contains) == [position])
      wakeups[position].clear()
    }
  }
}
