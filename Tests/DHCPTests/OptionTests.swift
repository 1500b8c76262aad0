import DHCP
import Net
import Testing

struct OptionTests {
  @Test func `each option reads back as it was written, in the bytes of its RFC`() throws {
    let address = IPv4Address(192, 0, 2, 7)
    try check(.subnetMask, IPv4Address(255, 255, 255, 0), "ffffff00")
    try check(.routers, [address, Lab.serverAddress], "c0000207c0000201")
    try check(.domainNameServers, [address], "c0000207")
    try check(.hostName, "msr", "6d7372")
    try check(.domainName, "lab.example", Hexadecimal.encode("lab.example".utf8))
    try check(.ntpServers, [address], "c0000207")
    try check(.vendorSpecific, [1, 2, 3], "010203")
    try check(.requestedAddress, address, "c0000207")
    try check(.leaseTime, 3600, "00000e10")
    try check(.messageType, .inform, "08")
    try check(.serverIdentifier, address, "c0000207")
    try check(.parameterRequestList, [.subnetMask, .vendorSpecific], "012b")
    try check(.message, "no", "6e6f")
    try check(.maximumMessageSize, 1500, "05dc")
    try check(.renewalTime, 1800, "00000708")
    try check(.rebindingTime, 3150, "00000c4e")
    try check(.vendorClass, "H3C", "483343")
    try check(.clientIdentifier, try #require(ClientIdentifier([1, 2, 3])), "010203")
    try check(.tftpServerName, "192.0.2.1", Hexadecimal.encode("192.0.2.1".utf8))
    try check(.bootFileName, "device.cfg", Hexadecimal.encode("device.cfg".utf8))
    try check(.userClass, try #require(UserClasses([[65], [66, 67]])), "0141024243")
    try check(.tftpServers, [address], "c0000207")
    try check(.relayInformation, RelayInformation(subOptions: [(1, [9]), (5, [192, 0, 2, 7])]), "0101090504c0000207")
  }

  @Test func `D14 an option of the wrong length is malformed, not absent`() {
    let wrong: [(OptionCode, [UInt8])] = [
      (.requestedAddress, [1, 2, 3]), (.serverIdentifier, [1, 2, 3, 4, 5]), (.clientIdentifier, [1]),
      (.parameterRequestList, []), (.messageType, [1, 1]), (.leaseTime, [0]), (.maximumMessageSize, [1]),
      (.routers, [1, 2, 3, 4, 5]),
    ]
    var options = OptionList()
    for (code, bytes) in wrong { options.set(code, bytes: bytes) }
    #expect(throws: MalformedOption(code: .requestedAddress, value: [1, 2, 3])) { try options.value(.requestedAddress) }
    #expect(throws: MalformedOption.self) { try options.value(.serverIdentifier) }
    #expect(throws: MalformedOption.self) { try options.value(.clientIdentifier) }
    #expect(throws: MalformedOption.self) { try options.value(.parameterRequestList) }
    #expect(throws: MalformedOption.self) { try options.value(.messageType) }
    #expect(throws: MalformedOption.self) { try options.value(.leaseTime) }
    #expect(throws: MalformedOption.self) { try options.value(.maximumMessageSize) }
    #expect(throws: MalformedOption.self) { try options.value(.routers) }
  }

  @Test func `D49 classless routes are as wide as their prefix needs, host bits zeroed`() throws {
    let subnet = Subnet(containing: IPv4Address(10, 1, 2, 99), prefixLength: 24)
    let router = Lab.serverAddress
    try check(
      .classlessRoutes,
      ClasslessRoutes([
        .init(to: subnet, by: router), .init(to: Subnet(containing: .unspecified, prefixLength: 0), by: router),
      ]), "180a0102c000020100c0000201")
    var options = OptionList()
    for malformed in ["", "18", "180a0102c00002", "210a010203c0000201"] {
      options.set(.classlessRoutes, bytes: try #require(Hexadecimal.decode(malformed)))
      #expect(throws: MalformedOption.self) { try options.value(.classlessRoutes) }
    }
  }

  @Test func `D68 options 124 and 125 are read per enterprise, and refused where inner lengths are wrong`() throws {
    try check(
      .vendorIdentifyingClass,
      VendorIdentifyingClasses([.init(enterprise: 3561, data: [11] + Array("dslforum.org".utf8))]),
      "00000de90d0b64736c666f72756d2e6f7267")
    try check(
      .vendorIdentifyingOptions,
      VendorIdentifyingOptions([
        .init(enterprise: 9, options: []), .init(enterprise: 3561, options: [SubOption(code: 11, value: [65])]),
      ]), "0000000900" + "00000de9030b0141")
    var options = OptionList()
    options.set(.vendorIdentifyingOptions, bytes: [0, 0, 13, 0xE9, 3, 11, 2, 65])
    #expect(throws: MalformedOption.self) { try options.value(.vendorIdentifyingOptions) }
    options.set(.vendorIdentifyingClass, bytes: [0, 0, 13, 0xE9, 3, 11])
    #expect(throws: MalformedOption.self) { try options.value(.vendorIdentifyingClass) }
  }

  @Test func `D54 D59 relay information is kept verbatim, and read as far as it is well formed`() {
    let good = RelayInformation(bytes: [1, 2, 65, 66, 2, 1, 67, 5, 4, 10, 0, 0, 1, 10, 1, 0x80, 11, 4, 10, 0, 0, 2])
    #expect(good.circuitID == [65, 66])
    #expect(good.remoteID == [67])
    #expect(good.linkSelection == IPv4Address(10, 0, 0, 1))
    #expect(good.isUnicast == true)
    #expect(good.serverIdentifierOverride == IPv4Address(10, 0, 0, 2))
    let cut = RelayInformation(bytes: [1, 1, 65, 5, 9, 10])
    #expect(cut.circuitID == [65])
    #expect(cut.linkSelection == nil)
    #expect(cut.bytes == [1, 1, 65, 5, 9, 10])
  }

  @Test func `a text loses the NUL that ends it, and a bare user class is one value`() throws {
    var options = OptionList()
    options.set(.vendorClass, bytes: Array("H3C".utf8) + [0, 0])
    options.set(.userClass, bytes: Array("iPXE".utf8))
    #expect(try options.value(.vendorClass) == "H3C")
    #expect(try options.value(.userClass)?.values == [Array("iPXE".utf8)])
  }

  @Test func `setting an option again keeps its place, and PAD and END are none`() {
    var options = OptionList()
    options.set(.messageType, .discover)
    options.set(.hostName, "a")
    options.set(.messageType, .request)
    options.set(.pad, bytes: [1])
    options.set(.end, bytes: [1])
    #expect(options.description == "53=03 12=61")
    options.remove(.messageType)
    #expect(options.codes == [.hostName])
  }

  private func check<Value: OptionValue & Equatable>(
    _ key: OptionKey<Value>, _ value: Value, _ hexadecimal: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var options = OptionList()
    options.set(key, value)
    #expect(options[key.code].map(Hexadecimal.encode) == hexadecimal, sourceLocation: sourceLocation)
    #expect(try options.value(key) == value, sourceLocation: sourceLocation)
  }
}
