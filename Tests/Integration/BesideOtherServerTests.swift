import Foundation
import Net
import Testing
import Transport

/// Beside a DHCP server of somebody else's, and with boot files of all kinds.
struct BesideOtherServerTests {
  @Test func `without DHCP the ACS, DNS and TFTP serve, and what is asked of DHCP is refused with its cause`()
    async throws
  {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: "dhcp: {enabled: false}\n" + RealClientTests.configuration)
      try await run("ip", "address", "add", "192.0.2.60/24", "dev", "eth0", in: lab.client())
      let name = try await run("dig", "@192.0.2.1", "+short", "acs.usher.internal", in: lab.client())
      #expect(name.output == "192.0.2.1\n", "\(name.output)")
      let file = try await run("curl", "-sS", "tftp://192.0.2.1/device.cfg", in: lab.client())
      #expect(file.output.contains("cwmp enable"), "\(file.errors)")
      let session = HandSession(lab: lab)
      let answer = try await session.post(
        session.inform(id: "1", serial: "210235A0LNH12000H001", events: [("1 BOOT", "")]), login: "seat:row7")
      #expect(answer.status == 200, "\(answer.status): \(answer.body)")

      #expect(try await daemon.json("status").first?["dhcp"] as? Bool == false)
      let status = try await daemon.usher("status").output
      #expect(status.contains("not given here (dhcp.enabled is off)") && status.contains("no problems"), "\(status)")
      #expect(try await daemon.json("leases").isEmpty)
      let reserved = try await daemon.usher("leases", "reserve", "192.0.2.100", "--client", "02:00:00:00:00:01")
      #expect(reserved.status != 0 && reserved.errors.contains("dhcp.enabled is off"), "\(reserved.errors)")
      let client = try await Program(
        ["udhcpc", "-f", "-n", "-q", "-i", "eth0", "-s", "/bin/true", "-t", "2", "-T", "1"], in: lab.client()
      ).result(within: 20)
      #expect(client.status != 0 && client.errors.contains("no lease"), "\(client.errors)")
      try await daemon.stop()
    }
  }

  @Test func `a client that is left to the other server is listed with what it says of itself`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: "dhcp: {answer: known}\n" + RealClientTests.configuration)
      let stranger = "02:00:5e:00:00:01"
      try await run("ip", "link", "set", "eth0", "address", stranger, in: lab.client())
      let words = ["udhcpc", "-f", "-n", "-q", "-i", "eth0", "-s", "/bin/true", "-t", "2", "-T", "1", "-V", "MSFT 5.0"]
      _ = try await Program(words + ["-x", "hostname:desk"], in: lab.client()).result(within: 20)
      let listed = try await daemon.json("status").first?["leftAlone"] as? [[String: Any]]
      #expect(listed?.count == 1 && listed?.first?["hardware"] as? String == stranger)
      #expect(listed?.first?["vendorClass"] as? String == "MSFT 5.0" && listed?.first?["hostname"] as? String == "desk")
      let status = try await daemon.usher("status").output
      #expect(status.contains("left alone  \(stranger) \"MSFT 5.0\" \"desk\""), "\(status)")
      try await daemon.stop()
    }
  }

  @Test func `boot files go out by path, by URL and by router, and forced options unasked`() async throws {
    try await Lab.with(clients: 3) { lab in
      let daemon = try await Daemon(
        in: lab,
        configuration: """
          dhcp:
            classes: [{name: paths, vendor-class: "paths", boot-file: config/vrpcfg.cfg}]
          subnets:
            - subnet: 192.0.2.0/24
              pool: 192.0.2.100-192.0.2.199
              boot-file: http:branch.cfg
              options: [{code: 138, addresses: [192.0.2.10], force: true}, {code: 67, force: true}]
              reservations:
                - {mac: "\(Lab.hardware(2))", address: 192.0.2.20, boot-file: "http://192.0.2.9/one.cfg"}
          """)
      let told = lab.folder.appending(path: "told").path
      let script = try lab.write(
        "#!/bin/sh\n[ \"$1\" = bound ] && echo \"$ip ${bootfile:-none} ${opt138:-none} ${tftp:-none}\" >> \(told)\n",
        to: "script")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
      let once = ["udhcpc", "-f", "-n", "-q", "-o", "-i", "eth0", "-s", script, "-O", "1", "-t", "5", "-T", "1"]
      for (client, words) in [(0, []), (1, ["-V", "paths"]), (2, [])] as [(Int, [String])] {
        let result = try await Program(once + words, in: lab.client(client)).result(within: 20)
        #expect(result.status == 0, "\(result.errors)")
      }
      let lines = try String(contentsOfFile: told, encoding: .utf8).split(separator: "\n").map(String.init)
      #expect(
        lines == [
          "192.0.2.100 http://192.0.2.1:7547/boot/branch.cfg c000020a none",
          "192.0.2.101 config/vrpcfg.cfg c000020a none", "192.0.2.20 http://192.0.2.9/one.cfg c000020a none",
        ], "\(lines)")

      // Both of our own are there to be fetched.
      try await run("ip", "address", "add", "192.0.2.100/24", "dev", "eth0", in: lab.client(0))
      let web = try await run("curl", "-sS", "http://192.0.2.1:7547/boot/branch.cfg", in: lab.client(0))
      #expect(web.output.contains("cwmp enable"), "\(web.output)\(web.errors)")
      let path = try await run("curl", "-sS", "tftp://192.0.2.1/config/vrpcfg.cfg", in: lab.client(0))
      #expect(path.output.contains("cwmp enable"), "\(path.output)\(path.errors)")
      try await daemon.stop()
    }
  }

  @Test func `the name of a reservation stays its router's in DNS, and the journey tells who wanted it`() async throws {
    try await Lab.with(clients: 2) { lab in
      let daemon = try await Daemon(
        in: lab,
        configuration: RealClientTests.configuration + """

              reservations:
                - {mac: "\(Lab.hardware(1))", address: 192.0.2.20, hostname: branch}
          """)
      func lease(_ client: Int) async throws {
        let words = ["udhcpc", "-f", "-n", "-q", "-i", "eth0", "-s", "/bin/true", "-t", "5", "-T", "1"]
        let result = try await Program(words + ["-x", "hostname:branch"], in: lab.client(client)).result(within: 20)
        #expect(result.status == 0, "\(result.errors)")
      }
      try await lease(0)
      let journey = try await daemon.journey(of: Lab.hardware(0), within: 5) { $0.count("nameRefused") == 1 }
      #expect(
        journey.events.filter { $0.event == "nameRefused" }.map(\.text)
          == [
            "calls itself \"branch\", and is named by its address in DNS: a reservation for another router has that name"
          ])
      try await lease(1)
      try await run("ip", "address", "add", "192.0.2.60/24", "dev", "eth0", in: lab.client(1))
      #expect(
        try await eventually(within: 30) {
          try await run("dig", "@192.0.2.1", "+short", "branch.usher.internal", in: lab.client(1)).output
            == "192.0.2.20\n"
        })
      try await daemon.stop()
    }
  }
}
