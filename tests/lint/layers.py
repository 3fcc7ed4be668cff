#!/usr/bin/env python3
"""The layer rule of the project: who may include whom.

    app -> ui -> core <- server <- app              ui and server never see each other
    app -> resources                                 the page as bytes; nobody else knows it
    core:   base <- jobs <- {store <- agents, download, drives <- flash} <- core/*.h
    server: http <- dialects, feed <- dialects       http says no word about jobs
"""
import re
import sys

import cppsource

# A file belongs to the longest of these folders that holds it, and so does what it includes.
MAY_INCLUDE = {
    "core/base": {"core/base"},
    "core/jobs": {"core/base", "core/jobs"},
    "core/agents": {"core/base", "core/jobs", "core/store", "core/agents"},
    "core/download": {"core/base", "core/jobs", "core/download"},
    "core/drives": {"core/base", "core/jobs", "core/drives"},
    "core/flash": {"core/base", "core/jobs", "core/drives", "core/flash"},
    "core/store": {"core/base", "core/jobs", "core/store"},
    "core": {"core*"},
    "server/http": {"core/base", "server/http"},
    "server/feed": {"core*", "server/http", "server/feed"},
    "server/dialects": {"core*", "server/http", "server/feed", "server/dialects"},
    "server": {"core*", "server*"},
    "ui": {"core*", "ui*"},
    "resources": {"resources*"},
    "app": {"core*", "server*", "ui*", "resources*", "app*"},
    "tests": {"core*", "server*", "ui*", "resources*", "app*", "tests*"},
}
TOP_FOLDERS = {module.split("/")[0] for module in MAY_INCLUDE}

WIDGETS = (
    r"Widget|Application|Gui|Dialog|MainWindow|Menu|Action|SystemTray|Clipboard|Desktop"
    r"|Icon|Pixmap|Image|Painter|Palette|StyleO"
)
WEB = r"HttpServer|WebSocket"
JSON = r"Json"
SQL = r"Sql"
# What a folder may not include from Qt: names that go on like this after their Q or Qt.
FORBIDDEN_QT = {
    "core": rf"{WIDGETS}|{WEB}|{JSON}",
    "server": rf"{WIDGETS}|{SQL}|HttpServer|NetworkAccess",
    "ui": rf"{JSON}|{WEB}|{SQL}|NetworkAccess|Tcp|LocalS",
    "app": r"HttpServer",
}
# Parts of Qt that live in one place of core.
AT_HOME = {"Sql": {"core/store"}, "DBus": {"core/drives", "core/flash"}, "NetworkAccess": {"core/download"}}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<(?P<angle>[^>\n]+)>|"(?P<quoted>[^"\n]+)")', re.M)
GENERATED = re.compile(r"(^|/)(moc_\w+\.cpp|\w+\.moc|ui_\w+\.h)$")
JSON_FILE = re.compile(r"json\.(h|cpp)$")
# <QSqlQuery>, <QtSql/QSqlQuery> and <QtSql> all speak of Sql.
QT_NAMES = re.compile(r"(?:^|/)Qt?([A-Z]\w*)")


def module_of(name):
    """The longest module that holds the path `name`, None for a path outside our folders."""
    parts = name.split("/")[:-1]
    while parts and "/".join(parts) not in MAY_INCLUDE:
        parts.pop()
    return "/".join(parts) or None


def allowed(module, wanted):
    top = wanted.split("/")[0] + "*"
    return wanted in MAY_INCLUDE[module] or top in MAY_INCLUDE[module]


def refusal(source, header, quoted):
    """Why `source` may not include `header`; None when it may."""
    module = module_of(source.name)
    if ".." in header.split("/"):
        return f"include {header} by its path from the root, without .."
    if header.split("/")[0] in TOP_FOLDERS:
        wanted = module_of(header)
        return None if allowed(module, wanted) else f"{module}/ may not include {header}"
    if quoted:
        return None if GENERATED.search(header) else f"include {header} by its path from the root"
    return qt_refusal(source.name, module, header)


def qt_refusal(name, module, header):
    top = module.split("/")[0]
    names = QT_NAMES.findall(header)
    if top == "core" and JSON_FILE.search(name):
        names = [word for word in names if not word.startswith(JSON)]
    if top in FORBIDDEN_QT and any(re.match(FORBIDDEN_QT[top], word) for word in names):
        return f"{top}/ may not include <{header}>"
    for part, homes in AT_HOME.items():
        if top == "core" and module not in homes and any(word.startswith(part) for word in names):
            return f"<{header}> belongs to {' and '.join(sorted(homes))} only"
    return None


def check(root):
    for source in cppsource.sources(root):
        for match in INCLUDE.finditer(source.uncommented):
            header = match["angle"] or match["quoted"]
            text = refusal(source, header, match["quoted"] is not None)
            if text:
                yield source.problem(match.start(), text)


if __name__ == "__main__":
    sys.exit(cppsource.report(check))
