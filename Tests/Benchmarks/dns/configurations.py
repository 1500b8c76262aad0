#!/usr/bin/env python3
"""Writes one small zone for all servers, and questions for it: the zone of an ACS with 100 routers, which have an IPv4
and an IPv6 address and a pointer each. Of the questions half are for A, a fifth for AAAA, and 15 percent each for PTR and
for names that do not exist.

usage: configurations.py FOLDER ADDRESS THREADS"""
import pathlib
import random
import sys

folder, address, threads = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
routers = [(f"cpe{n}.acs.example", f"10.79.0.{n + 1}", f"fd00:79::{n + 1:x}") for n in range(100)]
reverse = {ip: ".".join(reversed(ip.split("."))) + ".in-addr.arpa" for _, ip, _ in routers}
zones = {"acs.example": "acs.zone", "79.10.in-addr.arpa": "reverse.zone"}


def write(name, text):
    (folder / name).write_text(text)


head = "$TTL 300\n@ IN SOA ns.acs.example. root.acs.example. 1 3600 600 86400 60\n@ IN NS ns.acs.example.\n"
write("acs.zone", head + f"ns IN A {address}\n"
      + "".join(f"{name}. IN A {ip}\n{name}. IN AAAA {ip6}\n" for name, ip, ip6 in routers))
write("reverse.zone", head + "".join(f"{reverse[ip]}. IN PTR {name}.\n" for name, ip, _ in routers))

# Without a limit on answers, as none of the others has one by default or has it taken off.
write("usher.yaml", f"""\
subnets:
  - subnet: 10.64.0.0/13
    pool: 10.64.1.0-10.71.255.254
    lease-time: 24h
dns:
  workers: {threads}
  rate-limit: {{ responses: 0 }}
  zones:
""" + "".join(f"    - {{ name: {zone}, file: {file} }}\n" for zone, file in zones.items()))

write("knot.conf", f"""\
server:
    listen: {address}@53
    rundir: {folder}
    udp-workers: {threads}
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: error
database:
    storage: {folder}/knot
zone:
""" + "".join(f"  - domain: {zone}\n    file: {folder}/{file}\n" for zone, file in zones.items()))

write("nsd.conf", f"""\
server:
    ip-address: {address}@53
    server-count: {threads}
    reuseport: yes
    username: ""
    chroot: ""
    database: ""
    zonesdir: "{folder}"
    zonelistfile: "{folder}/nsd.zonelist"
    xfrdfile: "{folder}/nsd.xfrd"
    xfrdir: "{folder}"
    pidfile: ""
    rrl-ratelimit: 0
remote-control:
    control-enable: no
""" + "".join(f"zone:\n    name: {zone}\n    zonefile: {file}\n" for zone, file in zones.items()))

write("unbound.conf", f"""\
server:
    interface: {address}
    port: 53
    num-threads: {threads}
    so-reuseport: yes
    access-control: 0.0.0.0/0 allow
    username: ""
    chroot: ""
    pidfile: ""
    use-syslog: no
    do-daemonize: no
    local-zone: "acs.example." static
    local-zone: "79.10.in-addr.arpa." static
""" + "".join(f'    local-data: "{name}. 300 IN A {ip}"\n    local-data: "{name}. 300 IN AAAA {ip6}"\n'
              f'    local-data: "{reverse[ip]}. 300 IN PTR {name}."\n' for name, ip, ip6 in routers)
    + "remote-control:\n    control-enable: no\n")

write("dnsmasq.conf", f"port=53\nlisten-address={address}\nbind-interfaces\nno-resolv\nno-hosts\ncache-size=0\nno-poll\n"
      "local=/acs.example/\nlocal=/79.10.in-addr.arpa/\nuser=root\nlocal-ttl=300\n"
      + "".join(f"host-record={name},{ip},{ip6}\n" for name, ip, ip6 in routers))

dice = random.Random(1)


def question():
    name, ip, _ = dice.choice(routers)
    roll = dice.random()
    if roll < 0.5:
        return f"{name} A"
    if roll < 0.7:
        return f"{name} AAAA"
    return f"{reverse[ip]} PTR" if roll < 0.85 else f"no{dice.randrange(100000)}.acs.example A"


write("questions", "".join(question() + "\n" for _ in range(20000)))


def lease_question():
    """For a lease on file, by lease_file.py: the name of its address, or the pointer."""
    host = (10 << 24) + (64 << 16) + 256 + dice.randrange(200000)
    octets = [str(host >> shift & 255) for shift in (24, 16, 8, 0)]
    if dice.random() < 0.75:
        return "ip-" + "-".join(octets) + ".usher.internal A"
    return ".".join(reversed(octets)) + ".in-addr.arpa PTR"


write("lease-questions", "".join(lease_question() + "\n" for _ in range(100000)))
