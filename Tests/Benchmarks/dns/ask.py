#!/usr/bin/env python3
"""Asks for one name ten times a second, and tells how long the answers take: median, 99th percentile and longest in
milliseconds, and how many did not come within a second.

usage: ask.py SERVER OWN_ADDRESS NAME SECONDS"""
import socket
import struct
import sys
import time

server, own, name, seconds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
wire = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
delays, lost = [], 0
for number in range(10 * seconds):
    begin = time.monotonic()
    query = struct.pack("!6H", number, 0x0100, 1, 0, 0, 0) + wire + struct.pack("!2H", 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.bind((own, 0))
        asker.settimeout(1)
        asker.sendto(query, (server, 53))
        try:
            reply = asker.recv(2000)
            assert struct.unpack("!H", reply[:2])[0] == number and reply[7] == 1
            delays.append(1000 * (time.monotonic() - begin))
        except TimeoutError:
            lost += 1
    time.sleep(max(0, 0.1 - (time.monotonic() - begin)))
delays.sort()
pick = lambda share: delays[min(len(delays) - 1, int(share * len(delays)))] if delays else float("nan")
print(f"{pick(0.5):.2f} {pick(0.99):.2f} {pick(1):.2f} {lost} {len(delays) + lost}")
