import Testing

@testable import ConfigurationFile

/// The problems of a file, each as `LINE:COLUMN: …`.
func problems(_ yaml: String) -> [String] {
  do {
    _ = try Settings.parse(yaml, file: "usher.yaml")
    return []
  } catch {
    return error.problems.map { "\($0.position.line):\($0.position.column): \($0)" }
  }
}

struct ProblemTests {
  @Test func `an unknown option is told with its place and the nearest spelling, above its line`() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try Settings.parse(
        """
        subnets:
          - subnet: 192.0.2.0/24
            leese-time: 12h
        """, file: "usher.yaml")
    }
    #expect(
      error.description == """
        usher.yaml:3:5: unknown option "leese-time" in subnets[0]; expected one of subnet, shared-network, pool, \
        routers, dns-servers, domain, ntp-servers, lease-time, min-lease-time, max-lease-time, renew-after, \
        rebind-after, boot-file, boot-server, dialect, first-contact, acs-address, forwarding, options, \
        reservations, classes; did you mean "lease-time"?
            3 |     leese-time: 12h
              |     ^
        """)
    #expect(error.problems.map(\.path) == ["subnets[0].leese-time"])
    #expect(error.problems.map(\.suggestion) == ["lease-time"])
  }

  @Test func `all problems of a file are told together, in its order`() {
    #expect(
      problems(
        """
        acs:
          port: 70000
          nmae: x
        dns: {enabled: yes, zone: usher.internal}
        subnets:
          - pool: 10.0.1.5-10.0.0.1
          - subnet: 10.0.0.0/24
            pool: 10.0.1.5
        zone: 5
        """) == [
          "2:9: acs.port is \"70000\"; expected a number from 1 to 65535",
          "3:3: unknown option \"nmae\" in acs; expected one of name, address, port, path, captive-ports, scheme, "
            + "url, username, password, authentication, digest, first-contact, session-prefix, tls, connection-requests-to, "
            + "transcripts, stun; did you mean \"name\"?",
          "4:16: dns.enabled is \"yes\"; expected true or false; did you mean \"true\"?",
          "6:5: subnets[0] has no \"subnet\"; expected a subnet such as 192.0.2.0/24, of 8 to 32 bits",
          "6:11: subnets[0].pool is \"10.0.1.5-10.0.0.1\"; expected a range of addresses, such as "
            + "192.0.2.100-192.0.2.199",
          "8:11: subnets[1].pool 10.0.1.5 is not within the hosts of 10.0.0.0/24; expected addresses in "
            + "10.0.0.1-10.0.0.254",
          "9:1: unknown option \"zone\"; expected one of interfaces, acs, dns, tftp, files, dhcp, subnets, inventory, profiles, "
            + "models, boot-file",
        ])
  }

  @Test(arguments: [
    ("acs: {port: 0}", "1:13: acs.port is \"0\"; expected a number from 1 to 65535"),
    ("acs: {port: -1}", "1:13: acs.port is \"-1\"; expected a number from 1 to 65535"),
    ("acs: {port: '80'}", "1:13: acs.port is the text \"80\"; expected a number from 1 to 65535, without quotes"),
    ("acs: {port: 1_000}", "1:13: acs.port is \"1_000\"; expected a number from 1 to 65535; did you mean \"1000\"?"),
    ("acs: {port: 0x10}", "1:13: acs.port is \"0x10\"; expected a number from 1 to 65535"),
    ("acs: {port: 0644}", "1:13: acs.port is \"0644\"; expected a number from 1 to 65535"),
    ("acs: {port: 12:30}", "1:13: acs.port is \"12:30\"; expected a number from 1 to 65535"),
    ("acs: {port: 1e3}", "1:13: acs.port is \"1e3\"; expected a number from 1 to 65535"),
    (
      "acs: {port: 99999999999999999999}",
      "1:13: acs.port is \"99999999999999999999\"; expected a number from 1 to 65535"
    ),
    ("acs: {port: [80]}", "1:13: acs.port is a list; expected a number from 1 to 65535"),
    ("acs: {port: {a: 1}}", "1:13: acs.port is a mapping; expected a number from 1 to 65535"),
    ("acs: {port: }", "1:13: acs.port has no value; expected a number from 1 to 65535"),
    ("acs: {port: ~}", "1:13: acs.port has no value; expected a number from 1 to 65535"),
    ("acs: {port: null}", "1:13: acs.port has no value; expected a number from 1 to 65535"),
    ("tftp: {enabled: no}", "1:17: tftp.enabled is \"no\"; expected true or false; did you mean \"false\"?"),
    ("tftp: {enabled: 'true'}", "1:17: tftp.enabled is the text \"true\"; expected true or false, without quotes"),
    ("tftp: {enabled: True}", "1:17: tftp.enabled is \"True\"; expected true or false; did you mean \"true\"?"),
    ("tftp: {enabled: ture}", "1:17: tftp.enabled is \"ture\"; expected true or false; did you mean \"true\"?"),
    (
      "acs: {address: 192.0.2.256}", "1:16: acs.address is \"192.0.2.256\"; expected an IPv4 address, such as 192.0.2.1"
    ),
    ("acs: {address: 192.0.2}", "1:16: acs.address is \"192.0.2\"; expected an IPv4 address, such as 192.0.2.1"),
    (
      "acs: {authentication: digst}",
      "1:23: acs.authentication is \"digst\"; expected one of digest, basic, none; did you mean \"digest\"?"
    ),
    (
      "dhcp: {dialect: comwear}",
      "1:17: dhcp.dialect is \"comwear\"; expected one of comware, broadband-forum, url, huawei, eltex, none; did you mean \"comware\"?"
    ),
    (
      "acs: {username: two words}",
      "1:17: acs.username is \"two words\"; expected 1 to 100 ASCII characters without spaces"
    ),
    ("acs: {path: acs}", "1:13: acs.path is \"acs\"; expected a path that begins with /, such as /acs"),
    (
      "acs: {url: ftp://a/b}",
      "1:12: acs.url is \"ftp://a/b\"; expected a URL such as http://192.0.2.1:7547/acs, at most 255 characters"
    ),
    (
      "dns: {zone: usher.internal.}",
      "1:13: dns.zone is \"usher.internal.\"; expected a domain name, such as usher.internal; did you mean "
        + "\"usher.internal\"?"
    ),
    ("acs: {name: 192.0.2.1}", "1:13: acs.name is \"192.0.2.1\"; expected a domain name, such as usher.internal"),
    ("interfaces: eth1", "1:13: interfaces is \"eth1\"; expected a list of network interfaces"),
    ("interfaces: [eth/1]", "1:14: interfaces[0] is \"eth/1\"; expected the name of a network interface, such as eth1"),
    ("subnets: {}", "1:10: subnets is a mapping; expected a list of subnets"),
    ("subnets: [5]", "1:11: subnets[0] is \"5\"; expected a mapping of options"),
    ("- a", "1:1: the file is a list; expected a mapping of options"),
    ("text", "1:1: the file is \"text\"; expected a mapping of options"),
    (
      "subnets: [{subnet: 10.0.0.1/24}]",
      "1:20: subnets[0].subnet is \"10.0.0.1/24\"; expected a subnet such as 192.0.2.0/24; did you mean \"10.0.0.0/24\"?"
    ),
    (
      "subnets: [{subnet: 0.0.0.0/0}]",
      "1:20: subnets[0].subnet is \"0.0.0.0/0\"; expected a subnet such as 192.0.2.0/24, of 8 to 32 bits"
    ),
    (
      "subnets: [{subnet: 10.0.0.0/24, lease-time: 12:30}]",
      "1:45: subnets[0].lease-time is \"12:30\"; expected a duration from 1m to 365d, such as 90s, 15m, 12h, 7d"
    ),
    (
      "subnets: [{subnet: 10.0.0.0/24, lease-time: 59}]",
      "1:45: subnets[0].lease-time is \"59\"; expected a duration from 1m to 365d, such as 90s, 15m, 12h, 7d"
    ),
    (
      "subnets: [{subnet: 10.0.0.0/24, lease-time: 999999999999999999d}]",
      "1:45: subnets[0].lease-time is \"999999999999999999d\"; expected a duration from 1m to 365d, such as 90s, 15m, "
        + "12h, 7d"
    ),
    (
      "dhcp: {rules: [{oui: 00-0f-e2, dialect: none}]}",
      "1:22: dhcp.rules[0].oui is \"00-0f-e2\"; expected an OUI of six hexadecimal digits, such as \"000FE2\"; did you "
        + "mean \"000FE2\"?"
    ),
    (
      "profiles: [{name: a, parameters: {Device.: 1}}]",
      "1:35: profiles[0].parameters has \"Device.\"; expected a full parameter path, such as "
        + "InternetGatewayDevice.Time.NTPServer1"
    ),
    (
      "profiles: [{name: a, parameters: {Device.X: {value: 70000000000, type: int}}}]",
      "1:53: profiles[0].parameters[\"Device.X\"].value is \"70000000000\"; expected a value of type int"
    ),
    (
      "profiles: [{name: a, parameters: {Device.X: {value: \"2026-13-01T00:00:00Z\", type: dateTime}}}]",
      "1:53: profiles[0].parameters[\"Device.X\"].value is \"2026-13-01T00:00:00Z\"; expected a value of type dateTime"
    ),
    (
      "profiles: [{name: a, parameters: {Device.X: {value: 7, type: integer}}}]",
      "1:62: profiles[0].parameters[\"Device.X\"].type is \"integer\"; expected one of string, int, unsignedInt, long, "
        + "unsignedLong, boolean, dateTime, base64, hexBinary"
    ),
  ])
  func `a wrong value is told at its place with what is expected`(yaml: String, problem: String) {
    #expect(problems(yaml) == [problem])
  }

  @Test(arguments: ["no", "Off", "010", "0x1F", "1_000", "12:30", "1e3", "+5", "99999999999"])
  func `a parameter that YAML's versions read differently wants quotes or a type`(text: String) {
    #expect(
      problems("profiles: [{name: a, parameters: {Device.X: \(text)}}]") == [
        "1:45: profiles[0].parameters[\"Device.X\"] is \"\(text)\"; expected quotes around a text, or {value: …, type: "
          + "…}, because it may be read in several ways"
      ])
  }

  @Test func `an option given twice is told at its second place, and the rest is read on`() {
    #expect(
      problems(
        """
        acs:
          port: 1
          "name": acs.usher.internal
          port: 2
          name: b.usher.internal
          port: 99999
        dns: {ttl: never}
        acs: {}
        """) == [
          "4:3: acs.port is given more than once, first in line 2; expected each option once",
          "5:3: acs.name is given more than once, first in line 3; expected each option once",
          "6:3: acs.port is given more than once, first in line 2; expected each option once",
          "7:12: dns.ttl is \"never\"; expected a duration from 0 to 7d, such as 90s, 15m, 12h, 7d",
          "8:1: acs is given more than once, first in line 1; expected each option once",
        ])
  }

  @Test func `the column of a problem counts characters, not bytes`() {
    #expect(
      problems("acs: {path: /ä, port: x}") == [
        "1:13: acs.path is \"/ä\"; expected a path that begins with /, such as /acs",
        "1:23: acs.port is \"x\"; expected a number from 1 to 65535",
      ])
  }

  @Test func `past the limit, problems are counted only`() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try Settings.parse(
        "interfaces: [" + String(repeating: "a/b, ", count: 64) + "]\n"
          + "dns: {records: [" + String(repeating: "5, ", count: 500) + "]}", file: "usher.yaml")
    }
    #expect(error.problems.count == 100)
    #expect(error.omitted == 464)
    #expect(error.description.hasSuffix("usher.yaml: and 464 more problems"))
  }
}
