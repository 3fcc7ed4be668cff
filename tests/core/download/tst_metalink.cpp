#include "core/download/metalink.h"
#include "core/download/metalinkworker.h"
#include "tests/core/download/faults.h"

#include <sys/stat.h>

using namespace core;
using namespace tests;

namespace {

QByteArray document(const QByteArray &files)
{
    return "<?xml version='1.0' encoding='UTF-8'?>\n"
           "<metalink xmlns='urn:ietf:params:xml:ns:metalink'>\n"
        + files + "</metalink>\n";
}

const QByteArray HexOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// A Metalink job that remembers what it added.
struct MetalinkBench : DownloadBench {
    QList<DownloadSpec> added;
    CategoryRules rules;

    using DownloadBench::DownloadBench;
    Result<Outcome> runMetalink(const std::stop_token &stop = {})
    {
        cell = std::make_unique<ProgressCell>();
        const auto add = [this](const QList<DownloadSpec> &items, const std::stop_token &) {
            added = items;
            return Result<int>(int(items.size()));
        };
        spec.isMetalink = true;
        place.jobKey = u"1-1"_s;
        MetalinkWorker worker(spec, {place, {rules, folder.path()}, add});
        Result<Outcome> result = Outcome::Stopped;
        std::thread([&] { result = worker.run(stop, *cell); }).join();
        if (auto found = cell->takeDetails())
            details = *found;
        return result;
    }
};

HttpFile servedDocument(const QByteArray &files)
{
    return HttpFile{document(files)};
}

} // namespace

/// Metalink 4 (RFC 5854): what a document says, and the jobs it becomes.
class TestMetalink : public QObject
{
    Q_OBJECT
private slots:
    void aFileIsReadWithAllThatIsUsed()
    {
        const auto files = parseMetalink(
            document("<generator>x</generator><file name='a/b/image.iso'><size>2049</size>"
                     "<hash type='md5'>900150983cd24fb0d6963f7d28e17f72</hash>"
                     "<hash type='sha-256'>"
                     + HexOfAbc
                     + "</hash><hash type='unheard-of'>00</hash><signature>s</signature>"
                       "<pieces length='1024' type='sha-1'>"
                       "<hash>a9993e364706816aba3e25717850c26c9cd0d89d</hash>"
                       "<hash>a9993e364706816aba3e25717850c26c9cd0d89d</hash>"
                       "<hash>a9993e364706816aba3e25717850c26c9cd0d89d</hash></pieces>"
                       "<url priority='2'>http://two.test/i</url><url>http://last.test/i</url>"
                       "<url location='de' priority='1'> https://one.test/i </url>"
                       "<url priority='1'>ftp://one.test/i</url>"
                       "<metaurl mediatype='torrent'>http://t.test/i.torrent</metaurl></file>"));
        QVERIFY2(files, qPrintable(files ? QString() : files.error().context));
        QCOMPARE(files->size(), 1);
        const MetalinkFile &file = files->constFirst();
        QCOMPARE(file.folder, u"a/b"_s);
        QCOMPARE(file.name, u"image.iso"_s);
        QCOMPARE(file.size, 2049);
        QCOMPARE(file.checksum->toText(), u"sha-256="_s + QString::fromLatin1(HexOfAbc));
        QCOMPARE(file.pieces->count(), 3);
        QCOMPARE(file.pieces->pieceBytes, 1024);
        QVERIFY(file.pieces->fit(2049) && !file.pieces->fit(2048) && !file.pieces->fit(3073));
        QCOMPARE(file.urls,
                 (QList<QUrl>{QUrl(u"https://one.test/i"_s), QUrl(u"http://two.test/i"_s),
                              QUrl(u"http://last.test/i"_s)}));
    }

    void whatIsNoneIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("says");
        const auto wrong = ErrorCode::InvalidArgument;
        QTest::newRow("nothing") << QByteArray() << wrong << u"line"_s;
        QTest::newRow("no XML") << QByteArray("<html><br></html>") << wrong << u"html"_s;
        QTest::newRow("no file") << document({}) << wrong << u"no file"_s;
        QTest::newRow("cut short") << document("<file name='a'>").chopped(12) << wrong << u"line"_s;
        QTest::newRow("version 3")
            << QByteArray("<metalink version='3.0' xmlns='http://www.metalinker.org/'/>")
            << ErrorCode::Unsupported << u"version 4"_s;
        QTest::newRow("leads out") << document("<file name='../../.bashrc'/>") << wrong << u".."_s;
        QTest::newRow("absolute") << document("<file name='/etc/passwd'/>") << wrong << u"/etc"_s;
        QTest::newRow("no name") << document("<file/>") << wrong << u"name"_s;
        QTest::newRow("size") << document("<file name='a'><size>many</size></file>") << wrong
                              << u"many"_s;
        QTest::newRow("a hash that is none")
            << document("<file name='a'><hash type='sha-256'>abc</hash></file>") << wrong
            << u"\"abc\" is no sha-256"_s;
        QTest::newRow("a piece's hash that is none")
            << document("<file name='a'><pieces length='1024' type='sha-1'><hash>a</hash></pieces>"
                        "</file>")
            << wrong << u"no sha-1"_s;
        QTest::newRow("long and tricky")
            << document("<file name='a'><size>\xc2\x9b" + QByteArray(5000, 'x') + "</size></file>")
            << wrong << QString(79, u'x') + u'\u2026';
        QTest::newRow("too many") << document(QByteArray("<file name='a'/>").repeated(10'001))
                                  << ErrorCode::LimitExceeded << u"10000"_s;
        QTest::newRow("entities within entities") << QByteArray(
            "<!DOCTYPE m [<!ENTITY a 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>"
            "<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
            "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>"
            "<metalink xmlns='urn:ietf:params:xml:ns:metalink'>"
            "<file name='&c;'/></metalink>") << wrong
                                                  << u"line"_s;
    }
    void whatIsNoneIsRefused()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, says);
        const auto files = parseMetalink(text);
        QVERIFY(!files);
        QTEST(files.error().code, "code");
        QVERIFY2(files.error().context.contains(says), qPrintable(files.error().context));
    }

    void hashesWeDoNotKnowDoNotCount()
    {
        const auto files = parseMetalink(
            document("<file name='a'><hash type='sha-3'>abc</hash><pieces length='1024' type='x'>"
                     "<hash>short</hash></pieces><url>http://h.test/a</url></file>"));
        QVERIFY2(files, qPrintable(files ? QString() : files.error().context));
        QVERIFY(!files->constFirst().checksum);
        QVERIFY(!files->constFirst().pieces);
    }

    void eachFileBecomesADownload()
    {
        const FakeHttpServer server(served(
            servedDocument("<file name='sub/a.iso'><size>3</size><hash type='sha-256'>" + HexOfAbc
                           + "</hash><url>http://127.0.0.1:1/a</url>"
                             "<url>http://other.test/a</url></file>"
                             "<file name='b.txt'><url>http://other.test/b</url></file>"
                             "<file name='c'><url>ftp://other.test/c</url></file>"),
            asIs));
        MetalinkBench bench(server.url(u"/list.meta4"_s));
        bench.rules = CategoryRules({{u"Text"_s, u"texts"_s, {u"txt"_s}, {}}});
        bench.spec.request.user = u"ann"_s;
        bench.spec.bytesPerSecond = 5'000'000;
        bench.spec.after = {AfterAction{}};
        const auto result = bench.runMetalink();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(bench.added.size(), 2);
        const DownloadSpec &first = bench.added.at(0);
        QCOMPARE(first.to, bench.path(u"sub"_s));
        QCOMPARE(first.name, u"a.iso"_s);
        QCOMPARE(first.mirrors, QList<QUrl>{QUrl(u"http://other.test/a"_s)});
        QCOMPARE(first.size, 3);
        QVERIFY(first.checksum);
        QVERIFY(!first.isMetalink);
        QCOMPARE(first.request.user, QString()); // not the document's server
        QCOMPARE(first.bytesPerSecond, 5'000'000);
        QCOMPARE(first.after.size(), 1);
        QCOMPARE(bench.added.at(1).to, bench.path(u"texts"_s));
        QCOMPARE(bench.added.at(1).category, u"Text"_s);
        QVERIFY2(bench.details.message.contains(u"1 left out: c"_s),
                 qPrintable(bench.details.message));
        QCOMPARE(bench.details.target, QString());
        QCOMPARE(QDir(bench.folder.path())
                     .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList());
    }

    void aBadDocumentLeavesNothingBehindAndIsAskedForAgain()
    {
        FakeHttpServer server(served(HttpFile{"<metalink"}, asIs));
        MetalinkBench bench(server.url(u"/list.meta4"_s));
        const auto result = bench.runMetalink();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::InvalidArgument);
        QVERIFY(bench.added.isEmpty());
        MetalinkWorker(bench.spec, {bench.place, {}, {}}).discard();
        QVERIFY(QDir(bench.folder.path())
                    .isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    }

    void aFileHereIsReadInPlace()
    {
        MetalinkBench bench{QUrl()};
        QFile file(bench.path(u"here.meta4"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(document("<file name='a'><url>http://h.test/a</url></file>"));
        file.close();
        bench.spec.url = QUrl::fromLocalFile(file.fileName());
        const auto result = bench.runMetalink();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(bench.added.size(), 1);
        QVERIFY(file.exists());
    }

    void onlyAPlainFileIsRead()
    {
        MetalinkBench bench{QUrl()};
        const QString pipe = bench.path(u"pipe.meta4"_s);
        QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        bench.spec.url = QUrl::fromLocalFile(pipe);
        const auto result = bench.runMetalink();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::FileAccess);
    }

    void noLoginGoesToAnotherOrigin()
    {
        const FakeHttpServer server(
            served(servedDocument("<file name='a'><url>http://h.test/a</url></file>"), asIs));
        MetalinkBench bench(server.url(u"/list.meta4"_s));
        QFile netrc(bench.path(u"netrc"_s));
        QVERIFY(netrc.open(QIODevice::WriteOnly));
        QVERIFY(netrc.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        bench.spec.request.netrc = netrc.fileName();
        const auto result = bench.runMetalink();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(bench.added.constFirst().request.netrc, QString());
    }

    void noDocumentLeadsToOurselves()
    {
        MetalinkBench bench{QUrl()};
        QFile file(bench.path(u"here.meta4"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(document("<file name='a'><url>http://127.0.0.1:8765/a</url></file>"));
        file.close();
        bench.spec.url = QUrl::fromLocalFile(file.fileName());
        bench.place.ownPorts = {8765};
        const auto result = bench.runMetalink();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::NotFound);
    }

    void whatGoesWithOneFileIsRefused()
    {
        DownloadSpec spec;
        spec.url = QUrl(u"http://h.test/x.meta4"_s);
        spec.isMetalink = true;
        QVERIFY(checkSpec(spec));
        spec.name = u"a"_s;
        QCOMPARE(checkSpec(spec).error().code, ErrorCode::InvalidArgument);
        spec.name.clear();
        spec.ifExists = IfExists::Overwrite;
        QCOMPARE(checkSpec(spec).error().code, ErrorCode::InvalidArgument);
        DownloadSpec local;
        local.url = QUrl(u"file:///tmp/x.meta4"_s);
        QCOMPARE(checkSpec(local).error().code, ErrorCode::UnsupportedScheme);
        local.isMetalink = true;
        QVERIFY(checkSpec(local));
        local.url = QUrl(u"file://server/x.meta4"_s);
        QVERIFY(!checkSpec(local));
    }
};

QTEST_GUILESS_MAIN(TestMetalink)
#include "tst_metalink.moc"
