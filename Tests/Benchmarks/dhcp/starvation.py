#!/usr/bin/env python3
"""100 clients with leases renew, first on a quiet network, then while 100,000 DISCOVERs come from random addresses, as
fast as they can be sent. Prints how long the renewals took, as JSON.

usage: starvation.py SERVER RELAY INTERFACE

The process that renews is preferred to the one that floods: it measures the server's delay, not its own."""
import json
import multiprocessing
import os
import socket
import struct
import subprocess
import sys
import time

import dhcp

server, relay, interface = sys.argv[1:4]
CLIENTS, FLOOD, QUIET_SECONDS, PATIENCE = 100, 100_000, 2, 2.0
RENEWALS_PER_SECOND = 200
IP_PKTINFO = 8


def bind(clients):
    """Gives each client a lease, through the relay; its address by its hardware address."""
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    link.bind((relay, 67))
    link.settimeout(1)
    leases = {}
    for number, hardware in enumerate(clients):
        def ask(kind, options=b""):
            for _ in range(5):
                link.sendto(dhcp.message(kind, number, hardware, relay, options=options), (server, 67))
                try:
                    while True:
                        answer = dhcp.parse(link.recv(2048))
                        if answer and answer[1] == number and answer[0] == kind + (1 if kind == 1 else 2):
                            return answer
                except TimeoutError:
                    pass
            sys.exit(f"client {number} was not answered")
        offer = ask(dhcp.DISCOVER)
        options = b"\x32\x04" + socket.inet_aton(offer[2]) + b"\x36\x04" + offer[4][54]
        leases[hardware] = ask(dhcp.REQUEST, options)[2]
    link.close()
    return leases


def flood(began, ended):
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
    link.bind((interface, 0))
    payload = dhcp.message(dhcp.DISCOVER, 0, bytes(6))
    udp = struct.pack("!HHHH", 68, 67, 8 + len(payload), 0)
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp) + len(payload), 0, 0, 64, 17, 0, bytes(4), b"\xff" * 4)
    total = sum(struct.unpack("!10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    header = header[:10] + struct.pack("!H", ~(total + (total >> 16)) & 0xFFFF) + header[12:]
    frame = bytearray(b"\xff" * 6 + bytes(6) + b"\x08\x00" + header + udp + payload)
    chaddr = 14 + 20 + 8 + 28
    random = os.urandom(9 * FLOOD)
    began.value = time.monotonic()
    for start in range(0, len(random), 9):
        frame[7:12] = frame[chaddr + 1:chaddr + 6] = random[start:start + 5]
        frame[6] = frame[chaddr] = 2
        frame[46:50] = random[start + 5:start + 9]
        try:
            link.send(frame)
        except OSError:  # the queue is full
            time.sleep(0.0005)
    ended.value = time.monotonic()


class Renewals:
    """Renews for one client after another, as each would by itself (RFC 2131 section 4.4.5): by unicast, from its own
    address."""

    def __init__(self, leases):
        self.leases = list(leases.items())
        self.link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.link.bind(("0.0.0.0", 68))
        self.link.setblocking(False)
        self.sent = {}
        self.delays = []
        self.next = 1 << 16

    def send(self):
        hardware, address = self.leases[self.next % CLIENTS]
        source = struct.pack("=I4s4s", 0, socket.inet_aton(address), bytes(4))
        request = dhcp.message(dhcp.REQUEST, self.next, hardware, ciaddr=address)
        self.link.sendmsg([request], [(socket.IPPROTO_IP, IP_PKTINFO, source)], 0, (server, 67))
        self.sent[self.next] = time.monotonic()
        self.next += 1

    def receive(self):
        while True:
            try:
                answer = dhcp.parse(self.link.recv(2048))
            except BlockingIOError:
                return
            if answer and answer[0] == dhcp.ACK and answer[1] in self.sent:
                self.delays.append(time.monotonic() - self.sent.pop(answer[1]))

    def run(self, until):
        due = time.monotonic()
        while not until():
            if time.monotonic() >= due:
                self.send()
                due += 1 / RENEWALS_PER_SECOND
            self.receive()
            time.sleep(0.0002)
        end = time.monotonic() + PATIENCE
        while self.sent and time.monotonic() < end:
            self.receive()
            time.sleep(0.0002)
        delays, lost = sorted(self.delays), len(self.sent)
        self.delays, self.sent = [], {}
        return {
            "renewals": len(delays) + lost, "lost": lost,
            **{name: round(1000 * delays[min(len(delays) - 1, int(part * len(delays)))], 2) if delays else None
               for name, part in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1)]}}


def main():
    leases = bind([bytes.fromhex("02aa00000000")[:4] + number.to_bytes(2, "big") for number in range(CLIENTS)])
    routes = "".join(f"route replace local {address} dev {interface}\n" for address in leases.values())
    subprocess.run(["ip", "-batch", "-"], input=routes, text=True, check=True)
    began, ended = multiprocessing.Value("d", 0), multiprocessing.Value("d", 0)
    flooder = multiprocessing.Process(target=flood, args=(began, ended))
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    renewals = Renewals(leases)
    end = time.monotonic() + QUIET_SECONDS
    quiet = renewals.run(lambda: time.monotonic() > end)
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    flooder.start()
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    # Until half a second after the flood: what it left in the server's queues counts too.
    under = renewals.run(lambda: ended.value and time.monotonic() > ended.value + 0.5)
    flooder.join()
    print(json.dumps({"quiet": quiet, "flood": under, "rate": round(FLOOD / (ended.value - began.value))}))


main()
