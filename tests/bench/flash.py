#!/usr/bin/env python3
"""Writes images to loop devices with drayd and with the peers, side by side in one run. Needs root.

    tests/bench/flash.py [--build build/release] [--rounds 3] [CASE ...]

The devices lie in memory; where a case names speeds, a cgroup (blkio, version 1) throttles them as it says.
Cases (all of them when none is named):
    stick      300 MB, 30 MB/s writing and 90 MB/s reading, verified; then the same image once more
    unlimited  2 GiB onto a device without limits, not verified
    packed     1 GiB from an .xz of many blocks onto a device without limits, not verified
    fed        600 MB in an .xz behind a server that gives 40 MB/s, 30 MB/s writing and 90 MB/s reading, verified
    many       100 MB to 8 drives of 10 MB/s each, verified; then with one of them at 2 MB/s

Prints a table a case: medians of the rounds, as ratios to the case's ideal or to its peer in the same run.
"""
import argparse
import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time
import urllib.request

import measuring
from measuring import Bench, Measured, print_table, run_program

MB = 1_000_000
BLKIO = pathlib.Path("/sys/fs/cgroup/blkio")


class Lanes:
    """Loop devices in memory and the cgroup that slows them down for the programs in it."""

    def __init__(self, bench: Bench):
        self.bench = bench
        self.cgroup = BLKIO / f"dray-bench-{os.getpid()}"
        self.cgroup.mkdir()
        self.devices: list[str] = []

    @property
    def launcher(self) -> tuple[str, ...]:
        """Runs what follows it in the cgroup."""
        return ("sh", "-c", f'echo $$ > {self.cgroup}/cgroup.procs; exec "$@"', "sh")

    def add(self, size: int) -> str:
        backing = self.bench.work / f"drive{len(self.devices)}"
        with backing.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)  # memory is found before anything is measured
        found = subprocess.run(["losetup", "--find", "--show", backing], check=True, stdout=subprocess.PIPE, text=True)
        self.devices.append(found.stdout.strip())
        return self.devices[-1]

    def slow_down(self, device: str, write: int, read: int) -> None:
        """Bytes per second."""
        number = os.stat(device).st_rdev
        for name, rate in (("write", write), ("read", read)):
            limit = f"{os.major(number)}:{os.minor(number)} {rate}"
            (self.cgroup / f"blkio.throttle.{name}_bps_device").write_text(limit)

    def blank(self, device: str) -> None:
        """As new: what was written is no help to who comes next."""
        subprocess.run(["blkdiscard", "--zeroout", "--force", device], check=True)

    def close(self) -> None:
        self.bench.end_programs()
        for device in self.devices:
            subprocess.run(["losetup", "--detach", device], check=True)
        measuring.wait_until(lambda: not (self.cgroup / "cgroup.procs").read_text(), "the programs' end")
        self.cgroup.rmdir()


class Flasher:
    """drayd with the lanes; flashes through drayctl."""

    def __init__(self, bench: Bench, lanes: Lanes):
        self.lanes = lanes
        self.hub = bench.drayd("--allow-loop-devices", launcher=lanes.launcher)

    def flash(self, image: str, devices: list[str], *options: str) -> Measured:
        named = [word for device in devices
                 for word in ("--device", device, "--erase", pathlib.Path(device).name)]
        before, start = self.hub.cpu_seconds(), time.monotonic()
        done = self.hub.ctl("flash", image, *named, *options, "--wait")
        wall = time.monotonic() - start
        if done.returncode != 0:
            sys.exit(f"drayd: {done.stdout[-2000:]!r}")
        return Measured(wall, self.hub.cpu_seconds() - before, self.hub.memory_kib("VmHWM") / 1024)

    def flash_new(self, image: str, device: str, *options: str) -> Measured:
        self.lanes.blank(device)
        return self.flash(image, [device], *options)


class EndTimes:
    """When each drive of the newest flash had succeeded, by path, in seconds since the start; asks every 50 ms."""

    def __init__(self, flasher: Flasher, devices: list[str]):
        self.url = f"http://127.0.0.1:{flasher.hub.port}/api/v1/jobs?kind=flash"
        self.token = flasher.hub.token()
        self.missing = {pathlib.Path(device).name: device for device in devices}
        self.seconds: dict[str, float] = {}
        self.start = time.monotonic()
        self.known = {job["id"] for job in self.jobs()}
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def jobs(self) -> list[dict]:
        request = urllib.request.Request(self.url, headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["jobs"]

    def watch(self) -> None:
        while self.missing and not self.ended.wait(0.05):
            for job in self.jobs():
                if job["id"] not in self.known:
                    self.note(job.get("drives", []))

    def note(self, drives: list[dict]) -> None:
        for drive in drives:
            if drive["state"] == "succeeded" and drive["id"] in self.missing:
                self.seconds[self.missing.pop(drive["id"])] = time.monotonic() - self.start

    def finish(self) -> dict[str, float]:
        if self.missing:
            self.thread.join(1)
        self.ended.set()
        self.thread.join()
        return self.seconds


def make_image(path: pathlib.Path, size: int) -> None:
    """Half of it packs well, half does not, in turns of 64 KiB, as a system's image does."""
    with path.open("wb") as out:
        for begin in range(0, size, 128 * 1024):
            noise = os.urandom(64 * 1024)
            text = (f"line {begin} of a file that packs well\n" * 2000).encode()[:64 * 1024]
            out.write((noise + text)[:size - begin])


def must_equal(image: pathlib.Path, device: str) -> None:
    subprocess.run(["cmp", "-n", str(image.stat().st_size), image, device], check=True)


def median_wall(runs: list[Measured]) -> float:
    return statistics.median(run.wall for run in runs)


def shell(lanes: Lanes, bench: Bench, command: str) -> Measured:
    return run_program([*lanes.launcher, "bash", "-o", "pipefail", "-c", command], bench.out)


def stick(bench: Bench, lanes: Lanes, rounds: int) -> None:
    size = 300 * MB
    image = bench.root / "image.img"
    make_image(image, size)
    device = lanes.add(size + 20 * MB)
    lanes.slow_down(device, 30 * MB, 90 * MB)
    dray = Flasher(bench, lanes)

    def peer() -> Measured:
        lanes.blank(device)
        return shell(lanes, bench, f"dd if={image} of={device} bs=4M oflag=direct conv=fsync && cmp -n {size} {image} {device}")

    results = bench.take_turns({
        "dd, cmp": peer,
        "dray": lambda: dray.flash_new(str(image), device),
        "dray, the same image again": lambda: dray.flash(str(image), [device]),
    }, rounds)
    must_equal(image, device)
    print("\n300 MB to a drive of 30 MB/s writing and 90 MB/s reading, verified. Ratios to dd and cmp.\n")
    print_table(results, "dd, cmp")
    ideal = size / (30 * MB) + size / (90 * MB)
    print(f"dray: {median_wall(results['dray']) / ideal:.2f} × the ideal {ideal:.2f} s; again: "
          f"{median_wall(results['dray, the same image again']) / median_wall(results['dray']):.2f} × the first time")


def unlimited(bench: Bench, lanes: Lanes, rounds: int) -> None:
    image = bench.root / "image.img"
    make_image(image, 2 << 30)
    device = lanes.add(2112 << 20)
    dray = Flasher(bench, lanes)

    def peer() -> Measured:
        lanes.blank(device)
        return shell(lanes, bench, f"dd if={image} of={device} bs=4M oflag=direct conv=fsync")

    results = bench.take_turns({"dd": peer, "dray": lambda: dray.flash_new(str(image), device, "--no-verify")}, rounds)
    must_equal(image, device)
    print("\n2 GiB to a drive without limits, not verified. Ratios to dd.\n")
    print_table(results, "dd")
    print(f"dray writes at {median_wall(results['dd']) / median_wall(results['dray']):.2f} × dd's rate")


def packed(bench: Bench, lanes: Lanes, rounds: int) -> None:
    image = bench.root / "image.img"
    make_image(image, 1 << 30)
    subprocess.run(["xz", "-1", "-T2", "--block-size=8MiB", "--keep", image], check=True)
    device = lanes.add(1088 << 20)
    dray = Flasher(bench, lanes)

    def peer() -> Measured:
        lanes.blank(device)
        return shell(lanes, bench, f"xz -T1 -dc {image}.xz | dd of={device} bs=4M iflag=fullblock oflag=direct conv=fsync")

    results = bench.take_turns({"xz -dc, dd": peer,
                                "dray": lambda: dray.flash_new(f"{image}.xz", device, "--no-verify")}, rounds)
    must_equal(image, device)
    print("\n1 GiB from an .xz of many blocks to a drive without limits, not verified. Ratios to xz -dc | dd.\n")
    print_table(results, "xz -dc, dd")
    print(f"dray is {median_wall(results['xz -dc, dd']) / median_wall(results['dray']):.2f} × faster")


def fed(bench: Bench, lanes: Lanes, rounds: int) -> None:
    size = 600 * MB
    image = bench.root / "image.img"
    make_image(image, size)
    subprocess.run(["xz", "-1", "-T2", "--block-size=8MiB", "--keep", image], check=True)
    url = bench.nginx(f"limit_rate {40 * MB}; limit_rate_after 0;") + "/image.img.xz"
    device = lanes.add(size + 20 * MB)
    lanes.slow_down(device, 30 * MB, 90 * MB)
    dray = Flasher(bench, lanes)
    dray.hub.set("download.connections", "1")

    def peer() -> Measured:
        lanes.blank(device)
        return shell(lanes, bench, f"curl -s {url} | xz -dc | dd of={device} bs=4M iflag=fullblock oflag=direct conv=fsync "
                                   f"&& cmp -n {size} {image} {device}")

    results = bench.take_turns({"curl, xz, dd, cmp": peer, "dray": lambda: dray.flash_new(url, device)}, rounds)
    must_equal(image, device)
    print("\n600 MB in an .xz behind a server of 40 MB/s to a drive of 30 and 90 MB/s, verified. Ratios to the peer.\n")
    print_table(results, "curl, xz, dd, cmp")
    ideal = size / (30 * MB) + size / (90 * MB)
    print(f"dray: {median_wall(results['dray']) / ideal:.2f} × the slowest stage alone and verifying, {ideal:.2f} s")


def many(bench: Bench, lanes: Lanes, rounds: int) -> None:
    size = 100 * MB
    image = bench.root / "image.img"
    make_image(image, size)
    drives = [lanes.add(size + 12 * MB) for _ in range(8)]
    dray = Flasher(bench, lanes)
    others: list[float] = []

    def flash(wanted: list[str], slowest: int) -> Measured:
        for drive in wanted:
            lanes.blank(drive)
            lanes.slow_down(drive, 10 * MB, 30 * MB)
        lanes.slow_down(wanted[-1], slowest, 30 * MB)
        ends = EndTimes(dray, wanted)
        measured = dray.flash(str(image), wanted)
        times = ends.finish()
        if slowest < 10 * MB:
            others.append(max(times[drive] for drive in wanted[:-1]))
        return measured

    results = bench.take_turns({
        "dray, one drive": lambda: flash(drives[:1], 10 * MB),
        "dray, 8 drives": lambda: flash(drives, 10 * MB),
        "dray, 8 drives, one at 2 MB/s": lambda: flash(drives, 2 * MB),
    }, rounds)
    for drive in drives:
        must_equal(image, drive)
    print("\n100 MB to drives of 10 MB/s writing and 30 MB/s reading, verified. Ratios to one drive.\n")
    print_table(results, "dray, one drive")
    print(f"beside one of 2 MB/s, the other seven: {statistics.median(others) / median_wall(results['dray, one drive']):.2f} "
          "× the time of one drive")


CASES = {case.__name__: case for case in (stick, unlimited, packed, fed, many)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("case", nargs="*", choices=[*CASES, []], default=[])
    options.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    for name in asked.case or CASES:
        with measuring.bench(asked.build) as made, contextlib.closing(Lanes(made)) as lanes:
            CASES[name](made, lanes, asked.rounds)


if __name__ == "__main__":
    main()
