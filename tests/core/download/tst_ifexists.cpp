#include "tests/core/download/faults.h"

using namespace core;
using namespace tests;

namespace {

const QByteArray Old = "the old file";
const QByteArray Content = sampleBytes(SmallBytes);

void put(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

HttpReply calledServed(const HttpRequest &, HttpReply reply)
{
    return reply.set("Content-Disposition", "attachment; filename=served.bin");
}

HttpReply damaged(const HttpRequest &, HttpReply reply)
{
    reply.body[0] = char(reply.body[0] ^ 1);
    return reply;
}

} // namespace

class TestIfExists : public QObject
{
    Q_OBJECT
private slots:
    void whatIsThereIsTreatedAsAsked_data()
    {
        QTest::addColumn<std::optional<IfExists>>("ifExists");
        QTest::addColumn<QString>("name"); // chosen by the user
        QTest::addColumn<QString>("there");
        QTest::addColumn<QString>("target"); // empty: nothing was fetched
        QTest::addColumn<int>("requests");
        const auto row = [](const char *text, std::optional<IfExists> ifExists, const char *name,
                            const char *there, const char *target, int requests) {
            QTest::newRow(text) << ifExists << QString::fromLatin1(name)
                                << QString::fromLatin1(there) << QString::fromLatin1(target)
                                << requests;
        };
        row("not given: a derived name is numbered", {}, "", "served.bin", "served (1).bin", 1);
        row("rename: a derived name", IfExists::Rename, "", "served.bin", "served (1).bin", 1);
        row("rename: a chosen name", IfExists::Rename, "a.bin", "a.bin", "a (1).bin", 1);
        row("overwrite: a name that only the server chose", IfExists::Overwrite, "", "served.bin",
            "served (1).bin", 1);
        row("overwrite: a chosen name", IfExists::Overwrite, "a.bin", "a.bin", "a.bin", 1);
        row("overwrite: nothing there", IfExists::Overwrite, "a.bin", "b.bin", "a.bin", 1);
        row("skip: a chosen name, without a request", IfExists::Skip, "a.bin", "a.bin", "", 0);
        row("skip: the server's name, after its answer", IfExists::Skip, "", "served.bin", "", 1);
        row("skip: nothing there", IfExists::Skip, "", "b.bin", "served.bin", 1);
        row("ask: a file that came in between", IfExists::Ask, "", "served.bin", "served (1).bin",
            1);
    }
    void whatIsThereIsTreatedAsAsked()
    {
        QFETCH(std::optional<IfExists>, ifExists);
        QFETCH(QString, name);
        QFETCH(QString, there);
        QFETCH(QString, target);
        QFETCH(int, requests);
        const FakeHttpServer server(served({Content}, calledServed));
        DownloadBench bench(server.url());
        bench.spec.ifExists = ifExists;
        bench.spec.name = name;
        put(bench.path(there), Old);
        QCOMPARE(bench.run(), Result<Outcome>(Outcome::Completed));
        QCOMPARE(server.requests().size(), requests);
        QCOMPARE(bench.details.target, target.isEmpty() ? QString() : bench.path(target));
        QCOMPARE(bench.details.message.contains(u"skipped"_s), target.isEmpty());
        if (!target.isEmpty())
            QCOMPARE(readAll(bench.path(target)), Content);
        if (target != there)
            QCOMPARE(readAll(bench.path(there)), Old);
        QCOMPARE(bench.files().size(), target.isEmpty() || target == there ? 1 : 2);
    }

    void aChosenNameThatIsTakenFailsWhenNothingIsSaid_data()
    {
        QTest::addColumn<std::optional<IfExists>>("ifExists");
        QTest::newRow("not given") << std::optional<IfExists>();
        QTest::newRow("ask: a file that came in between") << std::optional(IfExists::Ask);
    }
    void aChosenNameThatIsTakenFailsWhenNothingIsSaid()
    {
        QFETCH(std::optional<IfExists>, ifExists);
        const FakeHttpServer server(served({Content}, asIs));
        DownloadBench bench(server.url());
        bench.spec.ifExists = ifExists;
        bench.spec.name = u"a.bin"_s;
        put(bench.path(u"a.bin"_s), Old);
        QCOMPARE(bench.run().error().code, ErrorCode::FileExists);
        QCOMPARE(server.requests().size(), 0);
        QCOMPARE(bench.files(), QStringList{u"a.bin"_s});
    }

    void theOldFileStaysWholeUntilTheEnd()
    {
        const HttpFile file{sampleBytes(LargeBytes)};
        const FakeHttpServer server(served(file, slowly));
        DownloadBench bench(server.url());
        bench.spec.ifExists = IfExists::Overwrite;
        const QString target = bench.path(u"file.bin"_s);
        put(target, Old);
        const auto stopped = bench.runUntil([&] { return bench.cell->read().done > SmallBytes; });
        QCOMPARE(stopped, Result<Outcome>(Outcome::Stopped));
        QCOMPARE(readAll(target), Old);
        QCOMPARE(bench.run(), Result<Outcome>(Outcome::Completed));
        QVERIFY(readAll(target) == file.content);
        QCOMPARE(bench.files(), QStringList{u"file.bin"_s});
    }

    void aWrongFileReplacesNothing()
    {
        const FakeHttpServer server(served({Content}, damaged));
        DownloadBench bench(server.url());
        bench.spec.ifExists = IfExists::Overwrite;
        bench.spec.sha256 = QString::fromLatin1(
            QCryptographicHash::hash(Content, QCryptographicHash::Sha256).toHex());
        put(bench.path(u"file.bin"_s), Old);
        QCOMPARE(bench.run().error().code, ErrorCode::ChecksumMismatch);
        QCOMPARE(readAll(bench.path(u"file.bin"_s)), Old);
    }

    void onlyAPlainFileIsReplaced()
    {
        const FakeHttpServer server(served({Content}, asIs));
        DownloadBench bench(server.url());
        bench.spec.ifExists = IfExists::Overwrite;
        QVERIFY(QDir(bench.folder.path()).mkdir(u"file.bin"_s));
        QCOMPARE(bench.run().error().code, ErrorCode::FileExists);
        QVERIFY(QFileInfo(bench.path(u"file.bin"_s)).isDir());
    }
};

QTEST_GUILESS_MAIN(TestIfExists)
#include "tst_ifexists.moc"
