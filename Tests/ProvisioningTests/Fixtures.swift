import CWMP
import Net
import Provisioning

let noon = Timestamp(secondsSince1970: 1_800_000_000)
let msr = DeviceID(oui: "000FE2", productClass: "MSR36-20", serialNumber: "210235A95YH10C000045")
let root = "InternetGatewayDevice."
let sealed = SealedCredentials(username: "msr-1", secrets: [1, 2, 3])
let here = Circumstances(
  hardware: MACAddress("00:0f:e2:00:00:01"), address: IPv4Address(192, 0, 2, 10), url: "http://acs.example:7547/acs")

/// FNV-1a of 64 bits, in hexadecimal and twice: equal for equal bytes, which is all that these tests need.
func digest(_ bytes: [UInt8]) -> String {
  let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  let text = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - text.count) + text
}

func device(_ change: (inout Device) -> Void = { _ in }) -> Device {
  var device = Device(id: msr, manufacturer: "H3C", dataModel: .internetGatewayDevice, firstInform: noon)
  device.softwareVersion = "7.1.064, Release 0821P20"
  change(&device)
  return device
}

/// Two parameters beside the periodic Inform, a configuration and a reboot.
func fullProfile() throws -> Profile {
  Profile(
    name: "branch",
    parameters: [
      ParameterValue(path: "~.Time.NTPServer1", value: "{{ ntp }}"),
      ParameterValue(path: "~.ManagementServer.STUNPassword", value: "secret {{ site }}"),
    ],
    configuration: .init(template: try Template("sysname {{ hostname }}\n"), fileName: "startup.cfg"),
    rebootsWhenConfigured: true, variables: ["ntp": "192.0.2.1"])
}

let row = Inventory.Row(serialNumber: msr.serialNumber, site: "Bern 1", line: 2)

func goal(for device: Device = device(), row: Inventory.Row? = row, profile: Profile? = nil) throws -> Goal {
  try Goal(for: device, row: row, profile: try profile ?? fullProfile(), here, digest: digest)
}

/// A generator with a fixed seed (xorshift), so that a failure can be repeated.
struct FixedGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
