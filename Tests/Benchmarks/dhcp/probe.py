#!/usr/bin/env python3
"""Asks until a server makes an offer; prints the milliseconds since a moment, if one is given (seconds since 1970).

usage: probe.py SERVER RELAY [SINCE]"""
import socket
import sys
import time

import dhcp

server, relay = sys.argv[1:3]
since = float(sys.argv[3]) if len(sys.argv) > 3 else time.time()
link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
link.bind((relay, 67))
link.settimeout(0.01)
question = dhcp.message(dhcp.DISCOVER, 0x70726F62, bytes.fromhex("02ffffffff01"), relay)
while time.time() - since < 120:
    try:
        link.sendto(question, (server, 67))
        answer = dhcp.parse(link.recv(2048))
    except OSError:  # nobody listens yet, or nobody has answered yet
        time.sleep(0.002)
        continue
    if answer and answer[0] == dhcp.OFFER:
        print(round(1000 * (time.time() - since)))
        sys.exit(0)
sys.exit("no offer within two minutes")
