import CWMP
import HTTP
import Testing

@testable import Services

struct ClientCertificateTests {
  private static let device = DeviceID(oui: "000FE2", productClass: "MSR36-20", serialNumber: "210235A1B2")

  @Test(arguments: [
    "000FE2-210235A1B2", "000fe2-210235A1B2", "000FE2-MSR36-20-210235A1B2", "000FE2-MSR36%2D20-210235A1B2",
    "210235A1B2",
  ])
  func `a common name of OUI, class and serial number, or of less, names the device`(name: String) {
    #expect(ClientCertificate(commonName: name).names(Self.device))
  }

  @Test(arguments: [
    "", "000FE2", "000FE2-", "000FE3-210235A1B2", "000FE2-210235A1B", "000FE2-210235a1b2", "MSR36-20-210235A1B2",
    "000FE2-MSR-210235A1B2", "10235A1B2",
  ])
  func `any other does not`(name: String) {
    #expect(!ClientCertificate(commonName: name).names(Self.device))
  }

  @Test func `the subject's serial number names the device, and nothing names one without`() {
    #expect(ClientCertificate(commonName: "branch", serialNumber: "210235A1B2").names(Self.device))
    let nameless = DeviceID(oui: "000FE2", productClass: "", serialNumber: "")
    #expect(!ClientCertificate(commonName: "", serialNumber: "").names(nameless))
    #expect(!ClientCertificate(commonName: "000FE2-").names(nameless))
  }
}
