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
        lease-time: 1m
    """
  private static let url = "http://acs.usher.internal:7547/acs"
  private static let comware = Option43.comware(ComwareParameters(url: url, username: "seat", password: "row7"))
  private static let broadbandForum = Option43.broadbandForum(BroadbandForumParameters(url: url))

  @Test func `dhclient gets a lease, renews it and releases it; option 43 is Comware's`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let script = try Script(
        in: lab, address: "new_ip_address", option43: "new_vendor_encapsulated_options", reason: "$reason",
        keeping: "BOUND|REBOOT|RENEW|REBIND")
      // Its own renewal time, so that the test need not wait for half of the shortest lease.
      let configuration = try lab.write(
        """
        send vendor-class-identifier "H3C.MSR36-20";
        request subnet-mask, routers, domain-name-servers, vendor-encapsulated-options;
        supersede dhcp-renewal-time 3;
        """, to: "dhclient.conf")
      let folder = lab.folder.path
      let words = ["-sf", script.path, "-cf", configuration, "-lf", "\(folder)/leases", "-pf", "\(folder)/pid", "eth0"]
      let client = try Program(["dhclient", "-4", "-d"] + words, in: lab.client())

      let bound = try #require(try await script.call("BOUND", within: 20), "\(client.errors)")
      #expect(bound.address == "192.0.2.100")
      #expect(try Option43(decoding: bound.option43) == Self.comware)
      try await expectRenewal(of: daemon) { try await script.call("RENEW", within: 20) }

      try await client.stop()
      let release = try await Program(["dhclient", "-4", "-r"] + words, in: lab.client()).result()
      #expect(release.status == 0, "\(release.errors)")
      try await expectRelease(of: daemon)
      try await daemon.stop()
    }
  }

  @Test func `udhcpc gets a lease, renews and releases it; as a Broadband Forum client it gets that dialect`()
    async throws
  {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let script = try Script(in: lab, address: "ip", option43: "opt43", reason: "$1", keeping: "bound|renew")
      let client = try Program(
        [
          "udhcpc", "-f", "-i", "eth0", "-s", script.path, "-V", "dslforum.org", "-O", "43", "-t", "5", "-T", "1",
        ], in: lab.client())

      let bound = try #require(try await script.call("bound", within: 20), "\(client.errors)")
      #expect(bound.address == "192.0.2.100")
      #expect(try Option43(decoding: bound.option43) == Self.broadbandForum)
      try await expectRenewal(of: daemon) {
        client.signal(SIGUSR1)
        return try await script.call("renew", within: 10)
      }
      client.signal(SIGUSR2)
      try await expectRelease(of: daemon)
      try await client.stop()
      try await daemon.stop()
    }
  }

  @Test func `dhcpcd gets a lease, renews it and releases it; option 43 is Comware's`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let script = try Script(
        in: lab, address: "new_ip_address", option43: "new_vendor_encapsulated_options", reason: "$reason")
      let configuration = try lab.write(
        """
        vendorclassid H3C.MSR36-20
        clientid
        option vendor_encapsulated_options
        noarp
        noipv6
        script \(script.path)
        """, to: "dhcpcd.conf")
      // It keeps its leases in a folder of the system, by interface; each test's client shall have its own.
      let client = try Program(
        [
          "unshare", "--mount", "sh", "-c",
          "mount -t tmpfs none /var/lib/dhcpcd && exec dhcpcd -4 -B -d -f \(configuration) eth0",
        ], in: lab.client())

      let bound = try #require(try await script.call("BOUND", within: 20), "\(client.errors)")
      #expect(bound.address == "192.0.2.100")
      #expect(try Option43(decoding: bound.option43) == Self.comware)
      try await expectRenewal(of: daemon) {
        client.signal(SIGUSR1)
        return try await script.call("RENEW", within: 10)
      }
      client.signal(SIGALRM)
      try await expectRelease(of: daemon)
      #expect(try await client.result(within: 5).status == 0, "\(client.errors)")
      try await daemon.stop()
    }
  }

  @Test func `a client of a class gets the address, the boot file and the time of its class`() async throws {
    try await Lab.with { lab in
      let daemon = try await Daemon(
        in: lab,
        configuration: """
          dhcp:
            classes:
              - {name: phones, user-class: voip, dialect: none, boot-file: phone.cfg}
          subnets:
            - subnet: 192.0.2.0/24
              pool: 192.0.2.100-192.0.2.199
              classes:
                - {class: phones, pool: 192.0.2.50-192.0.2.59, lease-time: 90s}
          """)
      let told = lab.folder.appending(path: "told").path
      let script = try lab.write(
        """
        #!/bin/sh
        [ "$1" = bound ] && echo "$ip $lease ${boot_file:-none} ${opt43:-none}" >> \(told)
        """, to: "script")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
      for words in [["-x", "0x4d:04766f6970"], []] {
        let client = try Program(
          ["udhcpc", "-f", "-n", "-q", "-i", "eth0", "-s", script, "-O", "43", "-O", "67", "-t", "5", "-T", "1"]
            + words,
          in: lab.client())
        _ = try await client.result()
      }
      let lines = try String(contentsOfFile: told, encoding: .utf8).split(separator: "\n")
      #expect(lines.first == "192.0.2.50 90 phone.cfg none")
      #expect(lines.last?.hasPrefix("192.0.2.100 43200 device.cfg 01") == true, "\(lines)")
      try await daemon.stop()
    }
  }

  @Test func `the operator exports leases, shows one and takes it back; the client is refused and begins anew`()
    async throws
  {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let script = try Script(in: lab, address: "ip", option43: "opt43", reason: "$1", keeping: "bound|renew")
      let client = try Program(
        ["udhcpc", "-f", "-i", "eth0", "-s", script.path, "-V", "dslforum.org", "-O", "43", "-t", "5", "-T", "1"],
        in: lab.client())
      _ = try #require(try await script.call("bound", within: 20), "\(client.errors)")

      let rows = try await daemon.usher("leases", "--csv").output.split(separator: "\n")
      #expect(rows.first == "address,hardware,client-id,hostname,vendor-class,state,start,expiry,reservation")
      #expect(rows.count == 2 && rows[1].hasPrefix("192.0.2.100,") && rows[1].contains(",dslforum.org,bound,"))
      let shown = try await daemon.usher("leases", "show", "192.0.2.100").output
      #expect(shown.contains("dslforum.org") && shown.contains("bound"))

      let released = try await daemon.usher("leases", "release", "192.0.2.100")
      #expect(released.status == 0 && released.output == "192.0.2.100 is released.\n", "\(released.errors)")
      let again = try await daemon.usher("leases", "release", "192.0.2.100")
      #expect(again.status != 0 && again.errors.contains("nobody holds it"), "\(again.errors)")
      let unknown = try await daemon.usher("leases", "show", "192.0.2.9")
      #expect(unknown.status != 0 && unknown.errors.contains("No lease of 192.0.2.9"), "\(unknown.errors)")

      client.signal(SIGUSR1)
      #expect(
        try await eventually(within: 20) {
          let acknowledged = try await daemon.counter("dhcp.acknowledged")
          return try await daemon.counter("dhcp.refused.leaseEnded") == 1 && acknowledged == 2
        })
      try await client.stop()
      try await daemon.stop()
    }
  }

  @Test func `an address that the operator reserves is its router's, over a reload and a restart, until it is let go`()
    async throws
  {
    try await Lab.with(clients: 2) { lab in
      var daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let script = try Script(in: lab, address: "ip", option43: "opt43", reason: "$1")
      func lease(_ client: Int) async throws -> String {
        let words = ["udhcpc", "-f", "-n", "-q", "-B", "-i", "eth0", "-s", script.path, "-t", "5", "-T", "2"]
        return try await Program(words, in: lab.client(client)).result(within: 20).errors
      }
      let own = try await daemon.usher("leases", "reserve", "192.0.2.50", "--client", Lab.hardware(0))
      #expect(own.output == "192.0.2.50 is reserved for \(Lab.hardware(0)).\n", "\(own.errors)")
      #expect(try await lease(0).contains("lease of 192.0.2.50 obtained"))
      #expect(try await lease(1).contains("lease of 192.0.2.100 obtained"))
      let identifier = "01" + Lab.hardware(1).replacing(":", with: "")
      let holder = try await daemon.usher("leases", "reserve", "192.0.2.100")
      #expect(holder.output == "192.0.2.100 is reserved for \(identifier).\n", "\(holder.errors)")
      #expect(try await daemon.usher("leases", "unreserve", "192.0.2.100").status == 0)
      let held = try await daemon.usher("leases", "reserve", "192.0.2.101", "--client", Lab.hardware(1))
      #expect(held.status == 0, "\(held.errors)")

      for (words, reason) in [
        (["192.0.2.1", "--client", "02:00:00:00:00:01"], "the server's or a gateway's"),
        (["198.51.100.1", "--client", "02:00:00:00:00:01"], "in no subnet"),
        (["192.0.2.50", "--client", "02:00:00:00:00:01"], "reserved already"),
        (["192.0.2.51", "--client", Lab.hardware(0)], "has a reservation already: 192.0.2.50"),
        (["192.0.2.52"], "name the router with --client"),
      ] {
        let result = try await Program(
          [try Daemon.binary, "leases", "reserve"] + words + ["--control", daemon.control]
        )
        .result()
        #expect(result.status == 1 && result.errors.contains(reason), "\(words): \(result.errors)")
      }
      for (words, reason) in [
        (["192.0.2.52", "--client", "me"], "neither a hardware"), (["x"], "not an IPv4 address"),
      ] {
        let result = try await Program(
          [try Daemon.binary, "leases", "reserve"] + words + ["--control", daemon.control]
        ).result()
        #expect(result.status == 64 && result.errors.contains(reason), "\(words): \(result.errors)")
      }

      #expect(try await daemon.usher("reload").status == 0)
      try await daemon.stop()
      daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let rows = try await daemon.usher("leases").output
      #expect(rows.contains("192.0.2.101") && rows.contains("free"), "\(rows)")
      #expect(try await lease(1).contains("lease of 192.0.2.101 obtained"))
      #expect(try await lease(0).contains("lease of 192.0.2.50 obtained"))
      let freed = try await daemon.usher("leases", "unreserve", "192.0.2.50")
      #expect(freed.output == "192.0.2.50 is not reserved any more.\n", "\(freed.errors)")
      #expect(try await daemon.usher("leases", "unreserve", "192.0.2.50").status == 1)
      #expect(try await lease(0).contains("lease of 192.0.2.1"))
      try await daemon.stop()
    }
  }

  @Test func `an address that somebody has without a lease is not handed out, and nobody else waits meanwhile`()
    async throws
  {
    try await Lab.with(clients: 3) { lab in
      try await run("ip", "address", "add", "192.0.2.100/24", "dev", "eth0", in: lab.client(2))
      let daemon = try await Daemon(in: lab, configuration: Self.configuration)
      let script = try Script(in: lab, address: "ip", option43: "opt43", reason: "$1")
      func lease(_ words: [String], _ client: Int) async throws -> Program.Result {
        let once = ["udhcpc", "-f", "-n", "-q", "-B", "-i", "eth0", "-s", script.path, "-t", "5", "-T", "2"]
        return try await Program(once + words, in: lab.client(client)).result(within: 20)
      }
      let first = try await lease([], 0)
      #expect(first.errors.contains("lease of 192.0.2.101 obtained"), "\(first.errors)")
      // It asks for an address that has not been asked about: it is held by a stranger too.
      try await run("ip", "address", "add", "192.0.2.150/24", "dev", "eth0", in: lab.client(2))
      let second = try await lease(["-r", "192.0.2.150"], 1)
      #expect(second.errors.contains("lease of 192.0.2.102 obtained"), "\(second.errors)")

      #expect(try await daemon.counter("dhcp.foundInUse") == 2)
      let place = try await run("cat", "/sys/class/net/eth0/address", in: lab.client(2)).output
      let hardware = place.split(separator: "\n").first.map(String.init) ?? ""
      let shown = try await daemon.usher("leases", "show", "192.0.2.100").output
      #expect(shown.contains("declined") && shown.contains(hardware), "\(shown)")
      #expect(daemon.program.errors.contains("in use by somebody who has no lease of it"))
      try await daemon.stop()
    }
  }

  @Test func `beside dnsmasq, strangers get dnsmasq's address, routers ours, and the other server is named`()
    async throws
  {
    try await Lab.with(clients: 3) { lab in
      let daemon = try await Daemon(
        in: lab, configuration: "dhcp: {answer: known, offer-after: 0}\n" + Self.configuration)
      // The other server, in a namespace of its own on the same bridge.
      try await run("ip", "address", "add", "192.0.2.9/24", "dev", "eth0", in: lab.client(2))
      // It closes every descriptor that it was started with, one of which tells its parent that it has ended: a shell
      // stands between.
      let words =
        "dnsmasq --no-daemon --port=0 --conf-file=/dev/null --interface=eth0 --bind-interfaces --user=root --no-ping "
        + "--dhcp-range=192.0.2.200,192.0.2.210,1h --dhcp-leasefile=\(lab.folder.path)/dnsmasq.leases "
        + "--dhcp-vendorclass=set:router,H3C --dhcp-ignore=tag:router"
      let other = try Program(["sh", "-c", "trap 'kill $!' TERM; \(words) & wait"], in: lab.client(2))
      #expect(try await eventually(within: 30) { other.errors.contains("DHCP, IP range") }, "\(other.errors)")

      // Not an OUI that routers have.
      let stranger = "02:00:5e:00:00:01"
      try await run("ip", "link", "set", "eth0", "address", stranger, in: lab.client(0))
      let script = try Script(in: lab, address: "ip", option43: "opt43", reason: "$1")
      let once = ["udhcpc", "-f", "-n", "-q", "-B", "-i", "eth0", "-s", script.path, "-t", "5", "-T", "1"]
      let result = try await Program(once, in: lab.client(0)).result(within: 20)
      #expect(result.errors.contains("lease of 192.0.2.20") && result.status == 0, "\(result.errors)")
      #expect(try await daemon.counter("dhcp.ignored.notServed") > 0)
      let router = try await Program(once + ["-V", "H3C.MSR36-20", "-O", "43"], in: lab.client(1)).result(within: 20)
      #expect(router.errors.contains("lease of 192.0.2.100 obtained from 192.0.2.1"), "\(router.errors)")

      let status = try await daemon.usher("status").output
      let place = try await run("cat", "/sys/class/net/eth0/address", in: lab.client(2)).output
      let hardware = place.split(separator: "\n").first.map(String.init) ?? ""
      #expect(status.contains("another DHCP server answers here: 192.0.2.9 at \(hardware)"), "\(status)")
      #expect(daemon.program.errors.contains("another DHCP server is on the network"))
      // Who is not ours to serve leaves no trace.
      #expect(try await daemon.journey(of: stranger) == nil)
      try await other.stop()
      try await daemon.stop()
    }
  }

  /// The same address, held for longer than before.
  private func expectRenewal(of daemon: Daemon, by renew: () async throws -> Script.Call?) async throws {
    let before = try #require(try await daemon.json("leases").first)
    #expect(before["state"] as? String == "bound")
    let first = try #require(before["expiry"] as? String)
    // Moments are told in whole seconds.
    try await Task.sleep(for: .milliseconds(1100))
    #expect(try await renew()?.address == "192.0.2.100")
    let leases = try await daemon.json("leases")
    #expect(leases.map { $0["address"] as? String } == ["192.0.2.100"])
    #expect(try #require(leases.first?["expiry"] as? String) > first)
    #expect(try await daemon.counter("dhcp.acknowledged") >= 2)
  }

  private func expectRelease(of daemon: Daemon) async throws {
    #expect(
      try await eventually(within: 30) {
        try await daemon.json("leases").map { $0["state"] as? String } == ["released"]
      })
    #expect(try await daemon.counter("dhcp.released") == 1)
  }
}

/// The script that a DHCP client calls with what it got.
private struct Script {
  struct Call {
    let address: String
    let option43: [UInt8]
  }

  let path: String
  private let calls: URL

  /// `reason` is how the script learns what happened, `address` and `option43` are the variables that the client sets.
  /// On the reasons `keeping` the script gives the address to the interface; without them the client does it itself.
  init(in lab: Lab, address: String, option43: String, reason: String, keeping: String? = nil) throws {
    calls = lab.folder.appending(path: "calls")
    let keep = keeping.map {
      """
      case "\(reason)" in
        \($0)) ip address replace "$\(address)/24" dev eth0 ;;
        *) ip address flush dev eth0 ;;
      esac
      """
    }
    path = try lab.write(
      """
      #!/bin/sh
      \(keep ?? "")
      echo "\(reason) $\(address) $\(option43)" >> \(calls.path)
      """, to: "script")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  /// The first call for `reason`.
  func call(_ reason: String, within seconds: Double) async throws -> Call? {
    var line: [String] = []
    _ = try await eventually(within: seconds) {
      let text = (try? String(contentsOf: calls, encoding: .utf8)) ?? ""
      let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      line = lines.first { $0.first == reason } ?? []
      return !line.isEmpty
    }
    guard line.count == 3 else { return nil }
    return Call(address: line[1], option43: try #require(Self.bytes(line[2]), "\(line[2])"))
  }

  /// dhclient writes bytes as hexadecimal numbers between colons, without leading zeros.
  private static func bytes(_ text: String) -> [UInt8]? {
    guard text.contains(":") else { return Hexadecimal.decode(text) }
    return Hexadecimal.decode(text.split(separator: ":").map { $0.count == 1 ? "0\($0)" : String($0) }.joined())
  }
}
