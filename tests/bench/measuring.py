"""What the benchmarks share: a scratch folder in memory, nginx, drayd, the peers, medians and tables."""
import contextlib
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
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; keepalive_requests 100000; client_body_temp_path {run}/b; proxy_temp_path {run}/p;
  fastcgi_temp_path {run}/f; uwsgi_temp_path {run}/u; scgi_temp_path {run}/s;
  {maps}
  server {{ listen 127.0.0.1:{port}; root {root}; {rules} }} }}
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


def run_before_others() -> None:
    """This program and all it starts from here on, before any other of the machine (SCHED_FIFO; needs root)."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    except PermissionError:
        sys.exit("--before-others needs root")


def stolen_ms() -> float:
    """How long this machine's processors had work while its host ran others: `steal` of proc_stat(5)."""
    fields = pathlib.Path("/proc/stat").read_text().split(maxsplit=9)
    return int(fields[8]) * 1000 / os.sysconf("SC_CLK_TCK")


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
    """A hub of its own; CPU time and memory are read from /proc."""

    def __init__(self, build: pathlib.Path, work: pathlib.Path, options: list[str], launcher: list[str]):
        """`launcher` is put before the command."""
        self.control = build / "app/drayctl"
        self.data = work / "data"
        self.port = free_port()
        self.process = subprocess.Popen(
            [*launcher, build / "app/drayd", "--data-dir", self.data, "--download-dir", work / "dray",
             "--listen", f"127.0.0.1:{self.port}", *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until((self.data / "endpoint.json").exists, "drayd's start")

    def token(self) -> str:
        return json.loads((self.data / "endpoint.json").read_text())["token"]

    def cpu_seconds(self) -> float:
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_kib(self, name: str) -> int:
        """`name` is VmRSS (at present) or VmHWM (the most so far)."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
        return 0

    def ctl(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.control, "--data-dir", self.data, "--json", *words],
                              stdout=subprocess.PIPE, check=False)

    def set(self, key: str, value: str) -> None:
        if self.ctl("settings", key, value).returncode != 0:
            sys.exit(f"drayd does not take {key} = {value}")

    def fetch(self, urls: list[str], connections: int) -> Measured:
        """Downloads them all; their files are removed again."""
        before, start = self.cpu_seconds(), time.monotonic()
        done = self.ctl("add", *urls, "--wait", "--connections", str(connections))
        wall = time.monotonic() - start
        if done.returncode != 0:
            sys.exit(f"drayd: {done.stdout[-2000:]!r}")
        self.answer = done.stdout
        shutil.rmtree(self.data.parent / "dray", ignore_errors=True)  # the hub may be removing journals there too
        return Measured(wall, self.cpu_seconds() - before, self.memory_kib("VmHWM") / 1024)

    def fetch_one(self, url: str, sha256: str, connections: int) -> Measured:
        measured = self.fetch([url], connections)
        found = json.loads(self.answer)["sha256"]
        if found != sha256:
            sys.exit(f"drayd: the file is {found}, not {sha256}")
        return measured

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


class Bench:
    """A folder in memory with `root` (served), `out` (the peers' downloads) and the programs started for it."""

    def __init__(self, build: pathlib.Path):
        self.build = build.resolve()
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="dray-bench-", dir="/dev/shm"))
        self.root, self.out = self.work / "root", self.work / "out"
        for folder in (self.root, self.out):
            folder.mkdir()
        os.chmod(self.work, 0o755)
        self.started: list[subprocess.Popen] = []

    def nginx(self, rules: str = "", maps: str = "") -> str:
        """Starts nginx over `root`; answers its address."""
        port = free_port()
        conf = self.work / f"nginx{port}.conf"
        conf.write_text(NGINX.format(run=self.work, root=self.root, port=port, rules=rules, maps=maps))
        self.started.append(subprocess.Popen(["nginx", "-p", self.work, "-c", conf], stderr=subprocess.DEVNULL))
        wait_until(lambda: accepts(port), "nginx's start")
        return f"http://127.0.0.1:{port}"

    def drayd(self, *options: str, launcher: tuple[str, ...] = ()) -> Drayd:
        hub = Drayd(self.build, self.work, list(options), list(launcher))
        self.started.append(hub.process)
        return hub

    def take_turns(self, programs: dict, rounds: int) -> dict[str, list[Measured]]:
        """Every program once a round, so that a slow minute of the machine hits all of them."""
        results: dict[str, list[Measured]] = {name: [] for name in programs}
        for _ in range(rounds):
            for name, run in programs.items():
                results[name].append(run())
                shutil.rmtree(self.out)
                self.out.mkdir()
        return results

    def end_programs(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.terminate()
                process.wait(20)

    def close(self) -> None:
        self.end_programs()
        shutil.rmtree(self.work)


@contextlib.contextmanager
def bench(build: pathlib.Path):
    made = Bench(build)
    try:
        yield made
    finally:
        made.close()


def aria2(*words: str) -> list[str]:
    return ["aria2c", "--file-allocation=none", "--no-conf", "--allow-overwrite=true", "-k1M", *words]


def print_table(results: dict[str, list[Measured]], base: str) -> None:
    """Medians of the rounds, as ratios to the program `base`."""
    def median(name: str, part: str) -> float:
        return statistics.median(getattr(one, part) for one in results[name])

    print("| program | wall s | ratio | CPU s | ratio | peak MiB |\n|---|---|---|---|---|---|")
    for name in results:
        wall, cpu = median(name, "wall"), median(name, "cpu")
        print(f"| {name} | {wall:.2f} | {wall / median(base, 'wall'):.2f} | {cpu:.2f} "
              f"| {cpu / median(base, 'cpu'):.2f} | {max(one.peak_mib for one in results[name]):.0f} |")
