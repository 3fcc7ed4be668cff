#!/usr/bin/env python3
"""Fetches a finished job's file from drayd and the same file from nginx over loopback, side by side in one run.

    tests/bench/rest.py [--build build/release] [--rounds 3] [--size-mib 2048] [--before-others]

curl throws the bytes away. Prints the rates with and without TLS, how much the hub grows with 20 readers that take
200 KB/s each, and what the goals say of it. --before-others holds both processors against whatever else runs: a rate
measured beside other work says how much of the machine was left.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

import measuring
from measuring import Bench, Drayd

SLOW_READERS = 20
SLOW_RATE = 200_000


def make_certificate(bench: Bench) -> tuple[str, str]:
    key, certificate = bench.work / "key.pem", bench.work / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL)
    return str(certificate), str(key)


def fetch(url: str, token: str = "") -> float:
    """Bytes a second."""
    done = subprocess.run(["curl", "-sk", "--fail", "--http1.1", "-o", "/dev/null", "-w", "%{speed_download}",
                           "-H", f"Authorization: Bearer {token}", url], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{url}: curl ended with {done.returncode}")
    return float(done.stdout)


def growth_with_slow_readers(hub: Drayd, url: str) -> float:
    """MiB at the most."""
    pathlib.Path(f"/proc/{hub.process.pid}/clear_refs").write_text("5")
    before = hub.memory_kib("VmRSS")
    readers = [subprocess.Popen(["curl", "-sk", "--http1.1", "-o", "/dev/null", "--limit-rate", str(SLOW_RATE), "-H",
                                 f"Authorization: Bearer {hub.token()}", url]) for _ in range(SLOW_READERS)]
    time.sleep(8)
    for reader in readers:
        reader.terminate()
        reader.wait()
    return (hub.memory_kib("VmHWM") - before) / 1024


def nginx_tls(bench: Bench, certificate: str, key: str) -> str:
    """With the cipher that drayd takes: curl's first choice would be AES with 256 bits."""
    port = measuring.free_port()
    bench.nginx(f"}} server {{ listen 127.0.0.1:{port} ssl; root {bench.root}; ssl_certificate {certificate}; "
                f"ssl_certificate_key {key}; ssl_prefer_server_ciphers on; "
                "ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;")
    return f"https://127.0.0.1:{port}"


def measure(hub: Drayd, scheme: str, peer: str, path: str, rounds: int) -> tuple[float, float, float]:
    """Of drayd and of the peer in bytes a second, and the growth in MiB."""
    url = f"{scheme}://127.0.0.1:{hub.port}{path}"
    rates = [(fetch(url, hub.token()), fetch(f"{peer}/file.bin")) for _ in range(rounds)]
    ours, theirs = (statistics.median(column) for column in zip(*rates))
    return ours, theirs, growth_with_slow_readers(hub, url)


def print_result(rows: list[tuple], goals: dict[str, float]) -> None:
    print("\n| | dray GB/s | nginx GB/s | ratio | MiB more with 20 slow readers |\n|---|---|---|---|---|")
    for name, ours, theirs, growth in rows:
        print(f"| {name} | {ours / 1e9:.2f} | {theirs / 1e9:.2f} | {ours / theirs:.2f} | {growth:.1f} |")
    print()
    for name, ours, _, growth in rows:
        is_met = ours / 1e9 >= goals[name] and growth <= 40
        print(f"{'met' if is_met else 'MISSED'}: {name} {ours / 1e9:.2f} GB/s, at least {goals[name]}; "
              f"{growth:.1f} MiB, at most 40")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--size-mib", type=int, default=2048)
    options.add_argument("--before-others", action="store_true")
    asked = options.parse_args()
    if asked.before_others:
        measuring.run_before_others()
    with measuring.bench(asked.build) as bench:
        measuring.make_file(bench.root / "file.bin", asked.size_mib)
        certificate, key = make_certificate(bench)
        plain_peer, tls_peer = bench.nginx(), nginx_tls(bench, certificate, key)
        hub = bench.drayd()
        added = hub.ctl("add", f"{plain_peer}/file.bin", "--wait")
        if added.returncode != 0:
            sys.exit(f"drayd: {added.stdout!r}")
        path = f"/api/v1/jobs/{json.loads(added.stdout)['id']}/file"
        rows = [("plain", *measure(hub, "http", plain_peer, path, asked.rounds))]
        hub.stop()
        (hub.data / "endpoint.json").unlink(missing_ok=True)
        hub = bench.drayd("--tls-cert", certificate, "--tls-key", key)
        rows.append(("TLS", *measure(hub, "https", tls_peer, path, asked.rounds)))
        print(f"\nA file of {asked.size_mib} MiB in memory, by curl over loopback.")
        print_result(rows, {"plain": 1.0, "TLS": 0.7})


if __name__ == "__main__":
    main()
