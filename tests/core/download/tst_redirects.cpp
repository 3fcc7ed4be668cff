#include "core/download/localtarget.h"
#include "core/download/redirects.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

/// Where a link of the web may lead: not to this machine, its link or Dray itself.
class TestRedirects : public QObject
{
    Q_OBJECT
private slots:
    void whatIsHere_data()
    {
        QTest::addColumn<bool>("isHere");
        const auto rows = [](const QStringList &hosts, bool isHere) {
            for (const QString &host : hosts)
                QTest::newRow(qPrintable(host)) << isHere;
        };
        rows({u"localhost"_s,
              u"LOCALHOST"_s,
              u"localhost."_s,
              u"a.localhost"_s,
              u"127.0.0.1"_s,
              u"127.0.0.1."_s,
              u"127.9.9.9"_s,
              u"127.1"_s,
              u"0x7f000001"_s,
              u"2130706433"_s,
              u"0177.0.0.1"_s,
              u"0.0.0.0"_s,
              u"0.1.2.3"_s,
              u"0"_s,
              u"[::1]"_s,
              u"[0:0:0:0:0:0:0:1]"_s,
              u"[::]"_s,
              u"[::ffff:127.0.0.1]"_s,
              u"[::ffff:7f00:1]"_s,
              u"[::ffff:0.0.0.0]"_s,
              u"169.254.169.254"_s,
              u"[::ffff:169.254.169.254]"_s,
              u"[fe80::1]"_s},
             true);
        rows({u"example.org"_s, u"localhost.example.org"_s, u"127.0.0.1.example.org"_s,
              u"192.168.1.1"_s, u"10.0.0.1"_s, u"[2001:db8::1]"_s, u"[fd00::1]"_s, u"8.8.8.8"_s},
             false);
    }
    void whatIsHere()
    {
        QFETCH(bool, isHere);
        const QString host = QString::fromLatin1(QTest::currentDataTag());
        const QUrl url(u"http://%1/file"_s.arg(host));
        if (url.isValid()) // else nothing is fetched from it
            QCOMPARE(isLocalTarget(url), isHere);
        else
            QVERIFY(isHere);
    }

    void whereARedirectMayLead_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<std::optional<ErrorCode>>("refusal");
        const auto row = [](const char *name, const QString &from, const char *location,
                            std::optional<ErrorCode> refusal) {
            QTest::newRow(name) << from << QByteArray(location) << refusal;
        };
        const QString web = u"http://example.org/a"_s;
        const QString here = u"http://127.0.0.1:9/a"_s;
        row("the web to the web", web, "https://example.net/b", std::nullopt);
        row("the web to its own path", web, "/b", std::nullopt);
        row("the web to this machine", web, "http://127.0.0.1:9/b", ErrorCode::Forbidden);
        row("the web to this machine by name", web, "http://localhost/b", ErrorCode::Forbidden);
        row("the web to this machine without a scheme", web, "//[::1]/b", ErrorCode::Forbidden);
        row("the web to a short form", web, "http://127.1/b", ErrorCode::Forbidden);
        row("the web to its cloud's metadata", web, "http://169.254.169.254/latest",
            ErrorCode::Forbidden);
        row("the web to Dray", web, "http://127.0.0.1:8765/api", ErrorCode::Forbidden);
        row("here to here", here, "http://127.0.0.1:10/b", std::nullopt);
        row("here to Dray", here, "http://localhost:8765/api", ErrorCode::Forbidden);
        row("a file", web, "file:///etc/passwd", ErrorCode::InvalidUrl);
        row("another scheme", web, "ftp://example.org/b", ErrorCode::UnsupportedScheme);
    }
    void whereARedirectMayLead()
    {
        QFETCH(QString, from);
        QFETCH(QByteArray, location);
        QFETCH(std::optional<ErrorCode>, refusal);
        RedirectTrail trail{.url = QUrl(from), .headers = {}, .ownPorts = {8765}};
        const auto followed = trail.follow(location);
        QCOMPARE(followed.has_value(), !refusal.has_value());
        if (refusal)
            QCOMPARE(followed.error().code, *refusal);
    }

    void thisMachineIsAskedForOnlyFromHere()
    {
        const QUrl web(u"http://example.org/list"_s);
        const QUrl here(u"http://127.0.0.1:9/list"_s);
        const QUrl file = QUrl::fromLocalFile(u"/tmp/list"_s);
        const QUrl target(u"http://127.0.0.1:10/file"_s);
        QVERIFY(!mayLeadTo(target, web, {}));
        QVERIFY(mayLeadTo(target, here, {}));
        QVERIFY(mayLeadTo(target, file, {}));
        QVERIFY(!mayLeadTo(target, file, {10}));
        QVERIFY(mayLeadTo(web, here, {80}));
    }
};

QTEST_GUILESS_MAIN(TestRedirects)
#include "tst_redirects.moc"
