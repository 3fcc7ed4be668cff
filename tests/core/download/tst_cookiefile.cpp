#include "core/download/cookiefile.h"

#include <QNetworkCookieJar>
#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;
Q_DECLARE_METATYPE(core::ErrorCode)

namespace {

/// What a request to `url` carries: "name=value" joined by "; ".
QByteArray sent(const QList<QNetworkCookie> &cookies, const QString &url)
{
    QNetworkCookieJar jar;
    for (const QNetworkCookie &cookie : cookies)
        jar.insertCookie(cookie);
    QByteArrayList pairs;
    for (const QNetworkCookie &cookie : jar.cookiesForUrl(QUrl(url)))
        pairs.append(cookie.toRawForm(QNetworkCookie::NameAndValueOnly));
    return pairs.join("; ");
}

} // namespace

class TestCookieFile : public QObject
{
    Q_OBJECT
private slots:
    void aHeaderBecomesAFileForOneHost_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("header");
        QTest::addColumn<QByteArray>("lines");
        const auto row = [](const char *name, const char *url, const char *header,
                            const QByteArray &lines) {
            QTest::newRow(name) << QString::fromLatin1(url) << QString::fromLatin1(header) << lines;
        };
        row("one", "http://h.test/a", "a=1", "h.test\tFALSE\t/\tFALSE\t0\ta\t1\n");
        row("TLS only, value with =", "https://h.test:8443/",
            "a=b=c==", "h.test\tFALSE\t/\tTRUE\t0\ta\tb=c==\n");
        row("several", "http://h.test/", "a=1;b=; c=\"x y\"",
            "h.test\tFALSE\t/\tFALSE\t0\ta\t1\nh.test\tFALSE\t/\tFALSE\t0\tb\t\n"
            "h.test\tFALSE\t/\tFALSE\t0\tc\t\"x y\"\n");
        row("without a name, or with a tab", "http://h.test/", "plain; =1; a=b\tc", "");
        row("a host without a dot", "http://nas/", "a=1", "nas.local\tFALSE\t/\tFALSE\t0\ta\t1\n");
    }
    void aHeaderBecomesAFileForOneHost()
    {
        QFETCH(QString, url);
        QFETCH(QString, header);
        QFETCH(QByteArray, lines);
        const QByteArray text = CookieFile::forHost(QUrl(url), header);
        QCOMPARE(text, "# Netscape HTTP Cookie File\n" + lines);
        QVERIFY(CookieFile::parse(text));
    }

    void cookieGoesWhereItBelongs_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("url");
        QTest::addColumn<QByteArray>("cookies");
        const auto row = [](const char *name, const char *file, const char *url,
                            const char *cookies) {
            QTest::newRow(name) << QByteArray(file) << QString::fromLatin1(url)
                                << QByteArray(cookies);
        };
        const char *plain = "h.test\tFALSE\t/\tFALSE\t0\tsid\t12\n";
        row("its host", plain, "http://h.test/f", "sid=12");
        row("its host in another case", plain, "http://H.TEST/f", "sid=12");
        row("another port of its host", plain, "http://h.test:8080/f", "sid=12");
        row("another host", plain, "http://other.test/f", "");
        row("subdomain of a host-only cookie", plain, "http://a.h.test/f", "");
        row("host that ends alike", plain, "http://xh.test/f", "");

        const char *wide = ".h.test\tTRUE\t/\tFALSE\t0\tsid\t12\n";
        row("domain itself", wide, "http://h.test/f", "sid=12");
        row("subdomain", wide, "http://a.b.h.test/f", "sid=12");
        row("domain that ends alike", wide, "http://xh.test/f", "");
        row("subdomain flag without a dot", "h.test\tTRUE\t/\tFALSE\t0\ta\tb", "http://a.h.test/f",
            "a=b");
        row("dot without the subdomain flag", ".h.test\tFALSE\t/\tFALSE\t0\ta\tb",
            "http://a.h.test/f", "");
        row("address", "127.0.0.1\tTRUE\t/\tFALSE\t0\ta\tb", "http://127.0.0.1/f", "a=b");
        row("end of an address", ".0.0.1\tTRUE\t/\tFALSE\t0\ta\tb", "http://127.0.0.1/f", "");
        row("whole top-level domain", ".com\tTRUE\t/\tFALSE\t0\ta\tb", "http://h.com/f", "");

        const char *below = "h.test\tFALSE\t/d\tFALSE\t0\tsid\t12\n";
        row("its path", below, "http://h.test/d", "sid=12");
        row("below its path", below, "http://h.test/d/f", "sid=12");
        row("path that begins alike", below, "http://h.test/dx", "");
        row("path above", below, "http://h.test/", "");

        const char *secure = "h.test\tFALSE\t/\tTRUE\t0\tsid\t12\n";
        row("secure over TLS", secure, "https://h.test/f", "sid=12");
        row("secure without TLS", secure, "http://h.test/f", "");

        row("expired", "h.test\tFALSE\t/\tFALSE\t1000\ta\tb", "http://h.test/", "");
        row("not expired", "h.test\tFALSE\t/\tFALSE\t32503680000\ta\tb", "http://h.test/", "a=b");
        row("fraction of a second", "h.test\tFALSE\t/\tFALSE\t32503680000.5\ta\tb",
            "http://h.test/", "a=b");

        row("HttpOnly", "#HttpOnly_h.test\tFALSE\t/\tFALSE\t0\ta\tb", "http://h.test/", "a=b");
        row("comments, empty lines, line ends of DOS",
            "# Netscape HTTP Cookie File\r\n\r\n  "
            "\r\n#x\tFALSE\r\nh.test\tFALSE\t/\tFALSE\t0\ta\tb\r\n",
            "http://h.test/", "a=b");
        row("flags in small letters", "h.test\ttrue\t/\tfalse\t0\ta\tb", "http://h.test/", "a=b");
        row("empty value", "h.test\tFALSE\t/\tFALSE\t0\ta\t", "http://h.test/", "a=");
        row("empty value without its tab", "h.test\tFALSE\t/\tFALSE\t0\ta", "http://h.test/", "a=");
        row("longer paths first, the last of the same name counts",
            "h.test\tFALSE\t/\tFALSE\t0\ta\t1\nh.test\tFALSE\t/d\tFALSE\t0\tb\t2\n"
            "h.test\tFALSE\t/\tFALSE\t0\ta\t3\n",
            "http://h.test/d/f", "b=2; a=3");
        row("no cookie", "", "http://h.test/", "");
    }
    void cookieGoesWhereItBelongs()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, url);
        const auto cookies = CookieFile::parse(file);
        QVERIFY2(cookies, qPrintable(cookies ? QString() : cookies.error().context));
        QTEST(sent(*cookies, url), "cookies");
    }

    void badLineIsNamedAndNotShown_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("words") << QByteArray("sid=secret");
        QTest::newRow("spaces for tabs") << QByteArray("h.test FALSE / FALSE 0 sid secret");
        QTest::newRow("too many fields") << QByteArray("h.test\tFALSE\t/\tFALSE\t0\ta\tsecret\tx");
        QTest::newRow("flag") << QByteArray("h.test\tyes\t/\tFALSE\t0\ta\tsecret");
        QTest::newRow("secure flag") << QByteArray("h.test\tTRUE\t/\t1\t0\ta\tsecret");
        QTest::newRow("path") << QByteArray("h.test\tTRUE\td\tFALSE\t0\ta\tsecret");
        QTest::newRow("expiry") << QByteArray("h.test\tTRUE\t/\tFALSE\tsoon\ta\tsecret");
        QTest::newRow("not a number") << QByteArray("h.test\tTRUE\t/\tFALSE\tnan\ta\tsecret");
        QTest::newRow("endless expiry") << QByteArray("h.test\tTRUE\t/\tFALSE\t1e300\ta\tsecret");
        QTest::newRow("no domain") << QByteArray("\tTRUE\t/\tFALSE\t0\ta\tsecret");
        QTest::newRow("domain of dots") << QByteArray("..\tTRUE\t/\tFALSE\t0\ta\tsecret");
        QTest::newRow("no name") << QByteArray("h.test\tTRUE\t/\tFALSE\t0\t\tsecret");
        QTest::newRow("control character") << QByteArray("h.test\tTRUE\t/\tFALSE\t0\ta\tsecret\rX");
        QTest::newRow("second cookie inside")
            << QByteArray("h.test\tTRUE\t/\tFALSE\t0\ta\ts;secret");
    }
    void badLineIsNamedAndNotShown()
    {
        QFETCH(QByteArray, line);
        const auto cookies = CookieFile::parse("# head\n\n" + line + "\n");
        QVERIFY(!cookies);
        QCOMPARE(cookies.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(cookies.error().context.contains(u"line 3"_s),
                 qPrintable(cookies.error().context));
        QVERIFY(!cookies.error().context.contains(u"secret"_s));
    }

    void textThatIsCutOrChangedAnywhereIsReadOrRefused()
    {
        const QByteArray whole = "# c\n#HttpOnly_.h.test\tTRUE\t/\tFALSE\t0\tsid\t12\r\n";
        for (qsizetype i = 0; i < whole.size(); ++i) {
            (void)CookieFile::parse(whole.first(i));
            for (const char byte : {'\0', '\t', '\n', '#', '.', '\xff'}) {
                QByteArray changed = whole;
                changed[i] = byte;
                const auto cookies = CookieFile::parse(changed);
                if (cookies)
                    (void)sent(*cookies, u"http://h.test/"_s);
                else
                    QCOMPARE(cookies.error().code, ErrorCode::InvalidArgument);
            }
        }
    }

    void fileThatCannotBeReadIsNamed()
    {
        const QTemporaryDir folder;
        for (const QString &path : {folder.filePath(u"missing"_s), folder.path(), u"/dev/zero"_s}) {
            const auto cookies = CookieFile::read(path);
            QVERIFY(!cookies);
            QCOMPARE(cookies.error().code, ErrorCode::FileAccess);
            QVERIFY(cookies.error().context.contains(path));
        }
    }
};

QTEST_GUILESS_MAIN(TestCookieFile)
#include "tst_cookiefile.moc"
