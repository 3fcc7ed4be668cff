#!/usr/bin/env python3
"""Downloads with drayd and with the peers over loopback into memory, side by side in one run.

    tests/bench/download.py [--build build/release] [--rounds 3] [CASE ...]

Cases (all of them when none is named):
    large     one 2 GiB file, a server without limits (--size-mib changes the size)
    limited   2 GiB, nginx gives 20 MB/s to each connection, 16 connections
    uneven    one of eight connections gets 1 MB/s, the others 20 MB/s; 1 GiB
    small     1,000 files of 64 KiB, all of them kept in drayd's history
    delayed   10 files of 4 MiB behind a proxy that delays every byte by 50 ms each way
    queued    10,000 jobs that wait: adding, listing, memory, and how long the hub lets others wait

Prints a table a case: wall seconds, CPU seconds and peak memory of the fetching program, medians of the rounds,
each as a ratio to aria2c of the same run.
"""
import argparse
import http.client
import json
import pathlib
import statistics
import subprocess
import sys
import threading
import time

import measuring
from measuring import Bench, aria2, print_table, run_program, wait_until

SMALL_FILES = 1000
QUEUED_JOBS = 10_000
MB = 1_000_000


def large(bench: Bench, asked: argparse.Namespace) -> None:
    sha256 = measuring.make_file(bench.root / "file.bin", asked.size_mib)
    url = bench.nginx() + "/file.bin"
    hub = bench.drayd()
    programs = {
        "aria2c -x1": lambda: run_program(aria2("-x1", url), bench.out),
        "aria2c -x1, checksum": lambda: run_program(aria2("-x1", f"--checksum=sha-256={sha256}", url), bench.out),
        "aria2c -x16": lambda: run_program(aria2("-x16", "-s16", url), bench.out),
        "curl": lambda: run_program(["curl", "-s", "-o", "out.bin", url], bench.out),
        "dray, 1 connection, digest": lambda: hub.fetch_one(url, sha256, 1),
        "dray, default, digest": lambda: hub.fetch_one(url, sha256, 8),
    }
    print(f"\n{asked.size_mib} MiB over loopback into memory. Ratios to aria2c -x1.\n")
    print_table(bench.take_turns(programs, asked.rounds), "aria2c -x1")


def against_aria2(bench: Bench, url: str, sha256: str, connections: int, rounds: int) -> dict:
    hub = bench.drayd()
    many = [f"-x{connections}", f"-s{connections}"]
    return bench.take_turns({
        f"aria2c -x{connections}": lambda: run_program(aria2(*many, url), bench.out),
        f"dray, {connections} connections, digest": lambda: hub.fetch_one(url, sha256, connections),
    }, rounds)


def print_ideal(results: dict, mib: int, megabytes_per_second: int) -> None:
    ideal = mib * (1 << 20) / (megabytes_per_second * MB)
    for name, runs in results.items():
        wall = statistics.median(run.wall for run in runs)
        print(f"{name}: {wall / ideal:.2f} × the ideal {ideal:.2f} s")


def limited(bench: Bench, asked: argparse.Namespace) -> None:
    sha256 = measuring.make_file(bench.root / "file.bin", 2048)
    url = bench.nginx(f"limit_rate {20 * MB};") + "/file.bin"
    results = against_aria2(bench, url, sha256, 16, asked.rounds)
    print("\n2 GiB, 20 MB/s for each connection, 16 connections. Ratios to aria2c.\n")
    print_table(results, "aria2c -x16")
    print_ideal(results, 2048, 16 * 20)


def uneven(bench: Bench, asked: argparse.Namespace) -> None:
    """nginx numbers its connections: every eighth is slow, so whoever opens eight in a row has one."""
    sha256 = measuring.make_file(bench.root / "file.bin", 1024)
    slow = "|".join(f"{number:03d}" for number in range(0, 1000, 8))
    maps = (f'map "000$connection" $rate {{ default {20 * MB}; "~({slow})$" {MB}; }}')
    url = bench.nginx("limit_rate $rate;", maps) + "/file.bin"
    results = against_aria2(bench, url, sha256, 8, asked.rounds)
    print("\n1 GiB, one of eight connections 20 times slower. Ratios to aria2c.\n")
    print_table(results, "aria2c -x8")
    print_ideal(results, 1024, 7 * 20 + 1)


def small(bench: Bench, asked: argparse.Namespace) -> None:
    for number in range(SMALL_FILES):
        (bench.root / f"{number:04d}.bin").write_bytes(number.to_bytes(2, "big") * 32768)
    base = bench.nginx()
    urls = [f"{base}/{number:04d}.bin" for number in range(SMALL_FILES)]
    (bench.work / "list").write_text("\n".join(urls))
    hub = bench.drayd()
    hub.set("queue.downloads", "16")
    programs = {
        "aria2c -j16 -i": lambda: run_program(aria2("-j16", "-i", str(bench.work / "list")), bench.out),
        "dray, 16 at once, in the history": lambda: hub.fetch(urls, 1),
    }
    print(f"\n{SMALL_FILES} files of 64 KiB. Ratios to aria2c, which keeps no history.\n")
    print_table(bench.take_turns(programs, asked.rounds), "aria2c -j16 -i")


def delayed(bench: Bench, asked: argparse.Namespace) -> None:
    for number in range(10):
        measuring.make_file(bench.root / f"{number}.bin", 4)
    target = int(bench.nginx().rsplit(":", 1)[1])
    port = measuring.free_port()
    proxy = pathlib.Path(__file__).with_name("delayingproxy.py")
    bench.started.append(subprocess.Popen([sys.executable, proxy, str(port), str(target), "0.05"]))
    wait_until(lambda: measuring.accepts(port), "the proxy's start")
    urls = [f"http://127.0.0.1:{port}/{number}.bin" for number in range(10)]
    (bench.work / "list").write_text("\n".join(urls))
    hub = bench.drayd()
    hub.set("queue.downloads", "10")
    listed = ["-j10", "-i", str(bench.work / "list")]
    programs = {
        "aria2c -j10": lambda: run_program(aria2(*listed), bench.out),
        "aria2c -j10 -x4": lambda: run_program(aria2("-x4", "-s4", *listed), bench.out),
        "dray, 10 at once": lambda: hub.fetch(urls, 4),
    }
    print("\n10 files of 4 MiB, 100 ms round trip. Ratios to aria2c -j10.\n")
    print_table(bench.take_turns(programs, asked.rounds), "aria2c -j10")


class HealthWatch:
    """Asks /healthz again and again on one connection: its slowest answer bounds how long the hub was busy."""

    def __init__(self, port: int):
        self.slowest_ms = 0.0
        self.is_ending = False
        self.port = port
        self.thread = threading.Thread(target=self.ask)
        self.thread.start()

    def ask(self) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.port)
        while not self.is_ending:
            start = time.monotonic()
            link.request("GET", "/healthz")
            link.getresponse().read()
            self.slowest_ms = max(self.slowest_ms, (time.monotonic() - start) * 1000)

    def end(self) -> float:
        self.is_ending = True
        self.thread.join()
        return self.slowest_ms


def queued(bench: Bench, _: argparse.Namespace) -> None:
    hub = bench.drayd()
    link = http.client.HTTPConnection("127.0.0.1", hub.port)
    headers = {"Authorization": "Bearer " + hub.token(), "Content-Type": "application/json"}

    def call(method: str, path: str, body: str | None = None) -> dict:
        link.request(method, path, body, headers)
        return json.loads(link.getresponse().read())

    before, watch, start = hub.memory_kib("VmRSS"), HealthWatch(hub.port), time.monotonic()
    for number in range(QUEUED_JOBS):
        spec = {"kind": "download", "url": f"http://example.invalid/{number}.iso", "paused": True}
        call("POST", "/api/v1/jobs", json.dumps(spec))
    adding, slowest_adding = time.monotonic() - start, watch.end()

    watch, start, listed, path = HealthWatch(hub.port), time.monotonic(), 0, "/api/v1/jobs?limit=500"
    while path:
        page = call("GET", path)
        listed += len(page["jobs"])
        path = f"/api/v1/jobs?limit=500&before={page['next']}" if "next" in page else ""
    listing, slowest_listing = time.monotonic() - start, watch.end()
    kib = (hub.memory_kib("VmRSS") - before) / QUEUED_JOBS
    print(f"\n{QUEUED_JOBS} waiting jobs, each answered when it is on disk; another program asks /healthz meanwhile.\n")
    print("| | seconds | slowest answer to another program, ms |\n|---|---|---|")
    print(f"| add one by one | {adding:.1f} | {slowest_adding:.0f} |")
    print(f"| list {listed} | {listing:.2f} | {slowest_listing:.0f} |")
    print(f"\n{kib:.1f} KiB of memory a job")


CASES = {case.__name__: case for case in (large, limited, uneven, small, delayed, queued)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("case", nargs="*", choices=[*CASES, []], default=[])
    options.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    options.add_argument("--size-mib", type=int, default=2048)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    for name in asked.case or CASES:
        with measuring.bench(asked.build) as made:
            CASES[name](made, asked)


if __name__ == "__main__":
    main()
