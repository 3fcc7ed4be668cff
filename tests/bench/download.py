#!/usr/bin/env python3
"""Downloads one large file over loopback into memory with drayd, aria2c and curl, side by side.

    tests/bench/download.py [--build build/release] [--size-mib 2048] [--rounds 3]

Prints a table: wall seconds, CPU seconds and peak memory of the fetching program (medians of the rounds),
each as a ratio to plain `aria2c -x1` of the same run. Files lie in /dev/shm; nginx serves without limits.
The programs take turns within a round, so that a slow minute of the machine hits all of them.
"""
import argparse
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

NGINX = """
daemon off; worker_processes 1; pid {run}/nginx.pid; error_log {run}/error.log;
events {{ worker_connections 256; }}
http {{ access_log off; sendfile on; client_body_temp_path {run}/b; proxy_temp_path {run}/p;
  fastcgi_temp_path {run}/f; uwsgi_temp_path {run}/u; scgi_temp_path {run}/s;
  server {{ listen 127.0.0.1:{port}; root {root}; }} }}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"{what} did not happen within {seconds} s")
        time.sleep(0.01)


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def make_file(path: pathlib.Path, mib: int) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as out:
        for _ in range(mib):
            block = os.urandom(1 << 20)
            digest.update(block)
            out.write(block)
    return digest.hexdigest()


class Measured:
    def __init__(self, wall: float, cpu: float, peak_mib: float):
        self.wall, self.cpu, self.peak_mib = wall, cpu, peak_mib


def run_program(command: list[str], folder: pathlib.Path) -> Measured:
    """Runs a program to its end; wait4(2) gives its CPU time and peak memory."""
    start = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{command[0]} ended with {child.returncode}")
    return Measured(time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


class Drayd:
    """A hub of its own; CPU time and peak memory are read from /proc."""

    def __init__(self, build: pathlib.Path, work: pathlib.Path):
        self.control = build / "app/drayctl"
        self.data = work / "data"
        self.process = subprocess.Popen(
            [build / "app/drayd", "--data-dir", self.data, "--download-dir", work / "dray",
             "--listen", f"127.0.0.1:{free_port()}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until((self.data / "endpoint.json").exists, "drayd's start")

    def cpu_seconds(self) -> float:
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_mib(self) -> float:
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def fetch(self, url: str, sha256: str, connections: int) -> Measured:
        before, start = self.cpu_seconds(), time.monotonic()
        done = subprocess.run([self.control, "--data-dir", self.data, "--json", "add", url, "--wait",
                               "--connections", str(connections)], stdout=subprocess.PIPE, check=False)
        wall = time.monotonic() - start
        job = json.loads(done.stdout)
        if done.returncode != 0 or job["sha256"] != sha256:
            sys.exit(f"drayd: {job}")
        os.unlink(job["target"])
        return Measured(wall, self.cpu_seconds() - before, self.peak_mib())

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def aria2(url: str, connections: int, *more: str) -> list[str]:
    return ["aria2c", f"-x{connections}", f"-s{connections}", "-k1M", "--file-allocation=none", "--no-conf",
            "--allow-overwrite=true", "-o", "out.bin", *more, url]


def print_table(results: dict[str, list[Measured]], base: str) -> None:
    def median(name: str, part: str) -> float:
        return statistics.median(getattr(one, part) for one in results[name])

    print("| program | wall s | ratio | CPU s | ratio | peak MiB |\n|---|---|---|---|---|---|")
    for name in results:
        wall, cpu = median(name, "wall"), median(name, "cpu")
        print(f"| {name} | {wall:.2f} | {wall / median(base, 'wall'):.2f} | {cpu:.2f} "
              f"| {cpu / median(base, 'cpu'):.2f} | {max(one.peak_mib for one in results[name]):.0f} |")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    options.add_argument("--size-mib", type=int, default=2048)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="dray-bench-", dir="/dev/shm"))
    started = []
    try:
        (work / "root").mkdir()
        (work / "out").mkdir()
        os.chmod(work, 0o755)
        sha256 = make_file(work / "root/file.bin", asked.size_mib)
        port = free_port()
        (work / "nginx.conf").write_text(NGINX.format(run=work, root=work / "root", port=port))
        nginx = subprocess.Popen(["nginx", "-p", work, "-c", work / "nginx.conf"], stderr=subprocess.DEVNULL)
        started.append(nginx)
        wait_until(lambda: accepts(port), "nginx's start")
        url = f"http://127.0.0.1:{port}/file.bin"
        hub = Drayd(asked.build.resolve(), work)
        started.append(hub.process)
        out = work / "out"
        programs = {
            "aria2c -x1": lambda: run_program(aria2(url, 1), out),
            "aria2c -x1, checksum": lambda: run_program(aria2(url, 1, f"--checksum=sha-256={sha256}"), out),
            "aria2c -x4": lambda: run_program(aria2(url, 4), out),
            "curl": lambda: run_program(["curl", "-s", "-o", "out.bin", url], out),
            "dray, 1 connection, digest": lambda: hub.fetch(url, sha256, 1),
            "dray, 4 connections, digest": lambda: hub.fetch(url, sha256, 4),
            "dray, default, digest": lambda: hub.fetch(url, sha256, 8),
        }
        results: dict[str, list[Measured]] = {name: [] for name in programs}
        for _ in range(asked.rounds):
            for name, fetch in programs.items():
                results[name].append(fetch())
                (out / "out.bin").unlink(missing_ok=True)
        print(f"{asked.size_mib} MiB over loopback into memory, {asked.rounds} rounds, medians; "
              f"{os.cpu_count()} cores. Ratios to aria2c -x1.")
        print_table(results, "aria2c -x1")
        hub.stop()
    finally:
        for process in started:
            if process.poll() is None:
                process.terminate()
                process.wait(20)
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
