import Net
import Testing

@testable import Transport

struct NeighborTableTests {
  private static let table = Array(
    """
    IP address       HW type     Flags       HW address            Mask     Device
    192.0.2.10       0x1         0x2         00:0f:e2:00:00:01     *        eth1
    192.0.2.1        0x1         0x0         00:00:00:00:00:00     *        eth1
    192.0.2.11       0x1         0x6         00:0f:e2:00:00:02     *        eth1
    192.0.2.12       0x1

    """.utf8)

  @Test(arguments: [
    (IPv4Address(192, 0, 2, 10), MACAddress("00:0f:e2:00:00:01")),
    (IPv4Address(192, 0, 2, 11), MACAddress("00:0f:e2:00:00:02")),
    (IPv4Address(192, 0, 2, 1), nil), (IPv4Address(192, 0, 2, 12), nil), (IPv4Address(192, 0, 2, 9), nil),
  ])
  func `whoever answers for an address is told, and nobody where nobody has answered`(
    address: IPv4Address, expected: MACAddress?
  ) {
    #expect(NeighborTable.hardware(of: address, in: Self.table) == expected)
  }

  @Test func `the kernel's own table can be read`() {
    #expect(NeighborTable.hardware(of: IPv4Address(192, 0, 2, 254)) == nil)
  }
}
