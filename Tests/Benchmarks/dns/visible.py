#!/usr/bin/env python3
"""How long after a DHCP ACK the name of the lease is answered: a client behind a relay leases an address 20 times, and
asks for its name until it is there. Prints the median and the longest time in milliseconds, and the last address.

usage: visible.py SERVER RELAY_ADDRESS"""
import os
import socket
import struct
import sys
import time

server, own = sys.argv[1:3]
dhcp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
dhcp.bind((own, 67))
dhcp.settimeout(2)
dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
dns.bind((own, 0))
dns.settimeout(1)


def exchange(hardware, kind, options):
    xid = os.urandom(4)
    head = struct.pack("!4B", 1, 1, 6, 1) + xid + bytes(16) + socket.inet_aton(own) + hardware + bytes(10 + 192)
    dhcp.sendto(head + b"\x63\x82\x53\x63\x35\x01" + bytes([kind]) + options + b"\xff", (server, 67))
    while True:
        reply = dhcp.recv(2000)
        if reply[4:8] == xid:
            return reply[16:20]


def answers(name):
    wire = b"".join(bytes([len(label)]) + label for label in name.split(b".")) + b"\0"
    dns.sendto(struct.pack("!6H", 7, 0, 1, 0, 0, 0) + wire + struct.pack("!2H", 1, 1), (server, 53))
    return dns.recv(2000)[7] > 0


delays = []
for number in range(20):
    hardware = b"\x06\x55" + os.urandom(4)
    host = b"fresh-%d-%d" % (number, os.getpid())
    name = bytes([12, len(host)]) + host
    address = exchange(hardware, 1, name)
    exchange(hardware, 3, b"\x32\x04" + address + b"\x36\x04" + socket.inet_aton(server) + name)
    acknowledged = time.monotonic()
    while not answers(host + b".usher.internal"):
        if time.monotonic() - acknowledged > 5:
            sys.exit("a name did not appear within 5 s")
        time.sleep(0.001)
    delays.append(1000 * (time.monotonic() - acknowledged))
delays.sort()
print(f"{delays[10]:.1f} {delays[-1]:.1f} {socket.inet_ntoa(address)}")
