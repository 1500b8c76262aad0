import DHCP
import Net
import Testing

@testable import Services

struct LeftAloneTests {
  private static let start = Timestamp(secondsSince1970: 1_800_000_000)

  private func message(_ number: UInt64, vendorClass: String? = nil) -> (message: Message, hardware: MACAddress) {
    let hardware = MACAddress(rawValue: number)
    var message = Message(.discover, xid: 1, hardware: hardware)
    if let vendorClass { message.options.set(.vendorClass, bytes: Array(vendorClass.utf8)) }
    return (message, hardware)
  }

  @Test func `a client is news once, and its messages are counted`() {
    let left = LeftAlone()
    let (first, hardware) = message(1, vendorClass: "MSFT 5.0")
    #expect(left.note(first, hardware, at: Self.start))
    #expect(!left.note(message(1).message, hardware, at: Self.start.advanced(bySeconds: 4)))
    let listed = left.all
    #expect(listed.map(\.messages) == [2] && listed.map(\.vendorClass) == ["MSFT 5.0"])
    #expect(listed.map(\.lastSeen) == [Self.start.advanced(bySeconds: 4)])
    left.forget()
    #expect(left.all.isEmpty)
  }

  @Test func `a crowd of strangers leaves the latest 256`() {
    let left = LeftAlone()
    for number in 0..<1000 as Range<UInt64> {
      let (one, hardware) = message(number)
      _ = left.note(one, hardware, at: Self.start.advanced(bySeconds: Int64(number)))
    }
    let listed = left.all.map(\.hardware.rawValue)
    #expect(listed == (744..<1000).reversed())
  }
}
