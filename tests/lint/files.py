#!/usr/bin/env python3
"""What a file may look like from outside: its name, its length, its include guard."""
import re
import sys

import cppsource

HEADER_LINES = 150
SOURCE_LINES = 400
TEST_LINES = 800
MAIN_LINES = 40

NAME = re.compile(r"^(tst_|bench_|fuzz_)?[a-z0-9]+\.(h|cpp)$")
MAIN = re.compile(r"\bint\s+main\s*\(")


def limit_of(source):
    """The most lines this file may have, and why."""
    if source.name.startswith("app/") and MAIN.search(source.code):
        return MAIN_LINES, "a main reads as a table of contents"
    if source.name.startswith("tests/"):
        return TEST_LINES, "split it by what it tests"
    if source.name.endswith(".h"):
        return HEADER_LINES, "is there a second responsibility in it?"
    return SOURCE_LINES, "is there a second responsibility in it?"


def check(root):
    for source in cppsource.sources(root):
        limit, why = limit_of(source)
        if source.line_count > limit:
            yield source.problem(0, f"{source.line_count} lines, at most {limit}: {why}")
        if not NAME.match(source.path.name):
            yield source.problem(0, "file names are lower case, without underscores")
        if source.name.endswith(".h") and "#pragma once" not in source.code:
            yield source.problem(0, "a header has #pragma once")


if __name__ == "__main__":
    sys.exit(cppsource.report(check))
