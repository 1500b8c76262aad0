#!/usr/bin/env python3
"""Prints one row of results from what a measurement left in its folder.

usage: row.py FOLDER load|starvation --server NAME …"""
import argparse
import json
import pathlib
import re

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("kind", choices=["load", "starvation"])
parser.add_argument("--server")
parser.add_argument("--section", default="starvation")
parser.add_argument("--ticks", type=int)
parser.add_argument("--start", default="")
parser.add_argument("--results", default="")
parser.add_argument("--offered", type=float, default=0)
parser.add_argument("--period", type=float, default=1)
arguments = parser.parse_args()
folder = arguments.folder


def reading(name):
    lines = [line.split() for line in (folder / f"{name}.reading").read_text().splitlines()]
    return {words[0]: int(words[1]) for words in lines if len(words) > 1}


before, after = reading("before"), reading("after")
isAlive = "server" in after
spent = {name: after.get(name, before[name]) - before[name] for name in before}
cpu = spent["server"] / arguments.ticks
others = 100 * max(0, spent["busy"] - spent["server"] - spent["children"]) / max(1, spent["all"])
counters = {}
if (folder / "status.json").exists():
    counters = json.loads((folder / "status.json").read_text())["counters"]


def statistics():
    """What perfdhcp says of each exchange, by its name."""
    text = (folder / "perfdhcp.out").read_text(errors="replace")
    found = {}
    for part in re.finditer(r"\*\*\*Statistics for: (.+?)\*\*\*(.*?)(?=\*\*\*|\Z)", text, re.S):
        numbers = re.findall(r"([a-z]+ [a-z]+(?: ratio)?): ([\d.]+)", part[2])
        found[part[1].lower()] = {name: float(number) for name, number in numbers}
    return found


def text(value, digits):
    return "-" if value is None else f"{value:.{digits}f}"


if arguments.kind == "load":
    found = statistics()
    offers, acks = found.get("discover-offer", {}), found.get("request-ack", {})
    renewals = next((value for name, value in found.items() if "renew" in name), {})
    asked, served = offers.get("sent packets", 0), acks.get("received packets", 0)
    leases = served + renewals.get("received packets", 0)
    columns = [
        ("server", 8, arguments.server + ("" if isAlive else " DIED")),
        ("offered/s", 9, text(arguments.offered, 0)),
        ("DORA/s", 7, text(served / arguments.period, 0)),
        ("drop%", 6, text(100 * (1 - served / asked) if asked else None, 2)),
        ("CPU us/DORA", 11, text(1e6 * cpu / served if served else None, 0)),
        ("offer ms", 8, text(offers.get("avg delay"), 2)),
        ("max", 7, text(offers.get("max delay"), 1)),
        ("ACK ms", 7, text(acks.get("avg delay"), 2)),
        ("max", 7, text(acks.get("max delay"), 1)),
        ("renewals/s", 10, text(renewals.get("received packets", 0) / arguments.period, 0)),
        ("RSS MB", 7, text(after.get("rss", 0) / 1024, 1)),
        ("start ms", 8, arguments.start),
        ("syncs/lease", 11, text(spent["syncs"] / leases if leases else None, 4)),
        ("commits", 8, str(counters.get("store.commits", "-"))),
        ("others%", 7, text(others, 1)),
    ]
else:
    result = json.loads((folder / "starvation.json").read_text())
    columns = [("server", 8, arguments.server + ("" if isAlive else " DIED"))]
    for name, kind in [("quiet", "quiet"), ("flood", "flood")]:
        of = result[kind]
        columns += [(f"{name} p50 ms", 12, text(of["p50"], 2)), ("p90", 8, text(of["p90"], 2)),
                    ("p99", 8, text(of["p99"], 2)), ("max", 8, text(of["max"], 2)),
                    ("lost", 10, f"{of['lost']}/{of['renewals']}")]
    columns += [("flood/s", 8, str(result["rate"])), ("CPU s", 6, text(cpu, 2)),
                ("RSS MB", 7, text(after.get("rss", 0) / 1024, 1)), ("start ms", 8, arguments.start),
                ("others%", 7, text(others, 1))]

mark = folder / f"{arguments.section}.header"
if not mark.exists():
    mark.touch()
    print("  ".join(f"{name:>{width}}" for name, width, _ in columns))
print("  ".join(f"{value:>{width}}" for _, width, value in columns), flush=True)
if arguments.results:
    with open(arguments.results, "a") as file:
        print("\t".join([arguments.section] + [f"{name}={value}" for name, _, value in columns]), file=file)
