#include "core/download/downloadspecjson.h"
#include "core/download/mediaworker.h"
#include "core/download/targetguard.h"
#include "tests/core/download/downloadbench.h"
#include "tests/core/download/faults.h"

using namespace core;
using namespace tests;

namespace {

/// Names that lead here, to the link, to both sides, and away.
QList<QHostAddress> lookUp(const QString &host)
{
    const QHash<QString, QList<QHostAddress>> names{
        {u"here.test"_s, {QHostAddress(u"127.0.0.1"_s)}},
        {u"mapped.test"_s, {QHostAddress(u"::ffff:127.0.0.1"_s)}},
        {u"link.test"_s, {QHostAddress(u"169.254.169.254"_s)}},
        {u"both.test"_s, {QHostAddress(u"192.0.2.1"_s), QHostAddress(u"::1"_s)}},
        {u"other.test"_s, {QHostAddress(u"192.0.2.2"_s)}},
        {u"away.test"_s, {QHostAddress(u"192.0.2.1"_s), QHostAddress(u"2001:db8::1"_s)}},
    };
    return names.value(host);
}

enum class From { Here, Elsewhere };

} // namespace
Q_DECLARE_METATYPE(From)

/// Where names may lead: not to this machine, whatever they look like.
class TestTargetGuard : public QObject
{
    Q_OBJECT
private slots:
    void whereANameMayLead_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("asked");
        QTest::addColumn<From>("from");
        QTest::addColumn<bool>("isAllowed");
        const auto row = [](const char *name, const char *given, const char *asked, From from,
                            bool isAllowed) {
            QTest::newRow(name) << QString::fromLatin1(given) << QString::fromLatin1(asked) << from
                                << isAllowed;
        };
        const char *here = "http://here.test/a";
        const char *away = "http://away.test/a";
        row("the user's own name for here", here, here, From::Here, true);
        row("its own redirect", here, "http://here.test/b", From::Here, true);
        row("from here to another name for here", here, "http://both.test/b", From::Here, true);
        row("from here to the address", here, "http://127.0.0.1/b", From::Here, true);
        row("away", away, "https://other.test/b", From::Here, true);
        row("the web to a name for here", away, "http://here.test/b", From::Here, false);
        row("the web to one of several addresses", away, "http://both.test/b", From::Here, false);
        row("the web to the link", away, "http://link.test/b", From::Here, false);
        row("an unknown name, which the next lookup may know", away, "http://unknown.test/b",
            From::Here, false);
        row("an address", away, "http://192.0.2.7/b", From::Here, true);
        row("Dray by name", here, "http://here.test:8765/api", From::Here, false);
        row("another's port of that number", away, "http://away.test:8765/api", From::Here, true);
        row("a remote program to a name for here", here, here, From::Elsewhere, false);
        row("a remote program to a mapped address", "http://mapped.test/", "http://mapped.test/",
            From::Elsewhere, false);
        row("a remote program to the link", "http://link.test/", "http://link.test/",
            From::Elsewhere, false);
        row("a remote program away", away, away, From::Elsewhere, true);
        row("a remote program's redirect to here", away, "http://here.test/", From::Elsewhere,
            false);
    }
    void whereANameMayLead()
    {
        QFETCH(QString, given);
        QFETCH(QString, asked);
        QFETCH(From, from);
        QFETCH(bool, isAllowed);
        const TargetGuard guard{QUrl(given), from == From::Elsewhere, {8765}, lookUp};
        const auto checked = guard.check(QUrl(asked));
        QCOMPARE(checked.has_value(), isAllowed);
        const bool isKnown = !asked.contains(u"unknown"_s);
        if (!isAllowed)
            QCOMPARE(checked.error().code,
                     isKnown ? ErrorCode::Forbidden : ErrorCode::HostNotFound);
    }

    void nobodyWaitsForALookupWithoutNeed()
    {
        int lookups = 0;
        const auto count = [&lookups](const QString &) {
            ++lookups;
            return QList<QHostAddress>{QHostAddress(u"192.0.2.1"_s)};
        };
        const QUrl given(u"http://away.test/a"_s);
        QVERIFY(TargetGuard({given, false, {8765}, count}).check(given));
        QCOMPARE(lookups, 0);
        QVERIFY(TargetGuard({given, true, {8765}, count}).check(given));
        QCOMPARE(lookups, 1);
    }

    void aRemoteProgramsJobReachesNothingHereByName()
    {
        const FakeHttpServer server([](const HttpRequest &) { return wholeFile({"secret"}); });
        QUrl url = server.url();
        url.setHost(u"here.test"_s);
        DownloadBench bench(url);
        bench.spec.isFromElsewhere = true;
        bench.place.lookup = lookUp;
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::Forbidden));
        QVERIFY(server.requests().isEmpty());
        QCOMPARE(bench.files(), QStringList());
    }

    void aRemoteProgramsProxyIsNotHereEither()
    {
        const FakeHttpServer proxy([](const HttpRequest &) { return wholeFile({"secret"}); });
        const QString address = u"http://here.test:%1"_s.arg(proxy.url().port());
        DownloadBench bench(QUrl(u"http://away.test/file.bin"_s));
        bench.spec.isFromElsewhere = true;
        bench.spec.request.proxy = address;
        bench.place.proxy = ProxyRule::choose(address, {}, {});
        bench.place.lookup = lookUp;
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::Forbidden));
        QVERIFY(proxy.requests().isEmpty());
    }

    void aRedirectToAnotherNameIsLookedUp()
    {
        const FakeHttpServer own([](const HttpRequest &) { return wholeFile({"secret"}); });
        QUrl there = own.url();
        there.setHost(u"here.test"_s);
        const FakeHttpServer server([&there](const HttpRequest &) {
            HttpReply reply;
            reply.status = 302;
            return reply.set("Location", there.toEncoded());
        });
        DownloadBench bench(server.url());
        bench.place.lookup = lookUp;
        bench.place.ownPorts = {quint16(own.url().port())};
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::Forbidden));
        QVERIFY(result.error().context.contains(u"here.test"_s));
        QCOMPARE(server.requests().size(), 1);
        QVERIFY(own.requests().isEmpty());
    }

    void aRemoteProgramsPageIsLookedUpBeforeItIsOpened()
    {
        const QTemporaryDir folder;
        MediaSpec spec;
        spec.page.url = QUrl(u"http://here.test/film"_s);
        spec.page.to = folder.path();
        spec.page.isFromElsewhere = true;
        MediaPlace place{
            .folder = folder.path(), .jobKey = u"1-1"_s, .addItems = {}, .lookup = lookUp};
        ProgressCell cell;
        const auto result = MediaWorker(spec, place).run({}, cell);
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code), errorCodeName(ErrorCode::Forbidden));
    }

    void whereAJobCameFromIsStored()
    {
        DownloadSpec spec;
        spec.url = QUrl(u"http://away.test/file.bin"_s);
        for (const bool isFromElsewhere : {false, true}) {
            spec.isFromElsewhere = isFromElsewhere;
            const auto read = downloadSpecFromJson(toJson(spec));
            QVERIFY(read);
            QCOMPARE(read->isFromElsewhere, isFromElsewhere);
        }
    }
};

QTEST_GUILESS_MAIN(TestTargetGuard)
#include "tst_targetguard.moc"
