import CLinux
import Glibc
package import Net

/// Asks addresses whether they are there by ICMP echo (RFC 792). For one thread; needs CAP_NET_RAW.
package final class EchoSocket {
  package let fileDescriptor: CInt
  private let identifier = UInt16.random(in: .min ... .max)
  private var sequence: UInt16 = 0

  package init() throws(SystemError) {
    let descriptor = linux_echo_open()
    guard descriptor >= 0 else { throw SystemError("opening a raw socket", code: -descriptor) }
    fileDescriptor = descriptor
  }

  deinit {
    close(fileDescriptor)
  }

  /// Sends an echo request the way that the routes say. Throws where there is none.
  package func ask(_ address: IPv4Address) throws(SystemError) {
    sequence &+= 1
    let result = linux_echo_send(fileDescriptor, address.rawValue, identifier, sequence)
    guard result >= 0 else { throw SystemError("sending an echo request to \(address)", code: -result) }
  }

  /// Who has answered since, at most `maximum`; does not block. Answers to others' requests are left out.
  package func answers(maximum: Int) throws(SystemError) -> [IPv4Address] {
    var answers: [IPv4Address] = []
    for _ in 0..<maximum {
      var address: UInt32 = 0
      var asker: UInt16 = 0
      var number: UInt16 = 0
      let result = linux_echo_receive(fileDescriptor, &address, &asker, &number)
      guard result >= 0 else { throw SystemError("receiving echo replies", code: -result) }
      guard result > 0 else { break }
      if asker == identifier { answers.append(IPv4Address(rawValue: address)) }
    }
    return answers
  }
}
