import Foundation
import Testing

/// A host says that it is another router with the serial number of one that the inventory has and that is provisioned.
@Suite(.serialized)
struct HostileTwinTests {
  private static let serial = "210235A1B2C3D4E5F601"
  private static let configuration =
    HostileConfiguration.login + """
      inventory: routers.csv
      profiles:
        - name: any
          admit: inventory
          parameters:
            InternetGatewayDevice.X_Secret.Password: "{{ secret }}"
      """

  /// A session to its end. Returns the methods that were asked.
  private func session(
    _ lab: Lab, client: Int, serial: String, class productClass: String = "MSR36-20"
  ) async throws -> [String] {
    var host = HandSession(lab: lab)
    host.client = client
    host.jar = "cookies-\(UInt64.random(in: 0 ... .max))"
    let inform = host.inform(id: "1", serial: serial, events: [("0 BOOTSTRAP", ""), ("1 BOOT", "")])
      .replacing("<ProductClass>MSR36-20<", with: "<ProductClass>\(productClass)<")
    var answer = try await host.post(inform, login: "seat:row7")
    try #require(answer.status == 200, "\(answer.body)")
    answer = try await host.post("")
    var methods: [String] = []
    for _ in 0..<12 where answer.status == 200 {
      methods.append(answer.method ?? "")
      #expect(answer.method == "SetParameterValues" || answer.method == "GetParameterValues")
      guard answer.method == "SetParameterValues" else { break }
      if answer.parameters.values.contains("TOPSECRET") { methods.append("secret") }
      answer = try await host.post(host.setParameterValuesResponse(to: answer))
    }
    return methods
  }

  @Test func `a second device of a row is held and given nothing, both are named, and a person decides`() async throws {
    try await Lab.with(clients: 2) { lab in
      _ = try lab.write("serial,secret\n\(Self.serial),TOPSECRET\n", to: "routers.csv")
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      try await HandSession.boot(in: lab)
      let road = try await run("ip", "-n", lab.client(1), "address", "add", "192.0.2.60/24", "dev", "eth0")
      try #require(road.status == 0, "\(road.errors)")
      #expect(try await session(lab, client: 0, serial: Self.serial).contains("secret"))

      #expect(try await session(lab, client: 1, serial: Self.serial.lowercased()) == [])
      #expect(try await session(lab, client: 1, serial: Self.serial, class: "OTHER") == [])
      #expect(try await daemon.counter("acs.twins.held") == 2)
      let name = "000FE2-OTHER-\(Self.serial)"
      let first = try await daemon.journey(of: "000FE2-MSR36-20-\(Self.serial)", within: 5) {
        $0.count("twinSeen") == 2
      }
      #expect(first.events.contains { $0.event == "twinSeen" && $0.text.contains(name) })
      let twin = try #require(try await daemon.journey(of: name))
      #expect(twin.router.cause?.contains("is that of 000FE2-MSR36-20-\(Self.serial)") == true, "\(twin.router)")
      #expect(twin.events.contains { $0.event == "twinHeld" })
      let problems = try await daemon.problems()
      #expect(problems.contains { $0.contains("\"usher admit \(name)\" gives the row to it") }, "\(problems)")
      #expect(daemon.program.errors.contains("twin held"))

      let admitted = try await daemon.usher("admit", name)
      #expect(admitted.status == 0, "\(admitted.errors)")
      #expect(try await session(lab, client: 1, serial: Self.serial, class: "OTHER").contains("secret"))
      #expect(try await daemon.problems().allSatisfy { !$0.contains(name) })
      try await daemon.stop()
    }
  }
}
