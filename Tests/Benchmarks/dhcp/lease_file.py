#!/usr/bin/env python3
"""Fills a server's lease file: COUNT leases of a day, from the 257th address of 10.64.0.0 on.

usage: lease_file.py usher|kea COUNT FOLDER"""
import ipaddress
import pathlib
import sqlite3
import sys
import time

server, count, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
start = int(time.time())
end = start + 86400
base = int(ipaddress.ip_address("10.64.1.0"))


def hardware(index):
    return 0x02_77_00_000000 + index


def usher():
    """As `usher serve` writes them: the lease, and the router that holds it."""
    database = sqlite3.connect(folder / "state" / "usher.db")
    database.executemany(
        "INSERT OR REPLACE INTO lease (address, client, hardware, state, start, expiry) VALUES (?, ?, ?, 1, ?, ?)",
        ((base + index, b"\x00\x01" + hardware(index).to_bytes(6, "big"), hardware(index), start * 1000, end * 1000)
         for index in range(count)))
    database.executemany(
        "INSERT INTO router (hardware, address, first_seen) VALUES (?, ?, ?)",
        ((hardware(index), base + index, start * 1000) for index in range(count)))
    database.commit()
    database.close()


def kea():
    with open(folder / "kea-leases.csv", "w") as file:
        file.write("address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,"
                   "user_context\n")
        for index in range(count):
            colons = ":".join(f"{byte:02x}" for byte in hardware(index).to_bytes(6, "big"))
            file.write(f"{ipaddress.ip_address(base + index)},{colons},,86400,{end},1,0,0,,0,\n")


{"usher": usher, "kea": kea}[server]()
