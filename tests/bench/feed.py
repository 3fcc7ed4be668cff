#!/usr/bin/env python3
"""Tells many WebSocket clients the same with drayd and with the peers, side by side in one run.

    tests/bench/feed.py [--build build/release] [--rounds 3] [--quick] [--before-others] [CASE ...]

Cases (all of them when none is named):
    events    100 clients, 1,000 lossless events/s
    progress  1,000 clients, 20 jobs that move 10 times a second
    idle      5,000 clients that are told nothing: memory
    quiet     100 clients that are told nothing for 60 s: CPU and memory
    stalled   50 clients, 500 events/s of 1 KB; then the same beside 100 that stop reading
    window    100 clients, 500 events/s from `dray`; then while its window's thread stands still for 5 s

The load is one program of its own (feedload.cpp); CPU is that of the server's process. --quick takes a tenth of
the time, to see that everything runs; its figures say nothing. --before-others holds the processors against whatever
else runs. Prints a table a case and what the goals say of it.
Needs, besides drayd and the load, what README.md here names.
"""
import argparse
import ctypes
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import measuring
from measuring import Bench, Drayd, accepts, free_port, wait_until

PEERS = pathlib.Path(__file__).with_name("peers")
NCHAN = "/usr/lib/nginx/modules/ngx_nchan_module.so"
PYTHON = "/usr/bin/python3"  # the one that Debian's packages are for
REPORTERS = 50  # each may make 50 changes a second: so they can catch up after a stall of the machine
CONNECTIONS = 8192


class Process:
    """A server's process with its children; CPU time and memory are read from /proc."""

    def __init__(self, pid: int):
        self.pid = pid

    def pids(self) -> list[int]:
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def cpu_seconds(self) -> float:
        def ticks(pid: int) -> int:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            return int(fields[11]) + int(fields[12])
        return sum(map(ticks, self.pids())) / os.sysconf("SC_CLK_TCK")

    def memory_kib(self, name: str) -> int:
        """`name` is VmRSS (at present) or VmHWM (the most so far)."""
        def kib(pid: int) -> int:
            found = re.search(rf"^{name}:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M)
            return int(found[1]) if found else 0
        return sum(map(kib, self.pids()))

    def forget_peak(self) -> None:
        """VmHWM counts from here on."""
        for pid in self.pids():
            pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


class Server:
    """One that tells its clients; `words` make the load speak to it."""

    def __init__(self, process: Process, port: int, words: list[str]):
        self.process, self.words = process, ["--port", str(port), *words]
        self.is_native = "--reporter" in words


def plain_server(bench: Bench, command: list, port: int, environment: dict | None = None) -> Server:
    started = subprocess.Popen(command, env={**os.environ, **(environment or {})},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    bench.started.append(started)
    wait_until(lambda: accepts(port), f"the start of {pathlib.Path(command[0]).name}")
    return Server(Process(started.pid), port, ["--path", "/", "--source-path", "/source"])


def node_ws(bench: Bench) -> Server:
    port = free_port()
    return plain_server(bench, ["node", PEERS / "wsfanout.cjs", str(port)], port, {"NODE_PATH": "/usr/share/nodejs"})


def nchan(bench: Bench) -> Server:
    port = free_port()
    conf = bench.work / f"nchan{port}.conf"
    conf.write_text((PEERS / "nchan.conf").read_text().format(run=bench.work, port=port, module=NCHAN))
    return plain_server(bench, ["nginx", "-p", bench.work, "-c", conf], port)


def fastapi(bench: Bench) -> Server:
    port = free_port()
    patience = ["--ws-ping-interval", "300", "--ws-ping-timeout", "300"]  # else it closes whom it cannot serve in time
    return plain_server(bench, [PYTHON, "-m", "uvicorn", "--app-dir", PEERS, "--ws", "websockets", *patience, "--port",
                                str(port), "--backlog", "1024", "--log-level", "critical", "fanout:app"], port)


def native_words(hub: Drayd) -> list[str]:
    words = ["--path", "/api/v1/ws", "--token", hub.token()]
    for number in range(REPORTERS):
        made = hub.ctl("token", "add", f"reporter{number}", "--scope", "report")
        words += ["--reporter", json.loads(made.stdout)["token"]]
    return words


def dray(bench: Bench) -> Server:
    hub = bench.drayd("--max-connections", str(CONNECTIONS))
    return Server(Process(hub.process.pid), hub.port, native_words(hub))


ALL = {"node ws": node_ws, "nginx, nchan": nchan, "FastAPI, uvicorn": fastapi, "dray": dray}


class Load:
    """The load's program, connected: used with `with`, it disconnects at the end."""

    def __init__(self, bench: Bench, server: Server, **options):
        self.lane = options.get("lane", "events")
        words = [word for name, value in options.items() for word in ("--" + name, str(value))]
        self.process = subprocess.Popen([bench.build / "tests/bench/bench_feedload", *server.words, *words],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            sys.exit("the load could not connect")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(20)

    def start(self) -> None:
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def finish(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            sys.exit("the load ended too early")
        return json.loads(line)


class Told:
    """What one run of the load saw, and what it cost the server."""

    def __init__(self, load: Load, server: Server, clients: int):
        before, stolen, start = server.process.cpu_seconds(), measuring.stolen_ms(), time.monotonic()
        load.start()
        self.seen = load.finish()
        self.stolen_ms = measuring.stolen_ms() - stolen  # by the host: such a run tells of the host
        self.seconds = time.monotonic() - start
        self.growth_mib = 0.0  # of the server's memory, where it is asked for
        self.cores = (server.process.cpu_seconds() - before) / self.seconds
        # Progress is conflated in Dray: there is no number to expect.
        is_conflated = load.lane == "progress" and server.is_native
        self.lost = 0 if is_conflated else self.seen["told"] * clients - self.seen["messages"]

    @property
    def is_whole(self) -> bool:
        return self.lost == 0 and not any(self.seen[name] for name in ("gaps", "duplicates", "closed", "refused"))


def take_turns(servers: dict[str, Server], run, rounds: int) -> dict[str, list[Told]]:
    """Every server once a round, so that a slow minute of the machine hits all of them."""
    results: dict[str, list[Told]] = {name: [] for name in servers}
    for _ in range(rounds):
        for name, server in servers.items():
            results[name].append(run(server))
    return results


def median(runs: list[Told], value) -> float:
    return statistics.median(value(run) for run in runs)


def p99(runs: list[Told]) -> float:
    return median(runs, lambda run: run.seen["p99"])


def cores(runs: list[Told]) -> float:
    return median(runs, lambda run: run.cores)


def stolen(runs: list[Told]) -> str:
    """Of each round: where it is much, the host stood still and not the server."""
    return ", ".join(f"{run.stolen_ms:.0f}" for run in runs)


def table(*rows) -> None:
    for number, row in enumerate(rows):
        print("| " + " | ".join(map(str, row)) + " |")
        if number == 0:
            print("|" + "---|" * len(row))


def verdict(what: str, is_met: bool) -> None:
    print(f"{'met' if is_met else 'MISSED'}: {what}")


def print_told(results: dict[str, list[Told]], base: str) -> None:
    """Medians of the rounds, as ratios to the server `base`."""
    rows = [("server", "p50 ms", "p99 ms", "ratio", "max ms", "cores", "ratio", "lost", "bytes a message",
             "stolen ms")]
    for name, runs in results.items():
        rows.append((name, f"{median(runs, lambda run: run.seen['p50']):.2f}", f"{p99(runs):.2f}",
                     f"{p99(runs) / max(p99(results[base]), 0.001):.2f}", f"{max(run.seen['max'] for run in runs):.1f}",
                     f"{cores(runs):.3f}", f"{cores(runs) / max(cores(results[base]), 0.001):.2f}",
                     sum(run.lost for run in runs), f"{runs[0].seen['messageBytes']:.0f}", stolen(runs)))
    table(*rows)


def events(bench: Bench, asked: argparse.Namespace) -> None:
    def run(server: Server) -> Told:
        with Load(bench, server, clients=100, rate=1000, seconds=asked.time(20)) as load:
            return Told(load, server, 100)

    results = take_turns({name: make(bench) for name, make in ALL.items()}, run, asked.rounds)
    print("\n100 clients, 1,000 lossless events/s: from the source's sending to the client. Ratios to node ws.\n")
    print_told(results, "node ws")
    print()
    verdict(f"p99 {p99(results['dray']):.2f} ms, at most 10", p99(results["dray"]) <= 10)
    ratio = cores(results["dray"]) / max(cores(results["node ws"]), 0.001)
    verdict(f"CPU {ratio:.2f} × node ws, at most 0.8", ratio <= 0.8)
    verdict("no loss, nothing twice, each event after the one before it", all(run.is_whole for run in results["dray"]))


def progress(bench: Bench, asked: argparse.Namespace) -> None:
    def run(server: Server) -> Told:
        with Load(bench, server, clients=1000, lane="progress", seconds=asked.time(20)) as load:
            return Told(load, server, 1000)

    results = take_turns({name: make(bench) for name, make in ALL.items()}, run, asked.rounds)
    print("\n1,000 clients, 20 jobs that move 10 times a second: from the frame's making to the client. Ratios to node ws.\n")
    print_told(results, "node ws")
    each = median(results["dray"], lambda run: run.seen["messages"] / 1000 / run.seconds)
    print(f"\ndray: {each:.1f} frames a second for each client")
    verdict(f"p99 {p99(results['dray']):.2f} ms, at most 30", p99(results["dray"]) <= 30)
    verdict(f"{cores(results['dray']):.0%} of a core, at most 40 %", cores(results["dray"]) <= 0.4)


def idle(bench: Bench, asked: argparse.Namespace) -> None:
    count = 500 if asked.quick else 5000
    rows = [("server", "KiB before", "KiB with all", "KiB a client", "ratio")]
    kib = {}
    for name, make in ALL.items():
        server = make(bench)
        with Load(bench, server, clients=1, lane="idle", seconds=0):
            before = server.process.memory_kib("VmRSS")
        with Load(bench, server, clients=count, lane="idle", seconds=0):
            after = server.process.memory_kib("VmRSS")
        kib[name] = (after - before) / count
        rows.append((name, before, after, f"{kib[name]:.1f}", f"{kib[name] / kib['node ws']:.2f}"))
        bench.end_programs()
    print(f"\n{count} clients that are told nothing: resident memory. Ratios to node ws.\n")
    table(*rows)
    print()
    verdict(f"{kib['dray']:.1f} KiB a client, at most 24", kib["dray"] <= 24)


def quiet(bench: Bench, asked: argparse.Namespace) -> None:
    rows = [("server", "% of a core", "MB for 100")]
    figures = {}
    for name, make in ALL.items():
        server = make(bench)
        before = server.process.memory_kib("VmRSS")
        # The heartbeat comes after 20 s: 60 s see three.
        with Load(bench, server, clients=100, lane="idle", seconds=asked.time(60)) as load:
            megabytes = (server.process.memory_kib("VmRSS") - before) * 1024 / 1e6
            figures[name] = (Told(load, server, 100).cores * 100, megabytes)
        rows.append((name, f"{figures[name][0]:.2f}", f"{megabytes:.1f}"))
        bench.end_programs()
    print("\n100 clients that are told nothing, heartbeats counted.\n")
    table(*rows)
    print()
    verdict(f"{figures['dray'][0]:.2f} % of a core, less than 1", figures["dray"][0] < 1)
    verdict(f"{figures['dray'][1]:.1f} MB, less than 10", figures["dray"][1] < 10)


def slow_closed(server: Server) -> int:
    """How many readers Dray has closed with 4008."""
    port, token = (server.words[server.words.index(name) + 1] for name in ("--port", "--token"))
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        found = re.search(r"^\S*slow_closed_total\S* (\d+)", answer.read().decode(), re.M)
    return int(found[1])


def stalled(bench: Bench, asked: argparse.Namespace) -> None:
    def run(server: Server, count: int) -> Told:
        server.process.forget_peak()
        before = server.process.memory_kib("VmRSS")
        with Load(bench, server, clients=50, stalled=count, rate=500, pad=840, seconds=max(10, asked.time(20))) as load:
            told = Told(load, server, 50)
        told.growth_mib = (server.process.memory_kib("VmHWM") - before) / 1024
        return told

    print("\n50 clients, 500 events/s of 1 KB, alone and beside 100 that stop reading. Ratios to the same server alone.\n")
    rows = [("server", "p99 ms alone", "p99 ms beside", "ratio", "lost", "MiB more")]
    for name, make in ALL.items():
        server = make(bench)
        results = take_turns({"alone": server}, lambda one: run(one, 0), asked.rounds)
        results |= take_turns({"beside": server}, lambda one: run(one, 100), asked.rounds)
        ratio = p99(results["beside"]) / p99(results["alone"])
        growth = max(one.growth_mib for one in results["beside"])
        rows.append((name, f"{p99(results['alone']):.2f}", f"{p99(results['beside']):.2f}", f"{ratio:.2f}",
                     sum(one.lost for one in results["beside"]), f"{growth:.0f}"))
        if name == "dray":
            closed, whole = slow_closed(server), all(one.is_whole for one in results["beside"])
        bench.end_programs()
    table(*rows)
    print()
    verdict(f"{growth:.0f} MiB more, at most 125 (1 MiB unsent each, and a quarter for the allocator and the rest)",
            growth <= 125)
    verdict(f"{closed} closed with 4008, {100 * asked.rounds} stalled", closed == 100 * asked.rounds)
    verdict(f"healthy clients: p99 {ratio:.2f} × alone (at most 1.2, or 1 ms more), no loss",
            whole and (ratio <= 1.2 or p99(results["beside"]) - p99(results["alone"]) <= 1))


PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH = 0x4206, 0x4207, 17
WAIT_ALL = 0x40000000  # __WALL
POLL_CALLS = ("7", "271")  # poll and ppoll of x86-64


class StandStill:
    """Stops one thread of a process, as a call that does not return would; its others run on."""

    def __init__(self, thread: int):
        self.thread = thread
        self.libc = ctypes.CDLL(None, use_errno=True)

    def trace(self, request: int) -> None:
        if self.libc.ptrace(request, self.thread, None, None) != 0:
            sys.exit(f"ptrace: {os.strerror(ctypes.get_errno())}")

    def __enter__(self):
        # Only where it waits: elsewhere it may hold a lock that the others need.
        while True:
            self.trace(PTRACE_SEIZE)
            self.trace(PTRACE_INTERRUPT)
            os.waitpid(self.thread, WAIT_ALL)
            if pathlib.Path(f"/proc/{self.thread}/syscall").read_text().split()[0] in POLL_CALLS:
                return
            self.trace(PTRACE_DETACH)
            time.sleep(0.01)

    def __exit__(self, *_):
        self.trace(PTRACE_DETACH)


class Desktop(Drayd):
    """`dray` with its window on a screen in memory; the hub has a thread of its own there."""

    def __init__(self, bench: Bench):
        self.control, self.data, self.port = bench.build / "app/drayctl", bench.work / "data", free_port()
        screen = self.start_screen(bench)
        folder = tempfile.mkdtemp(dir=bench.work)
        self.process = subprocess.Popen(
            [bench.build / "app/dray", "--data-dir", self.data, "--download-dir", bench.work / "dray",
             "--listen", f"127.0.0.1:{self.port}"],
            env={**os.environ, "DISPLAY": f":{screen}", "QT_QPA_PLATFORM": "xcb", "HOME": folder,
                 "XDG_RUNTIME_DIR": folder},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        bench.started.append(self.process)
        wait_until((self.data / "endpoint.json").exists, "the start of dray")

    @staticmethod
    def start_screen(bench: Bench) -> str:
        reader, writer = os.pipe()
        bench.started.append(subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-nolisten", "tcp"],
                                              pass_fds=[writer], stderr=subprocess.DEVNULL))
        os.close(writer)
        with os.fdopen(reader) as said:
            return said.readline().strip()


def window(bench: Bench, asked: argparse.Namespace) -> None:
    hub = Desktop(bench)
    server = Server(Process(hub.process.pid), hub.port, native_words(hub))

    def run() -> Told:
        with Load(bench, server, clients=100, rate=500, seconds=5) as load:
            return Told(load, server, 100)

    def run_busy() -> Told:
        with StandStill(hub.process.pid):
            return run()

    results: dict[str, list[Told]] = {"window free": [], "window busy": []}
    for _ in range(asked.rounds):
        results["window free"].append(run())
        results["window busy"].append(run_busy())
    print("\n100 clients, 500 events/s from dray; its window's thread runs, or stands still. Ratios to the free one.\n")
    print_told(results, "window free")
    free, busy = p99(results["window free"]), p99(results["window busy"])
    print()
    verdict(f"p99 {busy / free:.2f} × with the window free (at most 1.2, or 1 ms more), no loss",
            (busy <= free * 1.2 or busy - free <= 1) and all(one.is_whole for one in results["window busy"]))


CASES = {case.__name__: case for case in (events, progress, idle, quiet, stalled, window)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("case", nargs="*", choices=[*CASES, []], default=[])
    options.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--before-others", action="store_true")
    asked = options.parse_args()
    if asked.before_others:
        measuring.run_before_others()
    asked.rounds = 1 if asked.quick else asked.rounds
    asked.time = lambda seconds: max(2, seconds // 10) if asked.quick else seconds
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the servers inherit it
    for name in asked.case or CASES:
        with measuring.bench(asked.build) as made:
            CASES[name](made, asked)


if __name__ == "__main__":
    main()
