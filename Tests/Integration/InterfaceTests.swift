import Testing

/// Interfaces come late, go away, lose their address and get another one; what is there is served meanwhile.
struct InterfaceTests {
  /// A second cable of the appliance, to the first client's `eth1`.
  private static let port = "late0"

  private func plugIn(_ address: String, in lab: Lab) async throws {
    let lines = [
      "ip -n \(lab.appliance) link add \(Self.port) type veth peer name eth1 netns \(lab.client())",
      "ip -n \(lab.appliance) address add \(address) dev \(Self.port)",
      "ip -n \(lab.appliance) link set \(Self.port) up", "ip -n \(lab.client()) link set eth1 up",
    ]
    let result = try await Program(["sh", "-exc", lines.joined(separator: "\n")]).result()
    try #require(result.status == 0, "\(result.errors)")
  }

  /// The address that a client gets at an interface, nil for none, and by whom.
  private func lease(at interface: String, in lab: Lab, keeping: Bool = false) async throws -> String? {
    let script = try lab.write(
      "#!/bin/sh\n[ \"$1\" = bound ] && ip address replace $ip/24 dev $interface\nexit 0\n", to: "keep")
    try await run("chmod", "755", script)
    let result = try await run(
      "udhcpc", "-f", "-n", "-q", "-B", "-i", interface, "-s", keeping ? script : "/bin/true", "-t", "4", "-T", "1",
      in: lab.client())
    let words = result.errors.split { $0 == " " || $0 == "\n" }
    guard let place = words.firstIndex(of: "lease"), words.count > place + 5 else { return nil }
    return "\(words[place + 2]) from \(words[place + 5].prefix { $0 != "," })"
  }

  /// Whether DNS, TFTP and the ACS answer at an address.
  private func answers(_ address: String, in lab: Lab) async throws -> [Bool] {
    let dns = try await run(
      "dig", "@\(address)", "+short", "+tries=1", "+time=1", "acs.usher.internal", in: lab.client())
    let acs = try await run("curl", "-s", "-m", "2", "http://\(address):7547/acs", in: lab.client())
    let tftp = try await run("curl", "-s", "-m", "2", "tftp://\(address)/device.cfg", in: lab.client())
    // Each subnet is told the address that the appliance has there.
    return [dns.output == "\(address)\n", acs.output.contains("ACS"), tftp.output.contains("cwmp")]
  }

  @Test func `an interface that comes late, goes away and comes back is served when it is there, and others meanwhile`()
    async throws
  {
    try await Lab.with { lab in
      let daemon = try await Daemon(in: lab, arguments: ["--interface", Self.port])
      #expect(try await daemon.problems().contains { $0.contains("there is no interface late0") })
      #expect(daemon.program.errors.contains("waiting: there is no interface late0"))
      #expect(try await lease(at: "eth0", in: lab) != nil)

      for round in 1...2 {
        try await plugIn("198.51.100.1/24", in: lab)
        #expect(
          try await eventually(within: 30) { daemon.program.errors.contains(times: round, "late0 198.51.100.1/24") })
        let leased = try await lease(at: "eth1", in: lab, keeping: true)
        #expect(
          leased?.hasPrefix("198.51.100.") == true && leased?.hasSuffix("from 198.51.100.1") == true, "\(leased ?? "")")
        #expect(try await answers("198.51.100.1", in: lab) == [true, true, true])
        #expect(try await daemon.problems().isEmpty)

        try await run("ip", "-n", lab.appliance, "link", "del", Self.port)
        // The problems are as they are when they are asked for: the line tells that the daemon has seen it too.
        #expect(
          try await eventually(within: 30) {
            daemon.program.errors.contains(times: round + 1, "waiting: there is no interface late0")
          })
        #expect(try await daemon.problems().contains { $0.contains("there is no interface late0") })
        #expect(try await lease(at: "eth0", in: lab) != nil)
      }
      let leases = try await daemon.json("leases").compactMap { $0["address"] as? String }
      #expect(leases.contains { $0.hasPrefix("198.51.100.") } && leases.contains { $0.hasPrefix("192.0.2.") })
      // It was said when it changed, not all the time.
      #expect(daemon.program.errors.split(separator: "\n").count < 40, "\(daemon.program.errors)")
      try await daemon.stop()
    }
  }

  @Test func `an interface that loses its address is awaited, and served again with that or another one`() async throws
  {
    try await Lab.with { lab in
      try await plugIn("198.51.100.1/24", in: lab)
      let daemon = try await Daemon(in: lab, arguments: ["--interface", Self.port])
      #expect(try await lease(at: "eth1", in: lab, keeping: true)?.hasSuffix("from 198.51.100.1") == true)
      func change(_ verb: String, _ address: String) async throws {
        try await run("ip", "-n", lab.appliance, "address", verb, address, "dev", Self.port)
      }
      for (last, next) in [("198.51.100.1", "198.51.100.1"), ("198.51.100.1", "198.51.100.7")] {
        try await change("del", "\(last)/24")
        #expect(
          try await eventually(within: 30) {
            try await daemon.problems().contains { $0.contains("late0 has no IPv4 address") }
          })
        #expect(try await lease(at: "eth0", in: lab) != nil)
        try await change("add", "\(next)/24")
        #expect(try await eventually(within: 30) { try await daemon.problems().isEmpty })
        #expect(
          try await eventually(within: 30) { try await lease(at: "eth1", in: lab)?.hasSuffix("from \(next)") == true })
        #expect(try await answers(next, in: lab) == [true, true, true])
      }
      try await daemon.stop()
    }
  }

  @Test func `a daemon whose only interface is not there waits for it, and says so`() async throws {
    try await Lab.with { lab in
      try await run("ip", "-n", lab.appliance, "link", "set", Lab.port, "down")
      let daemon = try await Daemon(in: lab, configuration: RealClientTests.configuration)
      #expect(try await daemon.problems() == ["br0 is down; `ip link set br0 up`"])
      #expect(try await lease(at: "eth0", in: lab) == nil)
      try await run("ip", "-n", lab.appliance, "link", "set", Lab.port, "up")
      #expect(
        try await eventually(within: 30) { try await lease(at: "eth0", in: lab)?.hasSuffix("from 192.0.2.1") == true })
      try await daemon.stop()
    }
  }

  @Test(.enabled("this kernel has no 802.1Q") { try await kernelHasVLANs() })
  func `a VLAN's interface is served, and frames without its tag are not`() async throws {
    try await Lab.with { lab in
      try await plugIn("203.0.113.1/24", in: lab)
      for (namespace, port) in [(lab.appliance, Self.port), (lab.client(), "eth1")] {
        try await run(
          "ip", "-n", namespace, "link", "add", "link", port, "name", "v20", "type", "vlan", "id", "20")
        try await run("ip", "-n", namespace, "link", "set", "v20", "up")
      }
      try await run("ip", "-n", lab.appliance, "address", "add", "198.51.100.1/24", "dev", "v20")
      let daemon = try await Daemon(in: lab, arguments: ["--interface", "v20"])
      #expect(try await lease(at: "v20", in: lab, keeping: true)?.hasSuffix("from 198.51.100.1") == true)
      #expect(try await answers("198.51.100.1", in: lab) == [true, true, true])
      #expect(try await lease(at: "eth1", in: lab) == nil)
      try await daemon.stop()
    }
  }
}

extension String {
  fileprivate func contains(times count: Int, _ part: String) -> Bool {
    split(separator: part, omittingEmptySubsequences: false).count > count
  }
}

/// Whether the kernel knows 802.1Q; in some virtual machines it does not.
private func kernelHasVLANs() async throws -> Bool {
  let name = "utvlan"
  let lines =
    "ip netns add \(name) && ip -n \(name) link add a type veth peer name b && "
    + "ip -n \(name) link add link a name a.20 type vlan id 20; status=$?; ip netns del \(name); exit $status"
  return try await run("sh", "-c", lines).status == 0
}
