#!/usr/bin/env python3
"""Every C++ file is formatted as .clang-format says. clang-format 14 is the measure: other versions
break lines differently."""
import re
import shutil
import subprocess
import sys

import cppsource

VERSION = 14
COMPLAINT = re.compile(r"^(?P<path>.+?):(?P<line>\d+):\d+: error: ", re.M)
FILES_AT_ONCE = 64


def clang_format():
    """The program's path, None when that version is not installed."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if path and f"version {VERSION}." in run(path, "--version").stdout:
            return path
    return None


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def check(root):
    program = clang_format()
    if not program:
        sys.exit(f"clang-format {VERSION} is missing: install clang-format-{VERSION}")
    paths = [source.path for source in cppsource.sources(root)]
    for first in range(0, len(paths), FILES_AT_ONCE):
        batch = [str(path) for path in paths[first:first + FILES_AT_ONCE]]
        result = run(program, "--style=file", "--dry-run", "-Werror", *batch)
        yield from complaints(root, result)


def complaints(root, result):
    """One problem per file: clang-format -i mends them all."""
    seen = set()
    for match in COMPLAINT.finditer(result.stderr):
        if match["path"] not in seen:
            seen.add(match["path"])
            name = match["path"].removeprefix(f"{root}/")
            yield cppsource.Problem(name, int(match["line"]), "not formatted: run clang-format -i on it")
    if result.returncode != 0 and not seen:
        sys.exit(f"clang-format failed: {result.stderr.strip()}")


if __name__ == "__main__":
    sys.exit(cppsource.report(check))
