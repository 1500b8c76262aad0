extension Settings {
  /// A whole configuration file for a lab and a branch profile, to start from.
  package static let example = """
    # Usher: `usher check FILE` says whether it is right, and `usher check --print FILE` shows every default.
    interfaces: [eth1]

    acs:
      name: acs.usher.internal
      address: 192.0.2.1
      username: usher

    dns:
      zone: usher.internal
      records:
        - {name: ntp, type: A, value: 192.0.2.5}

    dhcp:
      dialect: comware
      rules:
        - {vendor-class: "dslforum.org*", dialect: broadband-forum}
        - {oui: "000FE2", dialect: comware}

    subnets:
      - subnet: 192.0.2.0/24
        pool: 192.0.2.100-192.0.2.199
        routers: [192.0.2.1]
        ntp-servers: [192.0.2.5]
        lease-time: 12h
        options:
          - {code: 66, text: 192.0.2.1}
        reservations:
          - {mac: 000f-e200-0001, address: 192.0.2.20, hostname: branch-1}

    inventory: routers.csv

    profiles:
      - name: branch
        match: {product-class: "MSR*"}
        admit: inventory
        inform-interval: 5m
        parameters:
          InternetGatewayDevice.Time.NTPServer1: 192.0.2.5
          InternetGatewayDevice.ManagementServer.PeriodicInformEnable: true
        configuration:
          template: branch.cfg
          file-name: startup.cfg
        reboot: true
        variables: {ntp: 192.0.2.5}

    """
}
