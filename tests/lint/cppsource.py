"""C++ sources as the lints see them: which files there are, and their text without comments and
literals. Everything blanked out becomes spaces, so line numbers stay true."""
import dataclasses
import functools
import pathlib
import re
import sys

FOLDERS = ("app", "core", "resources", "server", "ui", "tests")
SUFFIXES = (".h", ".cpp")
SKIPPED_FOLDERS = {"node_modules", "dist", "build", "data"}

# The order matters: a raw string before a string, a number (1'000) before a character literal.
TOKEN = re.compile(
    r"""
      (?P<comment>//(?:\\\r?\n|[^\n])*|/\*.*?(?:\*/|\Z))
    | (?P<literal>(?:u8|[uUL])?R"(?P<delimiter>[^\s()\\]{0,16})\(.*?\)(?P=delimiter)"
        | (?:u8|[uUL])?"(?:\\.|[^"\\\n])*"
        | (?<![0-9A-Za-z_])(?:u8|[uUL])?'(?:\\.|[^'\\\n])+')
    | (?P<number>\b[0-9](?:'?[0-9A-Za-z_.])*)
    | (?P<word>[A-Za-z_]\w*?(?=(?:u8|[uUL])?R?")|[A-Za-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclasses.dataclass(frozen=True)
class Problem:
    """One line of a lint's answer, in the form editors jump to."""

    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


class Source:
    """One file: `name` is its path from the project's root, with forward slashes."""

    def __init__(self, root: pathlib.Path, path: pathlib.Path):
        self.path = path
        self.name = path.relative_to(root).as_posix()
        self.text = path.read_text(encoding="utf-8")

    @property
    def line_count(self):
        return len(self.text.splitlines())

    @functools.cached_property
    def uncommented(self):
        return blank(self.text, {"comment"})

    @functools.cached_property
    def code(self):
        return blank(self.text, {"comment", "literal"})

    def problem(self, offset, text):
        return Problem(self.name, self.text.count("\n", 0, offset) + 1, text)


def blank(text, kinds):
    """`text` with the tokens of `kinds` turned into spaces; a literal keeps its two end quotes."""

    def replacement(match):
        token = match[0]
        if match.lastgroup == "delimiter" or match["literal"] is not None:
            kind = "literal"
        else:
            kind = match.lastgroup
        if kind not in kinds:
            return token
        if kind == "comment":
            return spaces(token)
        return '"' + spaces(token[1:-1]) + '"'

    return TOKEN.sub(replacement, text)


def spaces(text):
    return re.sub(r"[^\n]", " ", text)


def sources(root: pathlib.Path):
    """Every C++ file of the project, in a fixed order."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            inner = path.relative_to(root).parts[:-1]
            if path.suffix in SUFFIXES and path.is_file() and not SKIPPED_FOLDERS.intersection(inner):
                yield Source(root, path)


def report(check):
    """The main of every lint: `check(root)` yields problems; none of them is exit code 0."""
    if len(sys.argv) != 2 or not (pathlib.Path(sys.argv[1]) / "core").is_dir():
        print(f"usage: {sys.argv[0]} ROOT (the folder that holds core/)", file=sys.stderr)
        return 2
    problems = list(check(pathlib.Path(sys.argv[1]).resolve()))
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "no problems")
    return 1 if problems else 0
