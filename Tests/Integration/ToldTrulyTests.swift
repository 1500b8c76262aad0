import DHCP
import Foundation
import Net
import Testing
import Transport

/// What routers that stopped, left or changed are told to be, by packets.
@Suite(.serialized)
struct ToldTrulyTests {
  private static let serial = ProvisioningTests.serial
  private static let login = "seat:row7"
  private static let configuration = ProvisioningTests.configuration.replacing(
    "acs:\n", with: "acs:\n  username: seat\n  password: row7\n")

  private func daemon(
    configuration: String = configuration, clients: Int = 1, _ body: (Lab, Daemon) async throws -> Void
  ) async throws {
    try await Lab.with(clients: clients) { lab in
      try ProvisioningTests.prepare(lab)
      let daemon = try await Daemon(in: lab, configuration: configuration)
      try await body(lab, daemon)
      try await daemon.stop()
    }
  }

  /// One lease by udhcpc, with what else it is told to do.
  private func lease(_ words: String..., in lab: Lab) async throws {
    let once = ["udhcpc", "-f", "-n", "-q", "-i", "eth0", "-s", "/bin/true", "-t", "5", "-T", "1"]
    let result = try await Program(once + words, in: lab.client()).result(within: 20)
    try #require(result.status == 0, "\(result.errors)")
  }

  @Test func `a relay whose address is missing in the configuration is named`() async throws {
    try await daemon { lab, daemon in
      try await run("ip", "address", "add", "192.0.2.60/24", "dev", "eth0", in: lab.client())
      let relay = try NetworkNamespace(named: lab.client()).run {
        try DatagramSocket(IPv4Address(192, 0, 2, 60), port: 67)
      }
      let hardware = MACAddress(rawValue: 0x000F_E200_0077)
      var discover = Message(.discover, xid: 7, hardware: hardware)
      discover.hops = 1
      discover.giaddr = IPv4Address(10, 9, 0, 1)
      discover.options.set(.vendorClass, bytes: Array("H3C.MSR".utf8))
      try relay.send(discover.encode(limit: 1472).bytes, to: Endpoint(IPv4Address(192, 0, 2, 1), port: 67))
      let journey = try await daemon.journey(of: "\(hardware)", within: 10) { $0.count("unknownNetwork") > 0 }
      #expect(journey.router.missing == "leased")
      #expect(
        journey.router.cause
          == "it asked for an address and got no answer: no subnet is configured for 10.9.0.1, its relay's address "
          + "(giaddr)")
      #expect(journey.router.advice?.contains("a subnet that contains 10.9.0.1") == true)
      #expect(journey.count("discovered") == 1)
    }
  }

  @Test func `an address that is given back is told so, and one that an operator takes back too`() async throws {
    try await daemon { lab, daemon in
      let name = Lab.hardware(0)
      // A client that has the address, and gives it back at its end.
      let script = try lab.write(
        "#!/bin/sh\n[ \"$1\" = bound ] && ip address replace \"$ip/24\" dev eth0\nexit 0\n", to: "udhcpc.script")
      try await run("chmod", "+x", script)
      let client = try Program(["udhcpc", "-f", "-R", "-i", "eth0", "-s", script], in: lab.client())
      #expect(try await eventually(within: 20) { client.errors.contains("lease of 192.0.2.100") }, "\(client.errors)")
      try await client.stop()
      var journey = try await daemon.journey(of: name, within: 10) { $0.count("released") > 0 }
      #expect(journey.router.cause == "it gave 192.0.2.100 back")
      #expect(journey.reached == ["discovered"])
      try await lease(in: lab)
      #expect(try await daemon.usher("leases", "release", "192.0.2.100").status == 0)
      journey = try await daemon.journey(of: name, within: 10) { $0.count("addressWithdrawn") > 0 }
      #expect(journey.router.cause == "an operator took 192.0.2.100 back from it")
    }
  }

  @Test func `a client that is not told of the ACS is told to be so, with the cure`() async throws {
    try await daemon { lab, daemon in
      // Not an OUI that routers have.
      try await run("ip", "link", "set", "eth0", "address", "02:00:5e:00:00:01", in: lab.client())
      try await lease("-o", "-O", "router", in: lab)
      let journey = try await daemon.journey(of: "02:00:5e:00:00:01", within: 10) { $0.count("leased") > 0 }
      #expect(
        journey.router.cause
          == "it leased 192.0.2.100 without an ACS URL (option 43 was left out: it did not ask for it, and nothing tells "
          + "that it is a CPE), but has not asked DNS for the ACS's name")
      #expect(journey.router.advice?.contains("send: always") == true)
    }
  }

  @Test func `Basic over http, and an Inform that is refused, are told with their evidence`() async throws {
    try await daemon { lab, daemon in
      let address = try await HandSession.boot(in: lab)
      let router = HandSession(lab: lab)
      let inform = router.inform(id: "1", serial: Self.serial, events: [(code: "1 BOOT", key: "")])
      let basic = try await router.post(inform, options: ["--basic", "--user", Self.login])
      #expect(basic.status == 401)
      var journey = try await daemon.journey(of: address, within: 10) { $0.count("loginUnusable") > 0 }
      #expect(journey.router.missing == "authenticated")
      #expect(
        journey.router.cause
          == "it sends Basic credentials as \"seat\" and is turned away: basic authentication is not taken over plain "
          + "http here")
      let broken = inform.replacing(
        "<SerialNumber>\(Self.serial)</SerialNumber>", with: "<SerialNumber></SerialNumber>")
      #expect(try await router.post(broken, login: Self.login).status == 400)
      journey = try await daemon.journey(of: address, within: 10) { $0.count("messageRefused") > 0 }
      #expect(journey.router.missing == "informed")
      #expect(journey.router.cause?.hasPrefix("what it sent was refused (400): ") == true)
    }
  }

  @Test func `a TransferComplete for a file that was never fetched is told as doubtful`() async throws {
    try await daemon(configuration: Self.configuration.replacing("    reboot: true\n", with: "")) { lab, daemon in
      try await HandSession.boot(in: lab)
      let router = HandSession(lab: lab)
      let boot = [(code: "0 BOOTSTRAP", key: ""), (code: "1 BOOT", key: "")]
      _ = try await router.post(router.inform(id: "1", serial: Self.serial, events: boot), login: Self.login)
      var answer = try await router.post("")
      while answer.method == "SetParameterValues" {
        answer = try await router.post(router.setParameterValuesResponse(to: answer))
      }
      try #require(answer.method == "Download", "\(answer.body)")
      let key = try #require(try answer.element("CommandKey"))
      _ = try await router.post(router.downloadResponse(to: answer))
      _ = try await router.post(router.transferComplete(id: "9", key: key))
      let journey = try await daemon.journey(of: Self.serial, within: 10) { $0.count("downloadDoubtful") > 0 }
      #expect(
        journey.events.contains {
          $0.text == "says that it took \"startup.cfg\", which it never fetched here: doubtful" && $0.trouble
        })
      #expect(journey.count("downloadServed") == 0)
    }
  }

  @Test func `a router that drifted by a task is lapsed in its journey, in the lists and in the status`() async throws {
    try await daemon { lab, daemon in
      let router = try lab.router(Self.serial)
      try await daemon.provisions(Self.serial, within: 60)
      #expect(try await daemon.json("status").first?["provisioned"] as? Int == 1)
      #expect(try await eventually(within: 20) { router.output.hasSuffix("CWMP: the session is over.\n") })
      let words = ["task", "ask", Self.serial, "set", "~.Time.NTPServer1=192.0.2.99", "--wake", "--wait", "15"]
      let asked = try await Program([try Daemon.binary] + words + ["--control", daemon.control]).result()
      #expect(asked.status == 0, "\(asked.output)\(asked.errors)")
      let journey = try await daemon.journey(of: Self.serial, within: 10) { $0.router.standing == "lapsed" }
      let sentence = "drifted: InternetGatewayDevice.Time.NTPServer1 is \"192.0.2.99\", where \"192.0.2.1\" is wanted"
      #expect(journey.router.cause == sentence)
      #expect(journey.router.missing == "provisioned" && journey.router.milestone == "verified")
      let listed = try await daemon.json("journey")
      #expect(listed.count == 1)
      #expect(listed.first?["standing"] as? String == "lapsed")
      #expect(listed.first?["causeKind"] as? String == "drifted")
      #expect(try await daemon.json("devices").first?["standing"] as? String == "lapsed")
      #expect(try await daemon.json("status").first?["provisioned"] as? Int == 0)
      try await router.stop()
    }
  }

  @Test func `beside dnsmasq, a router is one row with its MAC, its address and its serial number`() async throws {
    try await daemon(configuration: "dhcp: {offer-after: 1h}\n" + Self.configuration, clients: 2) { lab, daemon in
      try await run("ip", "address", "add", "192.0.2.9/24", "dev", "eth0", in: lab.client(1))
      // A shell stands between, because dnsmasq closes every descriptor that it was started with.
      let words =
        "dnsmasq --no-daemon --port=0 --conf-file=/dev/null --interface=eth0 --bind-interfaces --user=root --no-ping "
        + "--dhcp-range=192.0.2.200,192.0.2.200,1h --dhcp-leasefile=\(lab.folder.path)/dnsmasq.leases"
      let other = try Program(["sh", "-c", "trap 'kill $!' TERM; \(words) & wait"], in: lab.client(1))
      #expect(try await eventually(within: 30) { other.errors.contains("DHCP, IP range") }, "\(other.errors)")

      let address = try await HandSession.boot(in: lab)
      #expect(address == "192.0.2.200")
      let hardware = Lab.hardware(0)
      let taken = try await daemon.journey(of: hardware, within: 10) { $0.count("leasedElsewhere") > 0 }
      #expect(
        taken.events.contains { $0.text == "took 192.0.2.200 from another DHCP server, 192.0.2.9" }, "\(taken.events)")
      #expect(
        taken.router.cause?.hasPrefix("it took 192.0.2.200 from another DHCP server, 192.0.2.9") == true,
        "\(taken.router.cause ?? "no cause")")

      let router = HandSession(lab: lab)
      let boot = [(code: "0 BOOTSTRAP", key: ""), (code: "1 BOOT", key: "")]
      let informed = try await router.post(router.inform(id: "1", serial: Self.serial, events: boot), login: Self.login)
      #expect(informed.method == "InformResponse")
      let rows = try await daemon.json("journey")
      #expect(rows.count == 1, "\(rows)")
      #expect(rows.first?["hardware"] as? String == hardware)
      #expect(rows.first?["address"] as? String == address)
      #expect(rows.first?["serialNumber"] as? String == Self.serial)
      try await other.stop()
    }
  }
}
