#!/usr/bin/env python3
"""What dray and the peers do when a server or the network misbehaves, one table, every cell measured.

    tests/bench/faults.py [--build build/release]

A 6 MiB file over loopback, 4 connections where a program has them. Needs aria2, axel, wget2, lftp, curl and wget.
A cell says with which exit code the program ended and what the user then has: the right file, a corrupt one, or
none under its name. Two versions, A and B, have the same length and differ in every byte, ETag and Last-Modified.
"""
import argparse
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import measuring
from faultyserver import SIZE, FaultyServer

NEEDED = ("aria2c", "axel", "wget2", "lftp", "curl", "wget")
LONGEST = 25  # seconds a program may take before it counts as stuck
SLOW = 512 << 10  # bytes per second of each connection until an interruption, which comes before the end
STOP_AFTER = 1.5  # seconds
KILL_AFTER = 2.5


class Peer:
    """A program that is started to fetch and started again to go on."""

    def __init__(self, name: str, command: list[str], resume: list[str] | None = None):
        self.name, self.command, self.resume = name, command, resume or []

    def prepare(self, folder: pathlib.Path) -> None:
        self.folder = folder

    def start(self, url: str) -> None:
        self.launch([*self.command, url])

    def go_on(self, url: str) -> None:
        self.launch([*self.command, *self.resume, url])

    def launch(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.wait(20)

    def end(self) -> str:
        try:
            return f"exit {self.process.wait(LONGEST)}"
        except subprocess.TimeoutExpired:
            self.stop(signal.SIGKILL)
            return "stuck"

    def file(self) -> pathlib.Path:
        return self.folder / "file.bin"

    def close(self) -> None:
        pass


class Dray(Peer):
    """A drayd of its own; `add --wait` is what the user sees."""

    def __init__(self, build: pathlib.Path):
        super().__init__("dray", [])
        self.build = build

    def prepare(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.open()

    def open(self) -> None:
        (self.data / "endpoint.json").unlink(missing_ok=True)
        self.hub = subprocess.Popen(
            [self.build / "app/drayd", "--data-dir", self.data, "--download-dir", self.folder,
             "--listen", f"127.0.0.1:{measuring.free_port()}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        measuring.wait_until((self.data / "endpoint.json").exists, "drayd's start")

    def ctl(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.build / "app/drayctl", "--data-dir", self.data, "--json", *words],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)

    def start(self, url: str) -> None:
        self.ctl("add", url, "--connections", "4")

    def go_on(self, url: str) -> None:
        if self.hub.poll() is not None:
            self.open()
        else:
            self.ctl("resume", "1")

    def stop(self, how: signal.Signals) -> None:
        if how == signal.SIGINT:
            self.ctl("pause", "1")
            return
        self.hub.send_signal(how)
        self.hub.wait(20)

    def end(self) -> str:
        deadline = time.monotonic() + LONGEST
        while time.monotonic() < deadline:
            job = json.loads(self.ctl("show", "1").stdout)
            if job["state"] == "succeeded":
                return "exit 0"
            if job["state"] == "failed":
                return f"exit 1 ({job['error']['code']})"
            time.sleep(0.1)
        return "stuck"

    def close(self) -> None:
        if self.hub.poll() is None:
            self.hub.terminate()
            self.hub.wait(20)


class Lftp(Peer):
    def start(self, url: str) -> None:
        self.launch(["lftp", "-c", f"pget -n 4 -c {url}"])

    go_on = start


def peers(build: pathlib.Path) -> list[Peer]:
    return [
        Dray(build),
        Peer("aria2", ["aria2c", "--no-conf", "-x4", "-s4", "-k1M", "--file-allocation=none", "-c"]),
        Peer("axel", ["axel", "-q", "-n", "4", "-o", "file.bin"]),
        Peer("wget2", ["wget2", "-q", "--chunk-size=1M", "--max-threads=4"], ["-c"]),
        Lftp("lftp", []),
        Peer("curl", ["curl", "-sf", "-O"], ["-C", "-"]),
        Peer("wget", ["wget", "-q", "--tries=5"], ["-c"]),
    ]


def interrupted(peer: Peer, server: FaultyServer, how: signal.Signals, after: float, then) -> str:
    server.bytes_per_second = SLOW
    peer.start(server.url())
    time.sleep(after)  # the fault is an interruption in the middle, wherever that is
    peer.stop(how)
    then()
    server.bytes_per_second, server.sent = 64 << 20, 0
    peer.go_on(server.url())
    ending = peer.end()
    return f"{ending}, {server.sent * 100 // SIZE} % sent afterwards"


def whole(peer: Peer, server: FaultyServer, **flags) -> str:
    for name, value in flags.items():
        setattr(server, name, value)
    peer.start(server.url())
    return peer.end()


def stop_ranges(server: FaultyServer) -> None:
    server.honours_ranges = False


TESTS = {
    "T0 nothing is wrong": whole,
    "T1 ranges behind byte 0 come from B": lambda p, s: whole(p, s, later=s.b),
    "T2 stopped; the file becomes B; resumed": lambda p, s: interrupted(p, s, signal.SIGINT, STOP_AFTER, s.become_b),
    "T3 stopped; ranges are no longer honoured; resumed":
        lambda p, s: interrupted(p, s, signal.SIGINT, STOP_AFTER, lambda: stop_ranges(s)),
    "T4 every range is answered 200, whole": lambda p, s: whole(p, s, honours_ranges=False),
    "T5 the same, chunked": lambda p, s: whole(p, s, honours_ranges=False, is_chunked=True),
    "T6 a range begins 50 bytes late, and says so": lambda p, s: whole(p, s, shift=50),
    "T7 kill -9; started again": lambda p, s: interrupted(p, s, signal.SIGKILL, KILL_AFTER, lambda: None),
}


def verdict(peer: Peer, server: FaultyServer, ending: str) -> str:
    if not peer.file().exists():
        return f"{ending}, no file"
    data = peer.file().read_bytes()
    if data in (server.a.data, server.b.data):
        return f"{ending}, right ({'A' if data == server.a.data else 'B'})"
    if len(data) < SIZE and not ending.startswith("exit 0"):
        return f"{ending}, part of it"
    return f"**{ending}, corrupt**"


def run(peer: Peer, test) -> str:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dray-faults-", dir="/dev/shm"))
    server = FaultyServer()
    try:
        peer.prepare(folder)
        return verdict(peer, server, test(peer, server))
    finally:
        peer.close()
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    programs = peers(options.parse_args().build.resolve())
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        raise SystemExit(f"not installed: {', '.join(missing)}")
    print("| | " + " | ".join(peer.name for peer in programs) + " |")
    print("|---" * (len(programs) + 1) + "|")
    for name, test in TESTS.items():
        print(f"| {name} | " + " | ".join(run(peer, test) for peer in programs) + " |", flush=True)


if __name__ == "__main__":
    main()
