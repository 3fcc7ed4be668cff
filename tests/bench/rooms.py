#!/usr/bin/env python3
"""Tells clients of the workflows they listen to with drayd and with Socket.IO's rooms, side by side in one run.

    tests/bench/rooms.py [--build build/release] [--rounds 3] [--quick] [--before-others] [CASE ...]

Cases (all of them when none is named):
    told      100 clients, 100 workflows, 1,000 messages of progress a second, every tenth a change of state;
              each client listens to one workflow, then to ten
    memory    1,000 clients that listen to one of 100 workflows, then to ten: what a connection and what a
              subscription costs

drayd is asked twice: over its native socket and over its sockets with rooms. The load is feedload.cpp; a message
carries the time at which its source sent it. --before-others holds the processors against whatever else runs.
--quick takes a tenth of the time, to see that everything runs; its figures say nothing. Needs, besides drayd and
the load, the package socket.io, see README.md here.
"""
import argparse
import json
import pathlib
import resource
import shutil
import urllib.request

import feed
import measuring
from feed import (Load, Process, Server, Told, cores, median, p99, plain_server, stolen, table, take_turns,
                  verdict)
from measuring import Bench, Drayd, free_port, wait_until

WORKFLOWS = 100
RATE = 1000
MOST_EACH = 10  # subscriptions a connection may have


def asked_of(hub: Drayd, method: str, path: str, body: dict | None = None) -> dict:
    request = urllib.request.Request(f"http://127.0.0.1:{hub.port}/api/v1/{path}", method=method,
                                     data=json.dumps(body).encode() if body else None,
                                     headers={"Authorization": f"Bearer {hub.token()}",
                                              "Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def call(hub: Drayd, name: str, params: dict) -> dict:
    return asked_of(hub, "POST", "rpc", {"jsonrpc": "2.0", "id": 1, "method": name, "params": params})["result"]


def add_workflow(hub: Drayd, number: int) -> str:
    """A workflow of one step, which a program reports; as the load wants it."""
    steps = [{"name": "work", "kind": "report", "title": f"Work {number}"}]
    made = call(hub, "workflow.add", {"title": f"Work {number}", "steps": steps})["workflow"]["id"]
    found = {}

    def has_job() -> bool:
        found.update(asked_of(hub, "GET", f"workflows/{made}")["workflow"]["steps"][0])
        return bool(found.get("job"))

    wait_until(has_job, f"the job of {made}")
    return f"{made}:{found['job']}"


class Dray:
    """One hub with its workflows; a Server for each of its two protocols."""

    def __init__(self, bench: Bench):
        hub = bench.drayd("--max-connections", str(feed.CONNECTIONS))
        self.process = Process(hub.process.pid)
        rooms = [word for number in range(WORKFLOWS) for word in ("--room", add_workflow(hub, number))]
        words = [*feed.native_words(hub), *rooms]
        self.native = Server(self.process, hub.port, [*words, "--speech", "native"])
        self.rooms = Server(self.process, hub.port, [*words, "--speech", "rooms"])


def socket_io(bench: Bench) -> Server:
    port = free_port()
    modules = bench.build.parent / "peers/node_modules"
    server = plain_server(bench, ["node", feed.PEERS / "roomfanout.cjs", str(port)], port, {"NODE_PATH": str(modules)})
    rooms = [word for number in range(WORKFLOWS) for word in ("--room", f"w{number}")]
    server.words = ["--port", str(port), "--speech", "socketio", *rooms]
    return server


def lost_states(run: Told, listeners: int) -> int:
    return run.seen["stateChangesTold"] * listeners - run.seen["stateChanges"]


def is_whole(run: Told, listeners: int) -> bool:
    wrong = any(run.seen[name] for name in ("gaps", "duplicates", "disorders", "closed", "refused"))
    return not wrong and lost_states(run, listeners) == 0 and run.seen["arrived"] == run.seen["told"] * listeners


def print_rooms(results: dict[str, list[Told]], base: str, each: int) -> None:
    """Medians of the rounds, as ratios to the server `base`. A workflow has as many listeners as a client workflows."""
    rows = [("server", "p50 ms", "p99 ms", "ratio", "max ms", "cores", "ratio", "conflated", "lost states",
             "bytes a message", "stolen ms")]
    for name, runs in results.items():
        conflated = sum(run.seen["arrived"] - run.seen["messages"] for run in runs)
        rows.append((name, f"{median(runs, lambda run: run.seen['p50']):.2f}", f"{p99(runs):.2f}",
                     f"{p99(runs) / max(p99(results[base]), 0.001):.2f}", f"{max(run.seen['max'] for run in runs):.1f}",
                     f"{cores(runs):.3f}", f"{cores(runs) / max(cores(results[base]), 0.001):.2f}",
                     f"{conflated} of {sum(run.seen['arrived'] for run in runs)}",
                     f"{sum(lost_states(run, each) for run in runs)} of "
                     f"{sum(run.seen['stateChangesTold'] * each for run in runs)}",
                     f"{runs[0].seen['messageBytes']:.0f}", stolen(runs)))
    table(*rows)


def told(bench: Bench, asked: argparse.Namespace) -> None:
    hub = Dray(bench)
    servers = {"socket.io": socket_io(bench), "dray, native": hub.native, "dray, rooms": hub.rooms}
    for each in (1, MOST_EACH):
        def run(server: Server) -> Told:
            with Load(bench, server, clients=WORKFLOWS, lane="rooms", rate=RATE, seconds=asked.time(20),
                      **{"rooms-each": each}) as load:
                return Told(load, server, WORKFLOWS)

        results = take_turns(servers, run, asked.rounds)
        print(f"\n100 clients that each listen to {each} of 100 workflows, 1,000 messages of progress/s: from the "
              "source's sending to the client. Ratios to socket.io.\n")
        print_rooms(results, "socket.io", each)
        print()
        for name in ("dray, native", "dray, rooms"):
            verdict(f"{name}: p99 {p99(results[name]):.2f} ms, at most 10", p99(results[name]) <= 10)
            verdict(f"{name}: no change of state lost, nothing twice or late, the newest of each workflow told",
                    all(is_whole(run, each) for run in results[name]))


def kib_for(bench: Bench, make, clients: int, each: int) -> int:
    """What that many clients add to a server that has just started."""
    server = make(bench)
    with Load(bench, server, clients=100, lane="idle", seconds=0, **{"rooms-each": 1}):
        pass  # what is made once is there
    before = server.process.memory_kib("VmRSS")
    with Load(bench, server, clients=clients, lane="idle", seconds=0, **{"rooms-each": each}):
        grown = server.process.memory_kib("VmRSS") - before
    bench.end_programs()
    shutil.rmtree(bench.work / "data", ignore_errors=True)  # the next starts as this one did
    return grown


def memory(bench: Bench, asked: argparse.Namespace) -> None:
    count = 100 if asked.quick else 1000
    makers = {"socket.io": socket_io, "dray, native": lambda made: Dray(made).native,
              "dray, rooms": lambda made: Dray(made).rooms}
    rows = [("server", "KiB for all with 1", "KiB for all with 10", "bytes a connection", "ratio", "bytes a subscription")]
    connection, subscription = {}, {}
    for name, make in makers.items():
        one, ten = (kib_for(bench, make, count, each) for each in (1, MOST_EACH))
        subscription[name] = (ten - one) * 1024 / count / (MOST_EACH - 1)
        connection[name] = one * 1024 / count - subscription[name]
        rows.append((name, int(one), int(ten), f"{connection[name]:.0f}",
                     f"{connection[name] / connection['socket.io']:.2f}", f"{subscription[name]:.0f}"))
    print(f"\n{count} clients that are told nothing: resident memory. Ratios to socket.io.\n")
    table(*rows)
    print()
    for name in ("dray, native", "dray, rooms"):
        verdict(f"{name}: {connection[name]:.0f} bytes a connection, 1,000 were hoped for", connection[name] <= 1024)
        verdict(f"{name}: {subscription[name]:.0f} bytes a subscription, 500 were hoped for",
                subscription[name] <= 500)


CASES = {case.__name__: case for case in (told, memory)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("case", nargs="*", choices=[*CASES, []], default=[])
    options.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--before-others", action="store_true")
    asked = options.parse_args()
    asked.rounds = 1 if asked.quick else asked.rounds
    asked.time = lambda seconds: max(2, seconds // 10) if asked.quick else seconds
    if asked.before_others:
        measuring.run_before_others()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the servers inherit it
    for name in asked.case or CASES:
        with measuring.bench(asked.build) as made:
            CASES[name](made, asked)


if __name__ == "__main__":
    main()
