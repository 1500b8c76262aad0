import CWMP
import Testing

struct DeviceNameTests {
  private let device = DeviceID(oui: "000FE2", productClass: "MSR36-20", serialNumber: "210235A1B2")

  @Test func `a person reads a device's name with nothing encoded`() {
    #expect(device.name == "000FE2-MSR36-20-210235A1B2")
    #expect(DeviceID.name(of: "\(device)") == "000FE2-MSR36-20-210235A1B2")
    #expect(DeviceID(oui: "000FE2", productClass: "", serialNumber: "A 1/ü").name == "000FE2-A 1/ü")
    #expect(DeviceID.name(of: "operator") == "operator")
  }

  @Test func `in a text, devices stand with their names, and all else as it was`() {
    let text = #"authenticated as "000FE2-MSR36%2D20-210235A1B2", 100%25, a%2Db, http://a/x%2Dy, 50% of it"#
    #expect(
      DeviceID.naming(text)
        == #"authenticated as "000FE2-MSR36-20-210235A1B2", 100%25, a-b, http://a/x%2Dy, 50% of it"#
        .replacing("a-b", with: "a%2Db"))
    for other in ["", "%", "%%2", "000FE2-%zz-1", "%2D"] { #expect(DeviceID.naming(other) == other) }
  }

  @Test func `a name is found though class and serial number have dashes of their own`() {
    #expect(DeviceID.named(device.name).contains(device))
    let dashed = DeviceID(oui: "000FE2", productClass: "A-B", serialNumber: "C-D")
    #expect(DeviceID.named(dashed.name).contains(dashed))
    #expect(DeviceID.named("000FE2-A1") == [DeviceID(oui: "000FE2", productClass: "", serialNumber: "A1")])
    for other in ["", "A1", "branch-router-1", String(repeating: "000FE2-", count: 40)] {
      #expect(DeviceID.named(other).isEmpty)
    }
  }
}
