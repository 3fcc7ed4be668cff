#!/usr/bin/env python3
"""The lints tested on small source trees: what is planted is found, on its line, and nothing else."""
import pathlib
import shutil
import tempfile
import unittest

import cppsource
import files
import formatting
import functions
import layers
import words

ROOT = pathlib.Path(__file__).resolve().parents[2]


class LintTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dray lint ")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def found(self, lint):
        return [(problem.path, problem.line) for problem in lint.check(self.root)]

    def check_rows(self, lint, rows):
        """Each row is (what it shows, file, text, line of the problem or None)."""
        for title, name, text, line in rows:
            with self.subTest(title):
                self.write(name, text)
                self.assertEqual(self.found(lint), [] if line is None else [(name, line)])
                (self.root / name).unlink()


def include(header):
    return f"#pragma once\n#include {header}\n"


class Layers(LintTest):
    def test_our_folders(self):
        self.check_rows(layers, [
            (f"{name} and {header}", name, include(f'"{header}"'), line)
            for name, header, line in [
                ("core/base/a.h", "core/base/b.h", None),
                ("core/base/a.h", "core/jobs/job.h", 2),
                ("core/jobs/a.h", "core/base/b.h", None),
                ("core/jobs/a.h", "core/download/b.h", 2),
                ("core/jobs/a.h", "core/jobservice.h", 2),
                ("core/download/a.h", "core/jobs/b.h", None),
                ("core/download/a.h", "core/flash/b.h", 2),
                ("core/download/a.h", "core/drives/b.h", 2),
                ("core/download/a.h", "core/store/b.h", 2),
                ("core/flash/a.h", "core/download/b.h", 2),
                ("core/flash/a.h", "core/drives/b.h", None),
                ("core/drives/a.h", "core/flash/b.h", 2),
                ("core/store/a.h", "core/jobs/b.h", None),
                ("core/store/a.h", "core/download/b.h", 2),
                ("core/jobservice.h", "core/download/b.h", None),
                ("core/jobservice.h", "core/store/b.h", None),
                ("core/base/a.h", "server/feed/b.h", 2),
                ("core/jobs/a.h", "ui/b.h", 2),
                ("core/a.h", "app/hub.h", 2),
                ("core/a.h", "tests/support/b.h", 2),
                ("server/http/a.h", "core/base/b.h", None),
                ("server/http/a.h", "core/jobs/b.h", 2),
                ("server/http/a.h", "server/feed/b.h", 2),
                ("server/http/a.h", "server/dialects/native/b.h", 2),
                ("server/feed/a.h", "core/jobs/b.h", None),
                ("server/feed/a.h", "server/dialects/native/b.h", 2),
                ("server/dialects/native/a.h", "server/http/b.h", None),
                ("server/dialects/native/a.h", "server/feed/b.h", None),
                ("server/dialects/native/a.h", "core/jobservice.h", None),
                ("server/server.h", "server/dialects/native/b.h", None),
                ("server/a.h", "ui/b.h", 2),
                ("ui/a.h", "server/http/b.h", 2),
                ("ui/text/a.h", "ui/joblistmodel.h", None),
                ("ui/a.h", "core/jobservice.h", None),
                ("ui/a.h", "app/hub.h", 2),
                ("app/a.h", "ui/b.h", None),
                ("app/a.h", "resources/page.h", None),
                ("server/http/a.h", "resources/page.h", 2),
                ("resources/a.h", "core/base/b.h", 2),
                ("app/a.h", "tests/support/b.h", 2),
                ("tests/core/a.h", "tests/support/b.h", None),
                ("tests/ui/a.h", "server/http/b.h", None),
                ("core/base/a.h", "b.h", 2),
                ("core/base/a.h", "../jobs/b.h", 2),
                ("tests/core/tst_a.cpp", "tst_a.moc", None),
            ]
        ])

    def test_our_folder_in_angle_brackets(self):
        self.check_rows(layers, [
            ("angle brackets are no way around", "core/base/a.h", include("<server/http/b.h>"), 2),
        ])

    def test_qt_and_others(self):
        self.check_rows(layers, [
            (f"{name} and <{header}>", name, include(f"<{header}>"), line)
            for name, header, line in [
                ("core/base/a.h", "QString", None),
                ("core/base/a.h", "vector", None),
                ("core/base/a.h", "QWidget", 2),
                ("core/base/a.h", "QtWidgets/QLabel", 2),
                ("core/base/a.h", "QGuiApplication", 2),
                ("core/base/a.h", "QJsonObject", 2),
                ("core/base/a.h", "QtCore/QJsonObject", 2),
                ("core/store/specjson.cpp", "QJsonObject", None),
                ("core/store/jsonspec.cpp", "QJsonObject", 2),
                ("core/store/a.h", "QSqlQuery", None),
                ("core/jobs/a.h", "QSqlQuery", 2),
                ("core/jobs/a.h", "QtSql", 2),
                ("core/download/a.h", "QNetworkAccessManager", None),
                ("core/jobs/a.h", "QNetworkReply", None),
                ("core/jobs/a.h", "QNetworkAccessManager", 2),
                ("core/drives/a.h", "QDBusInterface", None),
                ("core/jobs/a.h", "QDBusInterface", 2),
                ("core/jobs/a.h", "QWebSocket", 2),
                ("server/http/a.h", "QWebSocket", None),
                ("server/http/a.h", "QHttpServer", 2),
                ("server/http/a.h", "QSqlQuery", 2),
                ("server/http/a.h", "QMainWindow", 2),
                ("ui/a.h", "QMainWindow", None),
                ("ui/a.h", "QJsonDocument", 2),
                ("ui/a.h", "QWebSocket", 2),
                ("ui/a.h", "QSqlTableModel", 2),
                ("app/a.h", "QWebSocket", None),
            ]
        ])

    def test_only_code_counts(self):
        self.check_rows(layers, [
            ("a comment", "core/base/a.h", '// #include "ui/a.h"\n/*\n#include "ui/a.h"\n*/\n', None),
            ("space inside", "core/base/a.h", '#pragma once\n\n #  include  "ui/a.h" // why\n', 3),
        ])


class Words(LintTest):
    def test_rows(self):
        self.check_rows(words, [
            (text, name, f"\n{text}\n", line)
            for name, text, line in [
                ("core/a.cpp", "Hub::instance().start();", 2),
                ("app/a.cpp", "QCoreApplication::instance();", 2),
                ("tests/a.cpp", "QCoreApplication::instance();", None),
                ("core/a.cpp", "int instances(); int instance(int);", None),
                ("core/a.cpp", 'x = tr("Paused");', 2),
                ("core/a.cpp", 'x = QObject::tr("Paused");', 2),
                ("server/a.cpp", 'x = QCoreApplication::translate("a", "b");', 2),
                ("server/a.cpp", "map.translate(point); str(1); m_tr(2);", None),
                ("ui/a.cpp", 'x = tr("Paused");', None),
                ("core/a.cpp", "QJsonObject object;", 2),
                ("core/store/specjson.h", "QJsonObject object;", None),
                ("server/a.cpp", "QJsonObject object;", None),
                ("core/a.cpp", "class JobManager {};", 2),
                ("core/a.cpp", "struct DriveInfo {};", 2),
                ("tests/a.h", "class TestBase : public QObject {", 2),
                ("ui/a.cpp", "using RowData = int;", 2),
                ("core/a.cpp", "class QNetworkAccessManager;", None),
                ("core/a.cpp", "class Database {}; class Manages {}; enum class Information {};", None),
                ("core/a.cpp", "// class JobManager is what others have", None),
                ("core/a.cpp", 'fail("class JobManager tr(x) instance()");', None),
                ("tests/a.cpp", "QTest::qSleep(10);", 2),
                ("tests/a.cpp", "QTest::qWait(10);", 2),
                ("tests/a.cpp", "std::this_thread::sleep_for(1s);", 2),
                ("tests/a.cpp", "QThread::msleep(1); ", 2),
                ("tests/a.cpp", "QTest::qWaitFor(done);", None),
                ("core/a.cpp", "QThread::msleep(1);", None),
                ("core/a.cpp", "// TO" "DO later", 2),
            ]
        ])


class Files(LintTest):
    def test_lengths_and_names(self):
        def lines(count):
            return "#pragma once\n" + "int a;\n" * (count - 1)

        main = "int main(int argc, char *argv[])\n"
        self.check_rows(files, [
            ("longest header", "core/a.h", lines(150), None),
            ("too long a header", "core/a.h", lines(151), 1),
            ("longest source", "core/a.cpp", lines(400), None),
            ("too long a source", "core/a.cpp", lines(401), 1),
            ("longest test", "tests/core/tst_a.cpp", lines(800), None),
            ("too long a test", "tests/core/tst_a.cpp", lines(801), 1),
            ("longest main", "app/draymain.cpp", main + "\n" * 39, None),
            ("too long a main", "app/draymain.cpp", main + "\n" * 40, 1),
            ("another file of app", "app/hub.cpp", lines(400), None),
            ("no guard", "core/a.h", "// #pragma once\nint a;\n", 1),
            ("upper case", "core/JobList.cpp", "int a;\n", 1),
            ("underscore", "core/job_list.cpp", "int a;\n", 1),
            ("a file of the web parts", "ui/node_modules/a_b.h", "int a;\n", None),
        ])


def body(lines):
    """That many lines of statements."""
    return "    work();\n" * lines


class Functions(LintTest):
    def names(self, text):
        self.write("core/a.cpp", text)
        source = cppsource.Source(self.root, self.root / "core/a.cpp")
        return [name for name, _, _ in functions.functions_of(source)]

    def test_lengths(self):
        long = body(58)
        self.check_rows(functions, [
            ("60 lines", "core/a.cpp", "void f()\n{\n" + body(57) + "}\n", None),
            ("61 lines", "core/a.cpp", "void f()\n{\n" + long + "}\n", 1),
            ("in a class in a namespace", "core/a.h",
             "namespace a {\nclass B final : public C<int> {\n    Q_OBJECT\npublic:\n"
             "    void f() const {\n" + long + "    }\n};\n}\n", None),
            ("too long in a class", "core/a.h",
             "namespace a {\nclass B final : public C<int> {\n    Q_OBJECT\npublic:\n"
             "    void f() const\n    {\n" + long + "    }\n};\n}\n", 5),
            ("after Qt's macros", "core/a.cpp",
             'Q_LOGGING_CATEGORY(lc, "a.b", QtInfoMsg)\nnamespace {\n' + "int a;\n" * 90 + "}\n", None),
            ("initializers of members count", "core/a.cpp",
             "A::A(int a)\n    : m_a{a}\n    , m_b(a)\n    , m_c{}\n{\n" + body(56) + "}\n", 1),
            ("a long table", "core/a.cpp", "const int table[] = {\n" + "    {1, 2},\n" * 90 + "};\n", None),
            ("a long value", "core/a.cpp", "QList<int> table{\n" + "    1,\n" * 90 + "};\n", None),
            ("a lambda outside any function", "core/a.cpp",
             "const auto f = [](int a) -> bool {\n" + body(60) + "};\n", 1),
            ("braces in literals and comments", "core/a.cpp",
             "void f()\n{\n    g(\"}\", '}', R\"x(\n}\")x\"); // }\n    /* } */\n" + body(57) + "}\n", 1),
            ("digit separators are no characters", "core/a.cpp",
             "int a = 1'000; // '\nvoid f()\n{\n    b(1'0 + '\\'');\n" + body(57) + "}\n", 2),
            ("branches of #if", "core/a.cpp",
             "#if A\nvoid f(int a) {\n#else\nvoid f() {\n#endif\n" + body(10) + "}\n"
             "void g()\n{\n" + body(20) + "}\n" * 1 + "int b;\n" * 40, None),
            ("a macro's braces", "core/a.cpp",
             "#define OPEN {{{ \\\n    {\nvoid f()\n{\n" + long + "}\n", 3),
            ("default argument with braces", "core/a.cpp",
             "void f(A a = {}, B b = {1})\n{\n" + long + "}\n", 1),
            ("operators", "core/a.cpp", "bool A::operator==(const A &a) const\n{\n" + long + "}\n", 1),
            ("template with requirement", "core/a.h",
             "template <typename T, typename U = A<int>>\nrequires B<T>\nvoid f(T t) noexcept(true)\n{\n"
             + body(56) + "}\n", 1),
        ])

    def test_names(self):
        rows = [
            ("void A::f() {}", ["A::f"]),
            ("A::~A() { delete x; }", ["A::~A"]),
            ("struct A { int a = 1; int b{2}; A() : a{b} {} int f() const { if (a) { return 1; } } };", ["A", "f"]),
            ('extern "C" { int f(void) { return 1; } }', ["f"]),
            ("enum class A { B = 1, C }; int f() { auto g = [] { return 1; }; return g(); }", ["f"]),
            ("auto f() -> std::vector<int> { return {1, 2}; }", ["f"]),
            ("constexpr auto a = std::array{1, 2}; void g() {}", ["g"]),
            ("namespace a::b { template <> struct hash<A> { size_t operator()(A a) const { return 1; } }; }", ["operator()"]),
        ]
        for text, expected in rows:
            with self.subTest(text):
                self.assertEqual(self.names(text), expected)


class Formatting(LintTest):
    def test_rows(self):
        shutil.copy(ROOT / ".clang-format", self.root / ".clang-format")
        self.check_rows(formatting, [
            ("as the style says", "core/a.cpp", "int a = 1;\n", None),
            ("spaces", "core/a.cpp", "int a = 1;\n\nint b=1;\nint c=1;\n", 3),
        ])


class Blanking(unittest.TestCase):
    def test_lines_stay(self):
        text = 'a /* x\ny */ b "c\\"d" R"(e\n)" \'"\' // f \\\ng\nh'
        source = cppsource.blank(text, {"comment", "literal"})
        self.assertEqual(source.count("\n"), text.count("\n"))
        self.assertEqual(len(source), len(text))
        self.assertEqual([word for word in "abcdefgh" if word in source], ["a", "b", "h"])


if __name__ == "__main__":
    unittest.main()
