import CPE
import CWMP
import Testing

struct ParameterTreeTests {
  private let tree = ParameterTree.factory(of: RouterIdentity(serialNumber: "210235A1B2C3D4E5F601"))

  @Test func `a partial path reads all below it, and a name that is not there is fault 9005`() throws {
    let server = try tree.values(of: ["InternetGatewayDevice.ManagementServer."])
    #expect(server.count == 19)
    #expect(server.allSatisfy { $0.path.hasPrefix("InternetGatewayDevice.ManagementServer.") })
    #expect(throws: ParameterTree.Refusal(path: "InternetGatewayDevice.No", code: 9005, text: "Invalid parameter name"))
    {
      try tree.values(of: ["InternetGatewayDevice.No"])
    }
  }

  @Test func `a password is set and read back empty`() throws {
    var tree = tree
    #expect(tree.set([ParameterValue(path: Path.password, value: "secret")]) == [])
    #expect(tree[Path.password] == "secret")
    #expect(try tree.values(of: [Path.password]).map(\.value) == [""])
  }

  @Test func `one bad value refuses all, and every bad one is named`() {
    var tree = tree
    let refusals = tree.set([
      ParameterValue(path: Path.username, value: "usher"),
      ParameterValue(path: Path.periodicInformInterval, value: "often", type: .unsignedInt),
      ParameterValue(path: Path.softwareVersion, value: "8"),
      ParameterValue(path: "InternetGatewayDevice.No", value: "1"),
    ])
    #expect(refusals.map(\.code) == [9007, 9008, 9005])
    #expect(tree[Path.username] == "")
  }

  @Test func `a value of another type than the parameter's is fault 9006`() {
    var tree = tree
    #expect(tree.set([ParameterValue(path: Path.periodicInformInterval, value: "300")]).map(\.code) == [9006])
  }

  @Test func `a parameter named twice is refused`() {
    var tree = tree
    let twice = [ParameterValue(path: Path.username, value: "a"), ParameterValue(path: Path.username, value: "b")]
    #expect(tree.set(twice).map(\.code) == [9003])
  }

  @Test func `names are given one level at a time or all at once`() throws {
    let top = try tree.names(below: "", nextLevel: true)
    #expect(top.map(\.name) == ["InternetGatewayDevice."])
    let next = try tree.names(below: "InternetGatewayDevice.", nextLevel: true).map(\.name)
    #expect(next.contains("InternetGatewayDevice.Time."))
    #expect(next.contains(Path.deviceSummary))
    let all = try tree.names(below: "InternetGatewayDevice.Time.", nextLevel: false)
    #expect(
      all.map(\.name) == [
        "InternetGatewayDevice.Time.", "InternetGatewayDevice.Time.CurrentLocalTime",
        "InternetGatewayDevice.Time.LocalTimeZone", "InternetGatewayDevice.Time.NTPServer1",
        "InternetGatewayDevice.Time.NTPServer2",
      ])
    #expect(all.map(\.isWritable) == [false, false, true, true, true])
  }
}
