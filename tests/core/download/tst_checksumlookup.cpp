#include "core/base/checksumlist.h"
#include "core/download/checksumlookup.h"
#include "tests/core/download/faults.h"

using namespace core;
using namespace tests;

namespace {

/// Not set: no error.
using Code = std::optional<ErrorCode>;

const QString Name = u"file.bin"_s;
const QByteArray Content = sampleBytes(SmallBytes);

QByteArray digestOf(QCryptographicHash::Algorithm algorithm)
{
    return QCryptographicHash::hash(Content, algorithm).toHex();
}

/// Serves the file, and `text` at `path` beside it.
Script withList(const QByteArray &path, const QByteArray &text)
{
    return [path, text](const HttpRequest &request) {
        if (request.path == "/dir/file.bin?x=1")
            return HttpFile{Content}.answer(request);
        if (request.path != path)
            return statusOnly(404);
        HttpReply reply;
        reply.body = text;
        return reply;
    };
}

} // namespace

class TestChecksumLookup : public QObject
{
    Q_OBJECT
private slots:
    void lineOfTheFileIsFound_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        const QByteArray a = QByteArray(64, 'a');
        const QByteArray b = QByteArray(64, 'b');
        const QString isA = u"sha-256="_s + QString::fromLatin1(a);
        const QString none;
        const auto row = [](const char *name, const QByteArray &text, const QString &expected) {
            QTest::newRow(name) << text << expected;
        };
        row("empty", {}, none);
        row("GNU, text mode", b + "  other\n" + a + "  file.bin\n", isA);
        row("GNU, binary mode", a + " *file.bin\n", isA);
        row("GNU, line ends of Windows", a.toUpper() + "  file.bin\r\n", isA);
        row("GNU, folder of the list", a + "  ./file.bin", isA);
        row("GNU, another folder", a + "  old/file.bin\n", none);
        row("GNU, the name is a part of another", a + "  my file.bin\n", none);
        row("BSD", "SHA256 (other) = " + b + "\nSHA256 (file.bin) = " + a + '\n', isA);
        row("BSD, digest of another algorithm", "SHA512 (file.bin) = " + a + '\n', none);
        row("BSD, no end", "SHA256 (file.bin = " + a + '\n', none);
        row("BSD, brackets alone", "SHA256 () = " + a + '\n', none);
        row("bare", a + '\n', isA);
        row("bare, two of them", a + '\n' + b + '\n', none);
        row("bare, in a page", "<html>\n" + a + '\n', none);
        row("the strongest wins", QByteArray(32, '0') + "  file.bin\n" + a + "  file.bin\n", isA);
        row("the same twice", a + "  file.bin\n" + a + "  file.bin\n", isA);
        row("contradicts itself", a + "  file.bin\n" + b + "  file.bin\n", none);
        row("signed",
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n# x\nSHA256 (file.bin) = " + a
                + "\n-----BEGIN PGP SIGNATURE-----\n",
            isA);
        row("not hexadecimal", QByteArray(64, 'x') + "  file.bin\n", none);
        row("odd length", a.chopped(1) + "  file.bin\n", none);
        row("NUL bytes", a + QByteArray("  file.bin\0", 11) + '\n', none);
        row("not UTF-8", a + "  file\xff.bin\n", none);
    }
    void lineOfTheFileIsFound()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, expected);
        const auto found = findChecksum(text, Name);
        QCOMPARE(found ? found->toText() : QString(), expected);
    }

    void namesWithSpecialLettersAreFound()
    {
        const QByteArray a = QByteArray(64, 'a');
        QVERIFY(findChecksum('\\' + a + "  a\\\\b\\nc\n", u"a\\b\nc"_s));
        QVERIFY(findChecksum("SHA256 (a) = (b).bin) = " + a, u"a) = (b).bin"_s));
        QVERIFY(!findChecksum(a + "  \n" + a + "  x\n", QString()));
    }

    void listsAreBesideTheFile()
    {
        QStringList lists;
        for (const QUrl &list : checksumListsFor(QUrl(u"http://u:p@h:1/d/a%20b%2F.bin?x=1#y"_s)))
            lists.append(list.toString(QUrl::FullyEncoded));
        const QString folder = u"http://u:p@h:1/d/"_s;
        QCOMPARE(lists,
                 (QStringList{folder + u"a%20b%2F.bin.sha256"_s, folder + u"a%20b%2F.bin.sha512"_s,
                              folder + u"SHA256SUMS"_s, folder + u"SHA512SUMS"_s}));
        QVERIFY(checksumListsFor(QUrl(u"http://h/"_s)).isEmpty());
    }

    void autoLooksBesideTheFile_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<Code>("code");
        const Code none;
        const QByteArray sha256 = digestOf(QCryptographicHash::Sha256);
        const QByteArray sha512 = digestOf(QCryptographicHash::Sha512);
        QTest::newRow("own list") << QByteArray("/dir/file.bin.sha256") << sha256 << none;
        QTest::newRow("own list, SHA-512") << QByteArray("/dir/file.bin.sha512") << sha512 << none;
        QTest::newRow("list of the folder")
            << QByteArray("/dir/SHA256SUMS") << sha256 + "  file.bin\n"
            << none;
        QTest::newRow("another file's checksum")
            << QByteArray("/dir/SHA512SUMS") << QByteArray(128, 'a') + " *file.bin\n"
            << Code(ErrorCode::ChecksumMismatch);
    }
    void autoLooksBesideTheFile()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, text);
        QFETCH(Code, code);
        const FakeHttpServer server(withList(path, text));
        DownloadBench bench(server.url(u"/dir/file.bin?x=1"_s));
        bench.spec.checksumFrom = u"auto"_s;
        bench.spec.headers = {{u"X-Api-Key"_s, u"k"_s}};
        const auto result = bench.run();
        QVERIFY2((result ? Code() : Code(result.error().code)) == code, describe(result));
        const QString shown = result ? bench.details.message : result.error().context;
        QVERIFY2(shown.contains(QString::fromLatin1(path)), qPrintable(shown));
        QCOMPARE(server.requests().first().header("X-Api-Key"), QByteArray("k"));
        QVERIFY(readAll(bench.path(result ? Name : u"file.bin.bad"_s)) == Content);
    }

    void autoThatFindsNothingSaysSo_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no list") << QByteArray();
        QTest::newRow("a list of other files") << QByteArray(64, 'a') + "  other\n";
        QTest::newRow("a weak checksum") << digestOf(QCryptographicHash::Md5) + "  file.bin\n";
        QTest::newRow("far too large")
            << QByteArray(int(ChecksumLookup::LargestList), '\n') + QByteArray(64, 'a');
    }
    void autoThatFindsNothingSaysSo()
    {
        QFETCH(QByteArray, text);
        const FakeHttpServer server(
            withList(text.isEmpty() ? "/none" : "/dir/file.bin.sha256", text));
        DownloadBench bench(server.url(u"/dir/file.bin?x=1"_s));
        bench.spec.checksumFrom = u"auto"_s;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(bench.details.message.contains(u"no checksum was found"_s));
    }

    void listThatWasNamedMustHaveTheFile_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<Code>("code");
        const QByteArray md5 = digestOf(QCryptographicHash::Md5);
        QTest::newRow("it has it") << QByteArray("/sums") << md5 + "  file.bin\n" << Code();
        QTest::newRow("it has not") << QByteArray("/sums") << md5 + "  other\n"
                                    << Code(ErrorCode::InvalidArgument);
        QTest::newRow("too large")
            << QByteArray("/sums") << QByteArray(int(ChecksumLookup::LargestList) + 1, '\n')
            << Code(ErrorCode::InvalidArgument);
        QTest::newRow("there is none") << QByteArray("/other") << md5 << Code(ErrorCode::NotFound);
    }
    void listThatWasNamedMustHaveTheFile()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, text);
        QFETCH(Code, code);
        const FakeHttpServer lists(withList(path, text));
        const FakeHttpServer server(withList({}, {}));
        DownloadBench bench(server.url(u"/dir/file.bin?x=1"_s));
        bench.spec.checksumFrom = lists.url(u"/sums"_s).toString();
        bench.spec.headers = {{u"X-Api-Key"_s, u"k"_s}};
        const auto result = bench.run();
        QVERIFY2((result ? Code() : Code(result.error().code)) == code, describe(result));
        QCOMPARE(lists.requests().first().header("X-Api-Key"), QByteArray());
        QCOMPARE(server.requests().isEmpty(), !result);
        if (result)
            QVERIFY(bench.details.message.contains(u"does not protect"_s));
        else
            QCOMPARE(bench.files(), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestChecksumLookup)
#include "tst_checksumlookup.moc"
