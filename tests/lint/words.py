#!/usr/bin/env python3
"""Words that the style refuses, each in the folders where it is refused."""
import dataclasses
import re
import sys

import cppsource


@dataclasses.dataclass(frozen=True)
class Rule:
    pattern: re.Pattern
    folders: tuple
    message: str
    # Files whose path matches are left out.
    except_in: re.Pattern = re.compile(r"(?!)")
    # The attribute of Source that is searched.
    text: str = "code"


PROGRAM = ("app", "core", "server", "ui")
EVERYWHERE = PROGRAM + ("tests",)

RULES = (
    Rule(re.compile(r"\binstance\s*\(\s*\)"), PROGRAM,
         "no instance(): what a class needs comes through its constructor"),
    Rule(re.compile(r"(?<![\w.>])(?:QObject::|QCoreApplication::)?(?:tr|translate|qtTrId)\s*\("),
         ("core", "server"), "no translated text here: user sentences are made in ui/text"),
    Rule(re.compile(r"\bQ_DECLARE_TR_FUNCTIONS\b"), ("core", "server"),
         "no translated text here: user sentences are made in ui/text"),
    Rule(re.compile(r"\bQJson\w*"), ("core",), "JSON in core only in files named *json.h or *json.cpp",
         re.compile(r"json\.(h|cpp)$")),
    Rule(re.compile(r"\b(?:class|struct|union|using)\s+(?:Q_\w+\s+|\[\[\w+\]\]\s*)*"
                    r"(?!Q[A-Z])\w*(?:Manager|Helper|Utils?|Data|Info|Base|Impl)\b(?!\s*::)"),
         EVERYWHERE, "a name the glossary refuses"),
    Rule(re.compile(r"\b(?:qSleep|qWait|[mun]sleep|nanosleep|sleep|sleep_for|sleep_until)\s*\("),
         ("tests",), "no sleeps in tests: wait for a condition (QTRY_*, QSignalSpy::wait, qWaitFor)"),
    Rule(re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b"), EVERYWHERE,
         "do it or say it in the issue", text="text"),
)


def check(root):
    for source in cppsource.sources(root):
        folder = source.name.split("/")[0]
        for rule in RULES:
            if folder not in rule.folders or rule.except_in.search(source.name):
                continue
            for match in rule.pattern.finditer(getattr(source, rule.text)):
                word = " ".join(match[0].split())
                yield source.problem(match.start(), f"{word}: {rule.message}")


if __name__ == "__main__":
    sys.exit(cppsource.report(check))
