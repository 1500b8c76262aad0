import CPE
import DHCP
import Net
import Testing

struct AutomaticConfigurationTests {
  private func plan(_ change: (inout DHCP.Message) -> Void) throws -> AutomaticConfiguration {
    var message = DHCP.Message(op: .reply, xid: 1, yiaddr: IPv4Address(192, 0, 2, 10), chaddr: [0, 1, 2, 3, 4, 5])
    message.options.set(.leaseTime, UInt32(60))
    change(&message)
    return AutomaticConfiguration(try AddressLease(message, requested: .distantPast))
  }

  @Test func `option 67 goes before the field file, and 150 before 66`() throws {
    let plan = try plan {
      $0.file = Array("field.cfg".utf8)
      $0.options.set(.bootFileName, "option.cfg")
      $0.options.set(.tftpServerName, "tftp.lab")
      $0.options.set(.tftpServers, [IPv4Address(192, 0, 2, 5)])
    }
    #expect(plan.fileName == "option.cfg")
    #expect(plan.server == .tftp(IPv4Address(192, 0, 2, 5)))
    #expect(plan.obtained == "Obtained configuration file name option.cfg and TFTP server name 192.0.2.5.")
  }

  @Test func `option 66 is an address or a name`() throws {
    #expect(try plan { $0.options.set(.tftpServerName, "192.0.2.6") }.server == .tftp(IPv4Address(192, 0, 2, 6)))
    #expect(try plan { $0.options.set(.tftpServerName, "tftp.lab") }.server == .tftpNamed("tftp.lab"))
  }

  @Test func `without any of them, the router looks for its own name, and asks everyone`() throws {
    let plan = try plan { _ in }
    #expect(plan.fileName == nil)
    #expect(plan.obtained == "Obtained no configuration file name and no TFTP server name.")
    #expect(plan.server == .tftpBroadcast)
    #expect(try self.plan { $0.file = Array("field.cfg".utf8) }.fileName == "field.cfg")
  }

  @Test func `network cfg tells the host name of an address`() {
    let text = "#\nip host branch-1 192.0.2.1\r\n ip host  branch-2   192.0.2.2 \nip host branch-3\nreturn\n"
    #expect(AutomaticConfiguration.hostName(of: IPv4Address(192, 0, 2, 1), in: text) == "branch-1")
    #expect(AutomaticConfiguration.hostName(of: IPv4Address(192, 0, 2, 2), in: text) == "branch-2")
    #expect(AutomaticConfiguration.hostName(of: IPv4Address(192, 0, 2, 3), in: text) == nil)
  }

  @Test func `option 67 may be a URL`() throws {
    let plan = try plan {
      $0.options.set(.bootFileName, "http://192.0.2.1/boot/device.cfg")
      $0.options.set(.tftpServers, [IPv4Address(192, 0, 2, 5)])
    }
    #expect(plan.server == .http)
    #expect(plan.fileName == "http://192.0.2.1/boot/device.cfg")
  }
}
