#!/usr/bin/env python3
"""No function is longer than 60 lines, from the first line of its signature to its closing brace.

The reader walks over every brace of the code (comments and literals blanked) with a stack:

    scope        namespace, class, struct, union, enum, extern "C": functions may stand in it
    function     a body, or a lambda outside any function: measured
    initializer  a braced value: `= { … }`, `m_a{1}`, a default argument
    block        any brace inside a function or an initializer: only counted
"""
import dataclasses
import re
import sys

import cppsource

FUNCTION_LINES = 60

DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(\w+)(?:[^\n\\]|\\\r?\n|\\.)*", re.M)
ACCESS = re.compile(r"\b(?:public|protected|private|signals|Q_SIGNALS)(?:\s+(?:slots|Q_SLOTS))?\s*$")
# Macros of Qt that stand alone, without a semicolon.
QT_MACRO = re.compile(r"\b(?:Q_|QT_|QTEST_)[A-Z_]+\b(?:\s*\([^()]*\))?")
ATTRIBUTE = re.compile(r"\[\[[^\]]*\]\]|\balignas\s*\([^()]*\)|\b__attribute__\s*\(\(.*?\)\)", re.S)
SCOPE = re.compile(r'^\s*(?:inline\s+|export\s+|typedef\s+|static\s+|const\s+|constexpr\s+)*'
                   r'(?:extern\s*"\s*"\s*$|(?:namespace|class|struct|union|enum)\b)', re.S)
LAMBDA = re.compile(r"\[[^\[\]]*\]\s*(?:<[^{}]*>\s*)?(?:\(.*\)\s*)?[^(){}=;]*$", re.S)


@dataclasses.dataclass
class Brace:
    kind: str
    # Text since the last statement's end when the brace was opened, and where that text begins.
    header: str
    start: int


class Reader:
    def __init__(self, code):
        self.code = code
        self.stack = []
        self.branches = []
        self.header = ""
        self.header_start = 0
        # (name, offset of the signature, offset of the closing brace)
        self.functions = []

    def read(self):
        offset = 0
        while offset < len(self.code):
            directive = DIRECTIVE.match(self.code, offset) if self.at_line_start(offset) else None
            if directive:
                self.on_directive(directive[1])
                offset = directive.end()
                continue
            self.on_character(self.code[offset], offset)
            offset += 1
        return self.functions

    def at_line_start(self, offset):
        return offset == 0 or self.code[offset - 1] == "\n"

    def on_directive(self, word):
        """Each branch of an #if starts from the braces that were open before it."""
        if word in ("if", "ifdef", "ifndef"):
            self.branches.append((list(self.stack), self.header, self.header_start))
        elif word in ("else", "elif") and self.branches:
            stack, self.header, self.header_start = self.branches[-1]
            self.stack = list(stack)
        elif word == "endif" and self.branches:
            self.branches.pop()

    def on_character(self, character, offset):
        if character == "{":
            self.open(offset)
        elif character == "}":
            self.close(offset)
        elif self.inside_body():
            return
        elif character == ";" and not self.inside_parentheses():
            self.header = ""
        elif character == ":" and ACCESS.search(self.header):
            self.header = ""
        elif self.header or not character.isspace():
            if not self.header:
                self.header_start = offset
            self.header += character

    def inside_body(self):
        return bool(self.stack) and self.stack[-1].kind != "scope"

    def inside_parentheses(self):
        return self.header.count("(") > self.header.count(")")

    def open(self, offset):
        start = self.header_start if self.header else offset
        kind = "block" if self.inside_body() else self.kind_of(self.header)
        self.stack.append(Brace(kind, self.header, start))
        self.header = ""

    def close(self, offset):
        if not self.stack:
            return
        brace = self.stack.pop()
        if brace.kind == "function":
            self.functions.append((function_name(brace.header), brace.start, offset))
        if brace.kind == "initializer":
            self.header, self.header_start = brace.header + "{}", brace.start
        elif not self.inside_body():
            self.header = ""

    def kind_of(self, header):
        if self.inside_parentheses():
            return "initializer"
        plain = without_templates(QT_MACRO.sub(" ", ATTRIBUTE.sub(" ", header)))
        if SCOPE.match(plain) and not ends_like_function(plain):
            return "initializer" if has_assignment(plain) else "scope"
        if has_assignment(plain):
            return "function" if LAMBDA.search(plain[plain.index("="):]) else "initializer"
        if "(" not in plain:
            return "initializer"
        return "initializer" if is_member_initializer(plain) else "function"


def without_templates(header):
    """`header` without `template <…>` in front (angle brackets nest)."""
    match = re.match(r"\s*template\s*<", header)
    if not match:
        return header
    depth, offset = 1, match.end()
    while offset < len(header) and depth:
        depth += {"<": 1, ">": -1}.get(header[offset], 0)
        offset += 1
    return without_templates(header[offset:])


def outside_parentheses(header):
    """`header` with everything in parentheses left out."""
    previous = None
    while previous != header:
        previous, header = header, re.sub(r"\([^()]*\)", " @ ", header)
    return header


def has_assignment(header):
    bare = re.sub(r"\boperator\s*[^\w\s(]+", " ", outside_parentheses(header))
    return re.search(r"(?<![=!<>])=(?!=)", bare) is not None


def ends_like_function(header):
    return re.search(r"\)\s*(?:const|noexcept|override|final|\s)*$", header) is not None


def is_member_initializer(header):
    """`A::A(int a) : m_a` opens a value; after `)` or `}` comes the body."""
    bare = outside_parentheses(header)
    in_list = re.search(r"@[^:?]*(?<!:):(?!:)", bare) is not None
    return in_list and re.search(r"[\w>]\s*$", bare) is not None


def function_name(header):
    match = re.search(r"(operator\s*(?:\(\s*\)|[^\s\w(]+)|[~\w:]+)\s*\(", header) or re.search(r"(\w+)\s*=", header)
    return match[1] if match else "a function"


def functions_of(source):
    return Reader(source.code).read()


def check(root):
    for source in cppsource.sources(root):
        for name, start, end in functions_of(source):
            lines = source.code.count("\n", start, end) + 1
            if lines > FUNCTION_LINES:
                yield source.problem(start, f"{name}: {lines} lines, at most {FUNCTION_LINES}")


if __name__ == "__main__":
    sys.exit(cppsource.report(check))
