import Foundation
import Testing

/// What is known of routers' parameters: how it comes to be known, and how it is asked for.
@Suite(.serialized)
struct ParameterTests {
  private static let serial = ProvisioningTests.serial
  private static let root = "InternetGatewayDevice."

  @Test
  func `the data model of a router is shown with types, writability and notification, and found by path and value`()
    async throws
  {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: ProvisioningTests.configuration)
      #expect(try await daemon.usher("parameters", Self.serial).errors.contains("has not been seen yet"))
      let router = try lab.router(Self.serial, arguments: ["--cwmp-on"])
      try await daemon.provisions(Self.serial, within: 60)
      _ = try await eventually(within: 10) { router.output.hasSuffix("CWMP: the session is over.\n") }
      let asked = try await daemon.usher(
        "task", "ask", Self.serial, "attributes", "~.", "--wake", "--wait", "15")
      #expect(asked.status == 0, "\(asked.output)\(asked.errors)")

      let shown = try await daemon.usher("parameters", Self.serial, "~.").output.split(separator: "\n").map(String.init)
      #expect(shown.count == 53)
      #expect(shown.first?.firstMatch(of: #/^PARAMETER +TYPE +WRITABLE +NOTIFICATION +SEEN +VALUE$/#) != nil)
      for pattern in [
        #"\.ManagementServer\.PeriodicInformInterval +unsignedInt +yes +off +[^ ]+Z +300$"#,
        #"\.DeviceInfo\.SoftwareVersion +string +no +active +[^ ]+Z +7\.1\.064, Release"#,
        #"\.DeviceConfig\.ConfigFile +string +yes +off +[^ ]+Z +-$"#,
        #"\.ManagementServer\.Password +string +yes +off +[^ ]+Z +-$"#, #"^InternetGatewayDevice\.Time\. +- +no "#,
      ] {
        let regex = try Regex(pattern)
        #expect(shown.contains { $0.firstMatch(of: regex) != nil }, "\(pattern)")
      }
      #expect(try await daemon.json("parameters", Self.serial, "~.Time.").count == 5)

      let found = try await daemon.json("find", "Time.NTPServer1=192.0.2.1")
      #expect(found.map { $0["path"] as? String } == [Self.root + "Time.NTPServer1"])
      #expect(try await daemon.json("find", "NTPServer1").count == 1)
      #expect(try await daemon.json("find", "~.Time.NTPServer1=192.0.2.9").isEmpty)
      #expect(try await daemon.json("find", "Server1").isEmpty)
      try await router.stop()
      try await daemon.stop()
    }
  }

  // MARK: - A router with a data model of its own

  private static let configuration = """
    acs: {name: acs.usher.internal, username: seat, password: row7}
    dns: {zone: usher.internal}
    subnets:
      - {subnet: 192.0.2.0/24, pool: 192.0.2.100-192.0.2.199, routers: [192.0.2.1]}
    inventory: routers.csv
    profiles:
      - {name: branch, admit: inventory, inform-interval: 300}
    """

  /// What the router answers, and what it was told.
  private struct Model {
    var values: [String: String] = [:]
    var asked: [String: Int] = [:]

    mutating func answer(_ answer: HandSession.Answer) -> String? {
      guard let method = answer.method else { return nil }
      asked[method, default: 0] += 1
      switch method {
      case "SetParameterValues":
        values.merge(answer.parameters) { $1 }
        return "<cwmp:SetParameterValuesResponse><Status>0</Status></cwmp:SetParameterValuesResponse>"
      case "GetParameterNames":
        let names = values.keys.sorted().map {
          "<ParameterInfoStruct><Name>\($0)</Name><Writable>0</Writable></ParameterInfoStruct>\n"
        }
        return "<cwmp:GetParameterNamesResponse><ParameterList soap-enc:arrayType=\"cwmp:ParameterInfoStruct"
          + "[\(names.count)]\">\n\(names.joined())</ParameterList></cwmp:GetParameterNamesResponse>"
      case "GetParameterValues":
        let names = answer.body.matches(of: #/<string[^>]*>([^<]*)</#).map { String($0.1) }
        let structs = names.map {
          "<ParameterValueStruct><Name>\($0)</Name><Value xsi:type=\"xsd:string\">\(values[$0] ?? "")</Value>"
            + "</ParameterValueStruct>"
        }
        return "<cwmp:GetParameterValuesResponse><ParameterList soap-enc:arrayType=\"cwmp:ParameterValueStruct"
          + "[\(structs.count)]\">\(structs.joined())</ParameterList></cwmp:GetParameterValuesResponse>"
      default: return nil
      }
    }
  }

  /// A session from its Inform to its end.
  private func session(
    of router: HandSession, version: String, event: String, login: String, _ model: inout Model
  ) async throws {
    let inform = router.inform(id: "1", serial: Self.serial, events: [(code: event, key: "")])
    let informed = try await router.post(inform.replacing("7.1.064", with: version), login: login)
    try #require(informed.status == 200, "\(informed.body)")
    var answer = try await router.post("")
    while let body = model.answer(answer) {
      answer = try await router.post(router.envelope(id: answer.id ?? "", body))
    }
    #expect(answer.status == 204)
  }

  @Test func `20000 parameters are read with memory that stays bounded, and another firmware's take their place`()
    async throws
  {
    try await Lab.with { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      try await HandSession.boot(in: lab)
      var router = HandSession(lab: lab)
      var model = Model()
      for number in 0..<20_000 {
        let entry = "X_000FE2_Table.\(number / 100 + 1).ForwardingEntryOfThatInstance.\(number % 100 + 1)"
        model.values["\(Self.root)\(entry).DestinationAddressAndPrefix"] = "198.51.100.\(number % 256)/\(number)"
      }
      let before = try memory(of: daemon, "VmRSS")
      let start = ContinuousClock.now
      try await session(of: router, version: "7.1", event: "0 BOOTSTRAP", login: "seat:row7", &model)
      let (peak, after) = (try memory(of: daemon, "VmHWM"), try memory(of: daemon, "VmRSS"))
      print(
        "20000 parameters in \(ContinuousClock.now - start), \(model.asked): VmRSS \(before) KiB before, \(after) after, "
          + "the peak \(peak - before) above")
      #expect(peak - before < 120 << 10)
      #expect(model.asked["GetParameterNames"] == 1)
      let known = try await daemon.json("parameters", Self.serial).filter { $0["value"] is String }
      #expect(known.count >= 20_000)
      let ending = "ForwardingEntryOfThatInstance.100.DestinationAddressAndPrefix=198.51.100.31/19999"
      #expect(try await daemon.json("find", ending).count == 1)

      let user = try #require(model.values["\(Self.root)ManagementServer.Username"])
      let password = try #require(model.values["\(Self.root)ManagementServer.Password"])
      model.values = model.values.filter { !$0.key.contains("X_000FE2_Table.") }
      model.values["\(Self.root)X_000FE2_New"] = "1"
      router.jar = "cookies-2"
      try await session(of: router, version: "7.2", event: "1 BOOT", login: "\(user):\(password)", &model)
      #expect(model.asked["GetParameterNames"] == 2)
      let left = try await daemon.json("parameters", Self.serial).compactMap { $0["path"] as? String }
      #expect(left.contains("\(Self.root)X_000FE2_New") && !left.contains { $0.contains("X_000FE2_Table") }, "\(left)")
      #expect(try await daemon.json("find", ending).isEmpty)
      try await daemon.stop()
    }
  }

  /// In KiB.
  private func memory(of daemon: Daemon, _ field: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(daemon.program.pid)/status", encoding: .utf8)
    return try #require(
      status.split(separator: "\n").first { $0.hasPrefix(field) }.flatMap { Int($0.filter(\.isNumber)) })
  }
}
