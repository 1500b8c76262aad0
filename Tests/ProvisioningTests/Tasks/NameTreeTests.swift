import CWMP
import Net
import Testing

@testable import Provisioning

struct NameTreeTests {
  private static let tree = NameTree([
    "InternetGatewayDevice.", "InternetGatewayDevice.Time.", "InternetGatewayDevice.Time.NTPServer1",
    "InternetGatewayDevice.Time.NTPServer2", "InternetGatewayDevice.Time.Enable",
    "InternetGatewayDevice.LANDevice.1.Hosts.", "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.2.Name",
    "InternetGatewayDevice.DeviceInfo.SoftwareVersion",
  ])

  @Test(arguments: [
    ("Time.NTPSrever1", "Time.NTPServer1"), ("time.ntpserver1", "Time.NTPServer1"), ("Tim.", "Time."),
    ("Tiem.NTPServer3", "Time.NTPServer1"), ("Time", "Time."), ("Time.Enable.", "Time.Enable"),
    ("WANDevise.7.WANConectionDevice.9.Nam", "WANDevice.7.WANConnectionDevice.9.Name"),
    ("Tmie.Whatever", "Time."), ("LANDevice.1.Hosts", "LANDevice.1.Hosts."),
  ])
  func `what is spelled wrong has a nearest right spelling`(path: String, right: String) {
    #expect(Self.tree.correction(of: "InternetGatewayDevice." + path) == "InternetGatewayDevice." + right)
  }

  @Test func `a path under the other root is one under the router's own`() {
    #expect(Self.tree.correction(of: "Device.Time.NTPServer1") == "InternetGatewayDevice.Time.NTPServer1")
    #expect(Self.tree.correction(of: "Device.WiFi.Radio.1.") == "InternetGatewayDevice.")
  }

  @Test(arguments: [
    "", "InternetGatewayDevice.", "InternetGatewayDevice.Time.", "InternetGatewayDevice.Time.NTPServer2",
    "InternetGatewayDevice.WANDevice.4.WANConnectionDevice.17.Name",
    "InternetGatewayDevice.LANDevice.1.Hosts.Host.5.Active",
    "InternetGatewayDevice.LANDevice.1.Hosts.", "InternetGatewayDevice.X_000FE2_Unheard.Of", "Quite.Else", "1.2.3",
    "..",
  ])
  func `what is right, and what is quite unknown, is let be`(path: String) {
    #expect(Self.tree.correction(of: path) == nil)
  }

  @Test func `of nothing known, nothing is told`() {
    #expect(NameTree([String]()).correction(of: "Device.Time.NTPServer1") == nil)
  }

  @Test func `a path of very many names is taken`() {
    let long = String(repeating: "Time.", count: 100_000)
    #expect(NameTree([long]).correction(of: long + "x") == nil)
    #expect(NameTree([long]).correction(of: "Tim.") == "Time.")
  }
}
