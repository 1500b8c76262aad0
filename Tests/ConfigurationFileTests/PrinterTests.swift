import Testing

@testable import ConfigurationFile

struct PrinterTests {
  @Test(arguments: [
    "", Settings.example,
    """
    interfaces: []
    acs: {url: "https://[2001:db8::1]:443/a?b=c", password: '"\\{}:#', authentication: none, scheme: https, tls: {port: 443, key-type: rsa, certificate: a.pem, key: b.pem, chain: c.pem, client-certificates: required, client-ca: d.pem}}
    dns:
      records:
        - {name: "@", type: TXT, value: "yes"}
        - {name: _tr069._tcp, type: TXT, value: "v=1; a \\"b\\""}
        - {name: a.b, type: AAAA, value: "2001:db8::1"}
        - {name: c, type: CNAME, value: ntp.example}
        - {name: "*.d", type: mx, value: 10 mail.example, ttl: 1h}
        - {name: e, type: TYPE65400, value: "\\\\# 3 010203"}
      workers: 3
      rate-limit: {responses: 0, slip: 0}
      transfer-to: [10.0.0.9]
      forwarders: [10.0.0.8]
      acs-names: [acs2.usher.internal]
      captive: [acs.vendor.example, "*.tr069.example"]
      zones: [{name: other.example, file: other.zone}, {name: third.example, records: [{name: "@", type: A, value: 10.0.0.7}]}]
    files: {limit: 1025, total: 200M}
    tftp: {enabled: false, folder: "/srv/t f#t"}
    dhcp: {enabled: false, answer: known, authoritative: false, rapid-commit: true, subnet-selection: true, offer-after: 10s, dialect: none, acs-parameters: {service-provider: isp, pxe-servers: [10.0.0.9], provisioning-code: a b, retry-minimum-wait: 5, retry-multiplier: 2000, option-125-code: 1}, send: always, quarantine: 1h, offer-hold: 30s, conflict-detection: false, rules: [{vendor-class: "*", oui: abcdef, dialect: url}], classes: [{name: a, user-class: x, oui: abcdef, circuit-id: "0x00ff", remote-id: "sw*", lease-time: 1h, boot-file: none, boot-server: 10.0.0.9, dialect: none, options: [{code: 119, hex: ""}]}]}
    subnets:
      - subnet: 10.0.0.0/8
        pool: [10.0.0.1, 10.0.1.0 - 10.0.1.255]
        dns-servers: []
        domain: lab
        lease-time: 100
        boot-file: none
        min-lease-time: 1m
        max-lease-time: 1d
        renew-after: 50s
        rebind-after: 70s
        boot-server: 10.0.0.9
        dialect: url
        classes: [{class: a, pool: 10.0.0.1, lease-time: 2h, boot-file: b.cfg, options: [{code: 66, text: a, force: true}, {code: 67, force: true}]}]
        options: [{code: 119, hex: ""}, {code: 42, addresses: [10.0.0.9]}, {code: 224, text: "null"}]
        reservations: [{client-id: "00ff", address: 10.0.0.1, boot-file: "http://10.0.0.9:8080/a/b.cfg?x=1"}]
    profiles:
      - name: "1"
        match: {manufacturer: "H3C ?", oui: "00*", software-version: "7.1.064*"}
        admit: all
        parameters:
          Device.A: 5
          Device.B: "5"
          Device.C: {value: "5", type: int}
          Device.D: {value: "1", type: boolean}
          Device.E: ""
        variables: {a: "true", b: "", c: "ä\u{1F600}", d.e-f: "# no comment"}
    models:
      - {match: {oui: 00E0FC}, declaration: true, booleans: words, milliseconds: true, end: confirmed, names-by-level: true, login: none}
      - {}
    boot-file: {template: "boot file.cfg"}
    """,
  ])
  func `what is printed is read as the same settings`(yaml: String) throws {
    let settings = try Settings.parse(yaml, file: "usher.yaml")
    let printed = Printer.yaml(settings)
    #expect(try Settings.parse(printed, file: "printed") == settings, "\(printed)")
    #expect(Printer.yaml(try Settings.parse(printed, file: "printed")) == printed)
  }

  @Test func `every default is printed`() {
    #expect(
      Printer.yaml(.default) == """
        interfaces: []
        acs:
          name: acs.usher.internal
          port: 7547
          path: /acs
          captive-ports: false
          scheme: http
          username: usher
          authentication: digest
          digest: md5
          first-contact: credentials
          session-prefix: 32
          tls:
            enabled: true
            key-type: ecdsa
            client-certificates: none
          connection-requests-to: []
          transcripts:
            keep: trouble
            number: 5
          stun:
            enabled: false
            port: 3478
            keep-alive: 25
        dns:
          enabled: true
          zone: usher.internal
          ttl: 5m
          rate-limit:
            responses: 500
            slip: 2
          transfer-to: []
          forwarders: []
          forward: []
          acs-names: []
          captive: []
          records: []
          zones: []
        tftp:
          enabled: true
        files:
          limit: 1G
          total: 8G
        dhcp:
          enabled: true
          answer: everyone
          rapid-commit: false
          subnet-selection: false
          offer-after: 0
          conflict-detection: true
          offer-hold: 1m
          quarantine: 1d
          dialect: comware
          acs-parameters:
            pxe-servers: []
            option-125-code: 11
          send: matched
          rules: []
          classes: []
        subnets: []
        profiles:
          - name: open-lab
            match:
              manufacturer: "*"
              oui: "*"
              product-class: "*"
              software-version: "*"
            admit: all
            inform-interval: 5m
            parameters: {}
            reboot: false
            discover: true
            variables: {}
        models: []

        """)
  }
}
