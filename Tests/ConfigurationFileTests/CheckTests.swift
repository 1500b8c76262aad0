import DHCP
import Testing

@testable import ConfigurationFile

/// What must hold between options.
struct CheckTests {
  private static let names = OptionDefinition.all.map(\.name).joined(separator: ", ")

  @Test(arguments: [
    (
      "pool: [10.0.0.10-10.0.0.20, 10.0.0.15-10.0.0.30]",
      "1:61: subnets[0].pool[1] 10.0.0.15-10.0.0.30 overlaps 10.0.0.10-10.0.0.20; expected ranges that have no address "
        + "in common"
    ),
    (
      "pool: [10.0.0.10-10.0.0.20, 10.0.0.1-10.0.0.250, 10.0.0.255]",
      "1:61: subnets[0].pool[1] 10.0.0.1-10.0.0.250 overlaps 10.0.0.10-10.0.0.20; expected ranges that have no address "
        + "in common",
    ),
    (
      "pool: 10.0.0.0-10.0.0.20",
      "1:39: subnets[0].pool 10.0.0.0-10.0.0.20 is not within the hosts of 10.0.0.0/24; expected addresses in "
        + "10.0.0.1-10.0.0.254"
    ),
    (
      "pool: 10.0.0.1-10.0.0.20, routers: [10.0.0.1]",
      "1:39: subnets[0].pool 10.0.0.1-10.0.0.20 has the router 10.0.0.1 in it; expected a pool without the routers' "
        + "addresses"
    ),
    (
      "routers: [10.0.0.1, 10.0.1.1]",
      "1:53: subnets[0].routers has 10.0.1.1, which no host of 10.0.0.0/24 can have; expected an address in "
        + "10.0.0.1-10.0.0.254"
    ),
    (
      "options: [{code: 66, text: a}, {code: 66, hex: 00}]",
      "1:71: subnets[0].options[1].code is 66, as is subnets[0].options[0].code; expected each option once"
    ),
    (
      "options: [{code: 53, hex: 05}]",
      "1:50: subnets[0].options[0].code is 53, an option that the protocol decides; expected another option"
    ),
    (
      "options: [{name: domain-serch, value: a.example}]",
      "1:50: subnets[0].options[0].name is \"domain-serch\"; expected one of \(CheckTests.names); did you mean \"domain-search\"?"
    ),
    (
      "options: [{name: domain-search, value: [a.example, -b]}]",
      "1:84: subnets[0].options[0].value[1] is \"-b\"; expected a domain name such as lab.example"
    ),
    (
      "options: [{name: interface-mtu, value: 60}]",
      "1:72: subnets[0].options[0].value is \"60\"; expected a number from 68 to 65535"
    ),
    ("options: [{name: domain-search}]", "1:43: subnets[0].options[0] has no value; expected value"),
    (
      "options: [{name: domain-search, code: 119, value: a}]",
      "1:43: subnets[0].options[0] has both name and code; expected one of the two"
    ),
    ("options: [{value: a}]", "1:43: subnets[0].options[0] has neither name nor code; expected one of the two"),
    (
      "options: [{name: domain-search, value: a.b}, {code: 119, hex: 00}]",
      "1:85: subnets[0].options[1].code is 119, as is subnets[0].options[0].name; expected each option once"
    ),
    (
      "reservations: [{circuit-id: Gi0/1, address: 10.0.0.9}, {circuit-id: \"0x4769302f31\", address: 10.0.0.8}]",
      "1:101: subnets[0].reservations[1] is for the same router as subnets[0].reservations[0]; expected one reservation for a router"
    ),
    (
      "reservations: [{circuit-id: 0xzz, address: 10.0.0.9}]",
      "1:61: subnets[0].reservations[0].circuit-id is \"0xzz\"; expected text of 1 to 255 bytes, or hexadecimal digits after 0x, such as 0x0004001a"
    ),
    ("options: [{code: 66}]", "1:43: subnets[0].options[0] has no value; expected one of hex, addresses, text"),
    (
      "options: [{code: 66, hex: 00, text: a}]",
      "1:43: subnets[0].options[0] has hex and text; expected one of hex, addresses, text"
    ),
    (
      "ntp-servers: [10.0.0.9], options: [{code: 42, addresses: [10.0.0.8]}]",
      "1:75: subnets[0].options[0] is option 42, which ntp-servers gives already; expected one of the two"
    ),
    (
      "options: [{code: 119, hex: \"0a:1b\"}]",
      "1:60: subnets[0].options[0].hex is the text \"0a:1b\"; expected 0 to 255 bytes in hexadecimal digits, such as \"0a1b2c\"; "
        + "did you mean \"0a1b\"?"
    ),
    (
      "reservations: [{mac: 000f-e200-0001, address: 10.0.1.9}]",
      "1:79: subnets[0].reservations[0].address 10.0.1.9 is not within the hosts of 10.0.0.0/24; expected an address in "
        + "10.0.0.1-10.0.0.254"
    ),
    (
      "reservations: [{mac: 000f-e200-0001, address: 10.0.0.9}, {client-id: 0a, address: 10.0.0.9}]",
      "1:115: subnets[0].reservations[1].address is 10.0.0.9, as is subnets[0].reservations[0].address; expected an "
        + "address for one router"
    ),
    (
      "reservations: [{mac: 000f-e200-0001, address: 10.0.0.9}, {mac: 00:0f:e2:00:00:01, address: 10.0.0.8}]",
      "1:96: subnets[0].reservations[1] is for the same router as subnets[0].reservations[0]; expected one reservation "
        + "for a router"
    ),
    (
      "reservations: [{address: 10.0.0.9}]",
      "1:48: subnets[0].reservations[0] has no router; expected one of mac, client-id, circuit-id, remote-id"
    ),
    (
      "min-lease-time: 2d",
      "1:49: subnets[0].min-lease-time is longer than lease-time; expected min-lease-time of at most lease-time"
    ),
    (
      "renew-after: 2h, rebind-after: 1h",
      "1:46: subnets[0].renew-after is longer than rebind-after; expected renew-after of at most rebind-after"
    ),
    (
      "classes: [{class: phones}]",
      "1:51: subnets[0].classes[0].class is \"phones\", which dhcp.classes has not; expected a class of dhcp.classes"
    ),
  ])
  func `a contradiction within a subnet is told at the later option`(options: String, problem: String) {
    let found = problems("subnets: [{subnet: 10.0.0.0/24, \(options)}]")
    #expect(found.first == problem)
  }

  @Test func `subnets that overlap are told at the later one`() {
    #expect(
      problems(
        """
        subnets:
          - subnet: 10.0.0.0/24
          - subnet: 10.0.1.0/24
          - subnet: 10.0.0.0/16
          - subnet: 10.1.0.0/16
        """) == [
          "4:13: subnets[2].subnet 10.0.0.0/16 overlaps 10.0.0.0/24 of subnets[0]; expected subnets that have no address "
            + "in common",
          "4:13: subnets[2].subnet 10.0.0.0/16 overlaps 10.0.1.0/24 of subnets[1]; expected subnets that have no address "
            + "in common",
        ])
  }

  @Test(arguments: [
    (
      "dns: {zone: lab.example}",
      "1:13: acs.name \"acs.usher.internal\" is not in dns.zone \"lab.example\"; expected a name in that zone, which "
        + "this server answers for, or acs.url"
    ),
    (
      "acs: {name: acs.example}",
      "1:13: acs.name \"acs.example\" is not in dns.zone \"usher.internal\"; expected a name in that zone, which this "
        + "server answers for, or acs.url"
    ),
    (
      "inventory: a.csv",
      "1:12: inventory is given without profiles, and the built-in profile admits every router; expected profiles, one "
        + "of them with \"admit: inventory\""
    ),
    (
      "profiles: [{name: a}, {name: b}, {name: a}]",
      "1:41: profiles[2].name is \"a\", as is profiles[0].name; expected a name of its own"
    ),
    (
      "dhcp: {rules: [{dialect: none}]}",
      "1:16: dhcp.rules[0] tells no routers apart; expected vendor-class or oui or both"
    ),
    (
      "dns: {records: [{name: a, type: A, value: \"::1\"}]}",
      "1:43: dns.records[0].value is \"::1\"; expected an IPv4 address for a record of type A"
    ),
    (
      "dns: {records: [{name: a, type: A, value: 10.0.0.1}, {name: A, type: CNAME, value: b.example}]}",
      "1:70: dns.records[1] has type CNAME, and dns.records[0] of the same name has type A; expected a CNAME record "
        + "alone at its name"
    ),
    (
      "dns: {records: [{name: a, type: MXX, value: 1 a.b}]}",
      "1:33: dns.records[0].type is \"MXX\"; expected a type such as A, MX or TYPE65400; did you mean \"MX\"?"
    ),
    (
      "dns: {records: [{name: a, type: SRV, value: 1 2 a}]}",
      "1:45: dns.records[0].value is \"1 2 a\"; expected PRIORITY WEIGHT PORT NAME for a record of type SRV"
    ),
    (
      "acs: {scheme: https, tls: {enabled: false}}",
      "1:15: acs.scheme is \"https\", and acs.tls is not enabled; expected acs.tls with enabled: true"
    ),
    (
      "acs: {tls: {port: 7547}}",
      "1:19: acs.port and acs.tls.port are both 7547; expected a port of its own for each"
    ),
    (
      "acs: {tls: {certificate: a.pem}}",
      "1:26: acs.tls.certificate is given without key; expected acs.tls.key beside it"
    ),
    (
      "acs: {tls: {key: a.key}}",
      "1:18: acs.tls.key is given without certificate; expected acs.tls.certificate beside it"
    ),
    (
      "acs: {tls: {client-ca: a.pem}}",
      "1:24: acs.tls.client-ca is given, and routers are not asked for a certificate; expected client-certificates: "
        + "optional or required"
    ),
    (
      "acs: {tls: {client-certificate: required}}",
      "1:13: unknown option \"client-certificate\" in acs.tls; expected one of enabled, port, key-type, certificate, "
        + "key, chain, client-certificates, client-ca; did you mean \"client-certificates\"?"
    ),
    (
      "acs: {tls: {key-type: rsaa}}",
      "1:23: acs.tls.key-type is \"rsaa\"; expected one of ecdsa, rsa; did you mean \"rsa\"?"
    ),
    (
      "dns: {acs-names: [acs.example.org]}",
      "1:18: dns.acs-names has \"acs.example.org\", which is not in dns.zone \"usher.internal\"; expected names in that "
        + "zone; see dns.captive for others"
    ),
    (
      "dns: {captive: ['*.usher.internal']}",
      "1:16: dns.captive has \"*.usher.internal\", which is in the zone \"usher.internal\"; expected names outside our "
        + "zones; see dns.acs-names for those in dns.zone"
    ),
    (
      "dns: {captive: [acs.v.example, '*.acs.v.example']}",
      "1:16: dns.captive has \"acs.v.example\" twice; expected each name once"
    ),
    (
      "dns: {zones: [{name: Usher.internal}]}",
      "1:22: dns.zones[0].name is \"Usher.internal\", which is served already; expected a zone other than usher.internal"
    ),
    (
      "dns: {zones: [{name: a.b, file: x, records: [{name: a, type: A, value: 10.0.0.1}]}]}",
      "1:45: dns.zones[0] has a file and records; expected one of the two"
    ),
    (
      "dns: {forward: [{zone: a.b, servers: [192.0.2.53]}, {zone: A.b, servers: [192.0.2.54]}]}",
      "1:60: dns.forward[1].zone is \"A.b\", as is dns.forward[0].zone; expected each zone once, with all its servers"
    ),
    (
      "dns: {forward: [{zone: lab.usher.internal, servers: [192.0.2.53]}]}",
      "1:24: dns.forward[0].zone \"lab.usher.internal\" is in \"usher.internal\", which is served here; expected a zone "
        + "that this server does not answer for"
    ),
    (
      "dns: {captive: [\"*.isp.example\"], forward: [{zone: isp.example, servers: [192.0.2.53]}]}",
      "1:52: dns.forward[0].zone \"isp.example\" is in \"isp.example\", which is served here; expected a zone that this "
        + "server does not answer for"
    ),
    (
      "dns: {forward: [{zone: a.b, servers: []}]}",
      "1:38: dns.forward[0].servers is a list; expected a list of 1 to 8 addresses of servers"
    ),
    (
      "dns: {forward: [{zone: a.b., servers: [192.0.2.53]}]}",
      "1:24: dns.forward[0].zone is \"a.b.\"; expected a domain name, such as corp.internal or 10.in-addr.arpa; did you "
        + "mean \"a.b\"?"
    ),
    (
      "dns: {forward: [{zone: a.b}]}",
      "1:17: dns.forward[0] has no \"servers\"; expected a list of 1 to 8 addresses of servers"
    ),
    ("acs: {path: []}", "1:13: acs.path is a list; expected a path, or a list of some"),
    (
      "acs: {captive-ports: true}",
      "1:22: acs.captive-ports is on, and dns.captive names nothing; expected dns.captive with the names that routers "
        + "come by"
    ),
    (
      "{acs: {captive-ports: true, port: 443}, dns: {captive: [a.example]}}",
      "1:23: acs.captive-ports has port 443 for https, which acs.port has for the other; expected other ports for the "
        + "ACS itself"
    ),
    (
      "subnets: [{subnet: 192.0.2.0/24, forwarding: true}]",
      "1:46: subnets[0].forwarding is on, and dns.forwarders names no server; expected dns.forwarders with the servers "
        + "to ask"
    ),
  ])
  func `a contradiction between options is told at one of them`(yaml: String, problem: String) {
    #expect(problems(yaml) == [problem])
  }

  @Test func `URL, user name and password must fit into option 43`() {
    let path = "/" + String(repeating: "a", count: 120)
    let word = String(repeating: "w", count: 60)
    #expect(
      problems("acs: {path: \(path), username: \(word), password: \(word)}") == [
        "1:13: the ACS URL, user name and password have 273 bytes with the spaces between them; expected at most 253, "
          + "which is what option 43 can carry"
      ])
  }

  @Test func `private zones and several paths are read`() throws {
    let settings = try Settings.parse(
      """
      acs: {path: [/acs, /cwmp/], captive-ports: true}
      dns:
        captive: [acs.factory.example]
        forward:
          - {zone: _msdcs.corp.internal, servers: [192.0.2.53, 192.0.2.54]}
          - {zone: 10.in-addr.arpa, servers: [192.0.2.53]}
          - {zone: internal, servers: [192.0.2.53]}
      subnets: [{subnet: 192.0.2.0/24, forwarding: true}]
      dhcp: {dialect: huawei, rules: [{oui: "00E0FC", dialect: eltex}]}
      """, file: "usher.yaml")
    #expect(settings.acs.path == "/acs" && settings.acs.paths == ["/acs", "/cwmp/"])
    #expect(settings.dns.forward.map(\.zone) == ["_msdcs.corp.internal", "10.in-addr.arpa", "internal"])
    #expect(settings.dhcp.dialect == .huawei && settings.dhcp.rules.map(\.dialect) == [.eltex])
    #expect(try Settings.parse(Printer.yaml(settings), file: "printed") == settings)
  }

  @Test func `a name outside the zone is right where this server does not answer for it`() {
    #expect(problems("{acs: {name: acs.example}, dns: {enabled: false}}").isEmpty)
    #expect(problems("acs: {name: acs.example, url: \"https://acs.example/\"}").isEmpty)
  }

  @Test func `an option that is wrong in itself is not compared with others`() {
    #expect(problems("subnets: [{subnet: 10.0.0.0/33, pool: 10.0.0.1}]").count == 1)
    #expect(problems("{acs: {name: -}, dns: {zone: lab}}").count == 1)
  }

  @Test(arguments: [
    (
      "{name: a}",
      "1:18: dhcp.classes[0] tells no routers apart; expected one or more of vendor-class, user-class, oui, circuit-id, remote-id"
    ),
    (
      "{name: a, oui: \"000FE2\"}, {name: a, user-class: x}",
      "1:51: dhcp.classes[1].name is \"a\", as is dhcp.classes[0].name; expected a name of its own"
    ),
    (
      "{name: a, oui: \"000FE2\", boot-file: a/../b}",
      "1:54: dhcp.classes[0].boot-file is \"a/../b\"; expected a file name or path, a URL such as "
        + "http://192.0.2.1/boot/device.cfg, or http:NAME for our own file by HTTP: at most 255 bytes of ASCII without "
        + "spaces, no part of the path \"..\""
    ),
    (
      "{name: a, circuit-id: 0xz}",
      "1:40: dhcp.classes[0].circuit-id is \"0xz\"; expected a pattern of 1 to 255 bytes, or hexadecimal digits after 0x, "
        + "such as 0x0004001a"
    ),
  ])
  func `a class that cannot be is told where it stands`(classes: String, problem: String) {
    #expect(problems("dhcp: {classes: [\(classes)]}") == [problem])
  }

  @Test(arguments: [
    (
      "{class: phone}",
      "class is \"phone\", which dhcp.classes has not; expected one of a, phones; did you mean \"phones\"?"
    ),
    ("{class: a}, {class: a}", "class is \"a\", as is subnets[0].classes[0].class; expected each class once"),
    (
      "{class: a, pool: 10.0.1.5}",
      "pool 10.0.1.5 is not within the hosts of 10.0.0.0/24; expected addresses in 10.0.0.1-10.0.0.254"
    ),
    (
      "{class: a, pool: 10.0.0.5-10.0.0.9}, {class: phones, pool: 10.0.0.9}",
      "pool 10.0.0.9 overlaps 10.0.0.5-10.0.0.9 of subnets[0].classes[0]; expected classes that have no address in common"
    ),
  ])
  func `what a subnet gives to a class must fit`(classes: String, problem: String) {
    let yaml = """
      dhcp: {classes: [{name: a, oui: "000FE2"}, {name: phones, user-class: voip}]}
      subnets: [{subnet: 10.0.0.0/24, classes: [\(classes)]}]
      """
    let found = problems(yaml)
    #expect(
      found.count == 1 && found.first?.hasSuffix(problem) == true && found.first?.hasPrefix("2:") == true, "\(found)")
  }
}
