import CPE
import HTTP
import Testing

struct SmallValuesTests {
  @Test func `host and port of a URL are found, with the scheme's port where it has none`() {
    #expect(HostPort(url: "http://acs.lab/x") == HostPort(host: "acs.lab", port: 80))
    #expect(HostPort(url: "HTTPS://acs.lab") == HostPort(host: "acs.lab", port: 443))
    #expect(HostPort(url: "http://192.0.2.1:7547/acs?x=1:2") == HostPort(host: "192.0.2.1", port: 7547))
    #expect(HostPort(url: "http://u:p@acs.lab:81/") == HostPort(host: "acs.lab", port: 81))
    #expect(HostPort(url: "http://[2001:db8::1]:7547/acs") == HostPort(host: "2001:db8::1", port: 7547))
  }

  @Test(arguments: [
    "", "acs.lab", "ftp://acs.lab/", "http://", "http://:80/", "http://a:0/", "http://a:65536/", "http://a:b:1/",
    "http://[::1", "http://[::1]x/",
  ])
  func `what is no such URL has neither`(url: String) {
    #expect(HostPort(url: url) == nil)
  }

  @Test func `an image's version is its first line, else its file's name`() {
    let version = FirmwareImage.version(of: Array("7.1.064, Release 6749P13\nrest".utf8), fileName: "x.ipe")
    #expect(version == "7.1.064, Release 6749P13")
    #expect(FirmwareImage.version(of: [0, 1, 2], fileName: "http://h/f/msr36-r6749.ipe?sig=1.2") == "msr36-r6749")
    let long = Array(repeating: UInt8(ascii: "x"), count: 65)
    #expect(FirmwareImage.version(of: long, fileName: "image") == "image")
    #expect(FirmwareImage.version(of: [], fileName: "") == "unknown")
  }

  @Test func `each played fault reads as it is written`() {
    let faults: [PlayedFault] = [
      .wrongPassword, .noDNSQuery, .noDHCPRequest, .noDownload, .dropSession(after: 3), .slow(milliseconds: 250),
    ]
    #expect(faults.map { PlayedFault($0.description) } == faults)
    for text in ["", "slow", "slow=x", "slow=0", "drop-session=", "wrong-password=1", "no-dns"] {
      #expect(PlayedFault(text) == nil)
    }
  }
}
