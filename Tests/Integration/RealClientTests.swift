import DHCP
import Foundation
import Net
import Testing

/// DHCP clients that others wrote each get a lease, renew it and give it back, and what they hand their scripts as
/// option 43 says where the ACS is, in the dialect that suits them.
struct RealClientTests {
  static let configuration = """
    acs:
      name: acs.usher.internal
      username: seat
      password: row7
    subnets:
      - subnet: 192.0.2.0/24
        pool: 192.0.2.100-192.0.2.199
        routers: [192.0.2.1]
        lease-time: 10s
    """
  static let comware = Hexadecimal.encode(
    [0x01, 0x2C] + Array("http://acs.usher.internal:7547/acs seat row7".utf8))
  static let broadbandForum = Hexadecimal.encode([0x01, 0x22] + Array("http://acs.usher.internal:7547/acs".utf8))

  @Test func `dhclient gets a lease, renews it and releases it; option 43 is Comware's`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let script = try lab.write(
        """
        #!/bin/sh
        echo "$reason $new_ip_address $new_vendor_encapsulated_options" >> \(lab.folder.path)/calls
        case $reason in
          BOUND|REBOOT|RENEW|REBIND) ip address replace "$new_ip_address/24" dev eth0 ;;
          RELEASE|EXPIRE|STOP) ip address flush dev eth0 ;;
        esac
        exit 0
        """, to: "script")
      try await run("chmod", "+x", script)
      let configuration = try lab.write(
        """
        send vendor-class-identifier "H3C.MSR36-20";
        request subnet-mask, routers, domain-name-servers, vendor-encapsulated-options;
        """, to: "dhclient.conf")
      let files = [
        "-sf", script, "-cf", configuration, "-lf", "\(lab.folder.path)/leases", "-pf", "\(lab.folder.path)/pid",
      ]
      let client = try Program(["dhclient", "-4", "-d"] + files + ["eth0"], in: lab.client())

      let bound = try await calls(in: lab, until: "BOUND", within: 15)
      let words = try #require(bound).split(separator: " ")
      #expect(words[1] == "192.0.2.100")
      #expect(words.count > 2 && Self.hexadecimal(ofColons: words[2]) == Self.comware)
      #expect(try await calls(in: lab, until: "RENEW", within: 15) != nil, "\(client.errors)")
      #expect(try await daemon.json("leases").map { $0["state"] as? String } == ["bound"])

      try await client.stop()
      try await run(
        "dhclient", "-4", "-r", "-sf", script, "-cf", configuration, "-lf", "\(lab.folder.path)/leases", "-pf",
        "\(lab.folder.path)/pid", "eth0", in: lab.client())
      #expect(
        try await eventually(within: 5) { try await daemon.json("leases").first?["state"] as? String == "released" })
      try await daemon.stop()
    }
  }

  @Test func `udhcpc gets a lease, renews it and releases it; a Broadband Forum client gets its own dialect`()
    async throws
  {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let script = try lab.write(
        """
        #!/bin/sh
        echo "$1 $ip $opt43" >> \(lab.folder.path)/calls
        case $1 in
          bound|renew) ip address replace "$ip/24" dev eth0 ;;
          deconfig) ip address flush dev eth0 ;;
        esac
        """, to: "script")
      try await run("chmod", "+x", script)
      let client = try Program(
        ["udhcpc", "-f", "-i", "eth0", "-s", script, "-V", "dslforum.org", "-O", "43", "-t", "5", "-T", "1"],
        in: lab.client())

      let bound = try #require(try await calls(in: lab, until: "bound", within: 15), "\(client.errors)").split(
        separator: " ")
      #expect(bound[1] == "192.0.2.100")
      #expect(bound.count > 2 && bound[2].lowercased() == Self.broadbandForum)
      client.signal(SIGUSR1)
      #expect(try await calls(in: lab, until: "renew", within: 10) != nil, "\(client.errors)")
      client.signal(SIGUSR2)
      #expect(
        try await eventually(within: 5) { try await daemon.json("leases").first?["state"] as? String == "released" })
      try await client.stop()
      try await daemon.stop()
    }
  }

  @Test func `dhcpcd gets a lease, renews it and releases it; option 43 is Comware's`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let script = try lab.write(
        """
        #!/bin/sh
        echo "$reason $new_ip_address $new_vendor_encapsulated_options" >> \(lab.folder.path)/calls
        """, to: "script")
      try await run("chmod", "+x", script)
      let configuration = try lab.write(
        """
        vendorclassid H3C.MSR36-20
        clientid
        option vendor_encapsulated_options
        noarp
        noipv6
        nohook resolv.conf
        script \(script)
        """, to: "dhcpcd.conf")
      let client = try Program(["dhcpcd", "-4", "-B", "-d", "-f", configuration, "eth0"], in: lab.client())
      let bound = try #require(try await calls(in: lab, until: "BOUND", within: 20), "\(client.errors)").split(
        separator: " ")
      #expect(bound[1] == "192.0.2.100")
      #expect(bound.count > 2 && bound[2].lowercased() == Self.comware)
      #expect(try await calls(in: lab, until: "RENEW", within: 15) != nil, "\(client.errors)")
      client.signal(SIGALRM)
      #expect(
        try await eventually(within: 5) { try await daemon.json("leases").first?["state"] as? String == "released" },
        "\(client.errors)")
      try await client.stop()
      try await daemon.stop()
    }
  }

  /// The first line of the script's calls that begins with `reason`.
  private func calls(in lab: Lab, until reason: String, within seconds: Double) async throws -> String? {
    let file = lab.folder.appending(path: "calls")
    var line: String?
    _ = try await eventually(within: seconds) {
      let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      line = text.split(separator: "\n").map(String.init).first { $0.hasPrefix(reason + " ") }
      return line != nil
    }
    return line
  }

  /// dhclient writes bytes as hexadecimal numbers between colons, without leading zeros.
  private static func hexadecimal(ofColons text: some StringProtocol) -> String {
    text.split(separator: ":").map { $0.count == 1 ? "0\($0)" : String($0) }.joined()
  }
}
