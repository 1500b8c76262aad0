#!/usr/bin/env python3
"""Writes equal configurations for all servers: one subnet, everything but its first 256 addresses as the pool, leases of
a day, router and DNS server, the ACS's URL in option 43, no conflict check, errors only in the log.

usage: configurations.py FOLDER SUBNET KEA_SOCKETS

KEA_SOCKETS is udp, which serves what comes through a relay fastest, or raw, which hears clients without an address."""
import ipaddress
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
subnet = ipaddress.ip_network(sys.argv[2])
first, last, server = subnet[256], subnet[-2], subnet[1]
url = f"http://{server}:7547/acs"

(folder / "usher.yaml").write_text(f"""\
subnets:
  - subnet: {subnet}
    pool: {first}-{last}
    routers: [{server}]
    dns-servers: [{server}]
    lease-time: 24h
""")

(folder / "kea.json").write_text(json.dumps({"Dhcp4": {
    "interfaces-config": {"interfaces": ["server0"], "dhcp-socket-type": sys.argv[3]},
    "lease-database": {
        "type": "memfile", "persist": True, "name": f"{folder}/kea-leases.csv", "lfc-interval": 0},
    "multi-threading": {"enable-multi-threading": False},
    "valid-lifetime": 86400, "renew-timer": 43200, "rebind-timer": 75600,
    "option-def": [
        {"name": "acs-url", "code": 1, "type": "string", "space": "vendor-encapsulated-options-space"}],
    "option-data": [
        {"name": "routers", "data": f"{server}"},
        {"name": "domain-name-servers", "data": f"{server}"},
        {"name": "vendor-encapsulated-options", "always-send": True},
        {"name": "acs-url", "space": "vendor-encapsulated-options-space", "data": url}],
    "subnet4": [{"subnet": f"{subnet}", "pools": [{"pool": f"{first} - {last}"}]}],
    "loggers": [{
        "name": "kea-dhcp4", "severity": "ERROR", "output_options": [{"output": f"{folder}/kea.log"}]}],
}}, indent=1))

(folder / "dhcpd.conf").write_text(f"""\
authoritative;
ping-check false;
ddns-update-style none;
default-lease-time 86400;
max-lease-time 86400;
option space cwmp;
option cwmp.acs-url code 1 = text;
subnet {subnet.network_address} netmask {subnet.netmask} {{
  range {first} {last};
  option routers {server};
  option domain-name-servers {server};
  vendor-option-space cwmp;
  option cwmp.acs-url "{url}";
}}
""")

(folder / "dnsmasq.conf").write_text(f"""\
port=0
interface=server0
bind-interfaces
user=root
dhcp-range={first},{last},{subnet.netmask},24h
dhcp-lease-max=600000
dhcp-option=3,{server}
dhcp-option=6,{server}
dhcp-option-force=encap:43,1,"{url}"
dhcp-authoritative
no-ping
quiet-dhcp
dhcp-leasefile={folder}/dnsmasq.leases
""")
