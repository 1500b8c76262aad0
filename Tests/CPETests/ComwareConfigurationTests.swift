import CPE
import Testing

struct ComwareConfigurationTests {
  @Test func `CWMP is off unless the file turns it on`() {
    #expect(!ComwareConfiguration("sysname r1\n#\nreturn\n").isCWMPEnabled)
    #expect(ComwareConfiguration("cwmp\n cwmp enable\n").isCWMPEnabled)
    #expect(!ComwareConfiguration("cwmp\n cwmp enable\n undo cwmp enable\n").isCWMPEnabled)
  }

  @Test func `the commands of a boot file are understood`() {
    let file = ComwareConfiguration(
      "#\r\n sysname branch-7\r\n cwmp\r\n  cwmp enable\r\n  cwmp acs url http://192.0.2.1:7547/acs\r\n"
        + "  cwmp acs username u\r\n  cwmp acs password simple p\r\n#\r\nsave force\r\n")
    #expect(file.sysname == "branch-7")
    #expect(file.acsURL == "http://192.0.2.1:7547/acs")
    #expect(file.acsUsername == "u")
    #expect(file.acsPassword == "p")
    #expect(file.saves)
  }
}
