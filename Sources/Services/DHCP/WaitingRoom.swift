import DHCP
import Net
import Transport

/// The messages that wait until it is known whether anyone has the address which they would be answered with, and what
/// the network is asked by. For the loop's thread only.
struct WaitingRoom {
  /// Asks across relays; nil where that is not permitted, and then nobody is asked there.
  private let echo = try? EchoSocket()
  private var waiting: [IPv4Address: DHCPLoop.Inbound] = [:]

  var fileDescriptor: CInt? { echo?.fileDescriptor }

  /// Each address is on offer to one client, whose latest message counts: there are as many as questions that are open.
  mutating func wait(_ inbound: DHCPLoop.Inbound, for address: IPv4Address) {
    waiting[address] = inbound
  }

  mutating func take(_ address: IPv4Address) -> DHCPLoop.Inbound? {
    waiting.removeValue(forKey: address)
  }

  mutating func empty() {
    waiting = [:]
  }

  func client(waitingFor address: IPv4Address) -> MACAddress? {
    waiting[address]?.message.hardware
  }

  /// Who has answered an echo.
  func echoes() -> [DHCPLoop.Claim] {
    let answers = (try? echo?.answers(maximum: AddressProbes.maximumRate)) ?? []
    return answers.map { DHCPLoop.Claim(address: $0, hardware: nil) }
  }

  /// Sends the questions; one that cannot be sent is one that nobody answers. Returns how many those are.
  func ask(_ questions: [AddressProbes.Question], through ports: [DHCPPort]) -> Int {
    var failed = 0
    for question in questions {
      do {
        guard let source = question.source else {
          try echo?.ask(question.address)
          continue
        }
        try ports.first { $0.addresses.contains(source) }?.ask(question.address, from: source)
      } catch {
        failed += 1
      }
    }
    return failed
  }
}
