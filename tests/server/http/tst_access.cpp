#include "server/http/access.h"
#include "server/http/authority.h"
#include "tests/support/fakeclock.h"

#include <QSignalSpy>
#include <QTest>

using namespace server;
using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::FakeClock;
using Verdict = Access::OriginVerdict;
Q_DECLARE_METATYPE(server::Access::OriginVerdict)

namespace {

const Door Loopback{.address = QHostAddress(u"127.0.0.1"_s), .port = 8765};
const Door Lan{
    .address = QHostAddress(u"192.168.1.5"_s), .port = 8765, .isTls = true, .isLoopback = false};

Access::Options options()
{
    return {
        .allowHosts = {u"nas.home"_s},
        .allowOrigins = {u"https://app.example"_s},
        .lookUp = [](const QByteArray &token) -> std::optional<Grant> {
            if (token != "stored")
                return std::nullopt;
            return Grant{
                .principal = {.name = u"cli"_s, .owner = u"local"_s, .scopes = DefaultScopes},
                .tokenId = u"7"_s};
        },
        .isPaired = [](const QByteArray &origin) { return origin == "chrome-extension://ours"; }};
}

Request request(const QList<Header> &headers, const QByteArray &query = {})
{
    return {.method = "GET",
            .path = u"/api/v1/jobs"_s,
            .query = QUrlQuery(QString::fromLatin1(query)),
            .headers = headers,
            .peer = QHostAddress(u"127.0.0.1"_s)};
}

} // namespace

class TestAccess : public QObject
{
    Q_OBJECT
private slots:
    void host_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("isAllowed");
        QTest::addColumn<bool>("isAllowedOnLan");
        const auto row = [](const char *host, bool isAllowed, bool onLan) {
            QTest::newRow(host) << QByteArray(host) << isAllowed << onLan;
        };
        row("127.0.0.1:8765", true, true);
        row("127.0.0.2:8765", true, true);
        row("localhost:8765", true, true);
        row("LOCALHOST:8765", true, true);
        row("[::1]:8765", true, true);
        row("[0:0:0:0:0:0:0:1]:8765", true, true);
        row("[::ffff:127.0.0.1]:8765", true, true);
        row("nas.home:8765", true, true);
        row("NAS.home:8765", true, true);
        row("192.168.1.5:8765", false, true);
        row("192.168.1.6:8765", false, false);
        row("127.0.0.1", false, false);
        row("127.0.0.1:80", false, false);
        row("127.0.0.1:8766", false, false);
        row("127.0.0.1:08765x", false, false);
        row("127.0.0.1:", false, false);
        row("127.1:8765", false, false);
        row("0x7f000001:8765", false, false);
        row("2130706433:8765", false, false);
        row("0.0.0.0:8765", false, false);
        row("rebind.test:8765", false, false);
        row("localhost.evil.test:8765", false, false);
        row("evil.test#localhost:8765", false, false);
        row("user@localhost:8765", false, false);
        row("localhost:8765, evil.test", false, false);
        row("localhost.:8765", false, false);
        row("::1:8765", false, false);
        row("[::1%lo]:8765", false, false);
        row("", false, false);
    }
    void host()
    {
        QFETCH(QByteArray, host);
        const FakeClock clock;
        const Access access(clock, options());
        QTEST(access.allowsHost(host, Loopback), "isAllowed");
        QTEST(access.allowsHost(host, Lan), "isAllowedOnLan");
    }

    void defaultPortNeedNotBeWritten()
    {
        const FakeClock clock;
        const Access access(clock, options());
        Door door = Lan;
        door.port = 443;
        QVERIFY(access.allowsHost("192.168.1.5", door));
        door.isTls = false;
        QVERIFY(!access.allowsHost("192.168.1.5", door));
    }

    void anUnpairedExtensionHasNoUseForATokenButToPair()
    {
        const FakeClock clock;
        const Access access(clock, options());
        const auto ask = [&access](const char *origin) {
            return access.whoAsks(request({{"Authorization", "Bearer stored"}, {"Origin", origin}}),
                                  Loopback, Access::TokenPlaces::HeaderOnly);
        };
        QVERIFY(ask("chrome-extension://ours"));
        QCOMPARE(ask("chrome-extension://other").error(), Access::AuthFailure::Missing);
    }
    void origin_data()
    {
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<Verdict>("verdict");
        const auto row = [](const char *origin, Verdict verdict) {
            QTest::newRow(origin) << QByteArray(origin) << verdict;
        };
        row("http://127.0.0.1:8765", Verdict::Allowed);
        row("HTTP://127.0.0.1:8765", Verdict::Allowed);
        row("http://127.0.0.1:8766", Verdict::Refused);
        row("http://127.0.0.1", Verdict::Refused);
        row("https://127.0.0.1:8765", Verdict::Refused);
        row("http://localhost:8765", Verdict::Refused);
        row("http://127.0.0.1:8765/", Verdict::Refused);
        row("http://evil.test", Verdict::Refused);
        row("http://evil.test:8765", Verdict::Refused);
        row("https://app.example", Verdict::Allowed);
        row("http://app.example", Verdict::Refused);
        row("https://app.example:8443", Verdict::Refused);
        row("https://app.example.evil.test", Verdict::Refused);
        row("null", Verdict::Refused);
        row("", Verdict::Refused);
        row("file://", Verdict::Refused);
        row("chrome-extension://ours", Verdict::Allowed);
        row("chrome-extension://other", Verdict::UnpairedExtension);
        row("moz-extension://other", Verdict::UnpairedExtension);
    }
    void origin()
    {
        QFETCH(QByteArray, origin);
        const FakeClock clock;
        const Access access(clock, options());
        QTEST(
            access.judgeOrigin(request({{"Host", "127.0.0.1:8765"}, {"Origin", origin}}), Loopback),
            "verdict");
    }

    void noOriginIsAbsent()
    {
        const FakeClock clock;
        const Access access(clock, options());
        QCOMPARE(access.judgeOrigin(request({{"Host", "127.0.0.1:8765"}}), Loopback),
                 Verdict::Absent);
    }

    void who_data()
    {
        QTest::addColumn<QList<Header>>("headers");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QString>("expected"); // name, or why not
        const auto row = [](const char *name, const QList<Header> &headers, const QByteArray &query,
                            const QString &expected) {
            QTest::newRow(name) << headers << query << expected;
        };
        const Header good{"Authorization", "Bearer stored"};
        const Header socket{"Sec-WebSocket-Protocol", "dray.v1, dray.bearer.stored"};
        const Header encoded{"Sec-WebSocket-Protocol", "dray.v1, dray.bearer.c3RvcmVk"};
        row("bearer", {good}, {}, u"cli"_s);
        row("bearer, any case", {{"authorization", "bearer stored"}}, {}, u"cli"_s);
        row("wrong bearer", {{"Authorization", "Bearer x"}}, {}, u"wrong"_s);
        row("empty bearer", {{"Authorization", "Bearer "}}, {}, u"wrong"_s);
        row("basic", {{"Authorization", "Basic stored"}}, {}, u"wrong"_s);
        row("wrong bearer, good query", {{"Authorization", "Bearer x"}}, "token=stored",
            u"wrong"_s);
        row("subprotocol", {socket}, {}, u"cli"_s);
        row("subprotocol, encoded", {encoded}, {}, u"cli"_s);
        row("wrong subprotocol", {{"Sec-WebSocket-Protocol", "dray.bearer.x"}}, {}, u"wrong"_s);
        row("no token among subprotocols", {{"Sec-WebSocket-Protocol", "dray.v1"}}, {}, u"local"_s);
        row("query", {}, "token=stored", u"cli"_s);
        row("wrong query", {}, "token=x", u"wrong"_s);
        row("empty query", {}, "token=", u"wrong"_s);
        row("unknown ticket", {}, "ticket=x", u"wrong"_s);
        row("nothing, trusted", {}, {}, u"local"_s);
        row("nothing, own origin", {{"Origin", "http://127.0.0.1:8765"}}, {}, u"missing"_s);
        row("nothing, for another site", {{"Sec-Fetch-Site", "cross-site"}}, {}, u"missing"_s);
        row("nothing, for another port", {{"Sec-Fetch-Site", "same-site"}}, {}, u"missing"_s);
        row("nothing, address typed", {{"Sec-Fetch-Site", "none"}}, {}, u"local"_s);
    }
    void who()
    {
        QFETCH(QList<Header>, headers);
        QFETCH(QByteArray, query);
        QFETCH(QString, expected);
        const FakeClock clock;
        Access::Options trusting = options();
        trusting.trustLocal = Access::TrustLocal::Yes;
        const Access access(clock, trusting);
        const auto grant =
            access.whoAsks(request(headers, query), Loopback, Access::TokenPlaces::QueryToo);
        const QString why =
            !grant && grant.error() == Access::AuthFailure::Wrong ? u"wrong"_s : u"missing"_s;
        QCOMPARE(grant ? grant->principal.name : why, expected);
        if (grant)
            QCOMPARE(grant->principal.scopes, DefaultScopes);
    }

    void trustLocalCountsForLoopbackOnly()
    {
        const FakeClock clock;
        Access::Options trusting = options();
        trusting.trustLocal = Access::TrustLocal::Yes;
        const Access access(clock, trusting);
        const Access strict(clock, options());
        const auto places = Access::TokenPlaces::HeaderOnly;
        QVERIFY(access.whoAsks(request({}), Loopback, places));
        QVERIFY(!access.whoAsks(request({}), Lan, places));
        QVERIFY(!strict.whoAsks(request({}), Loopback, places));
        Request remote = request({});
        remote.peer = QHostAddress(u"192.168.1.9"_s);
        QVERIFY(!access.whoAsks(remote, Loopback, places));
    }

    void theSidCookieCountsWhereTheRouteTakesItAndForNoPage()
    {
        const FakeClock clock;
        Access::Options trusting = options();
        trusting.trustLocal = Access::TrustLocal::Yes;
        const Access access(clock, trusting);
        const Access strict(clock, options());
        const auto places = Access::TokenPlaces::QueryAndSidCookie;
        const Header cookie{"Cookie", "other=stored; sid=stored"};
        QVERIFY(strict.whoAsks(request({cookie}), Loopback, places));
        QVERIFY(!strict.whoAsks(request({cookie}), Loopback, Access::TokenPlaces::QueryToo));
        QVERIFY(
            !strict.whoAsks(request({cookie, {"Origin", "http://localhost:1"}}), Loopback, places));
        QVERIFY(
            !strict.whoAsks(request({cookie, {"Sec-Fetch-Site", "cross-site"}}), Loopback, places));
        QVERIFY(!strict.whoAsks(request({{"Cookie", "other=stored"}}), Loopback, places));
        // A wrong one is another program's: it takes nothing from who has a right without it.
        QVERIFY(access.whoAsks(request({{"Cookie", "sid=wrong"}}), Loopback, places));
        QVERIFY(!strict.whoAsks(request({{"Cookie", "sid=wrong"}}), Loopback, places));
        // What is presented on purpose comes first.
        QVERIFY(
            !strict.whoAsks(request({cookie, {"Authorization", "Bearer no"}}), Loopback, places));
    }

    void queryTokensCountWhereTheRouteTakesThem()
    {
        const FakeClock clock;
        const Access access(clock, options());
        QVERIFY(!access.whoAsks(request({}, "token=stored"), Loopback,
                                Access::TokenPlaces::HeaderOnly));
    }

    void remotePeersAreMarked()
    {
        const FakeClock clock;
        const Access access(clock, options());
        Request remote = request({{"Authorization", "Bearer stored"}});
        remote.peer = QHostAddress(u"192.168.1.9"_s);
        const auto grant = access.whoAsks(remote, Lan, Access::TokenPlaces::HeaderOnly);
        QVERIFY(grant && grant->principal.isRemote);
        QVERIFY(!access.grantOf("stored", QHostAddress(u"::ffff:127.0.0.1"_s))->principal.isRemote);
    }

    void adminTokenIsTheLocalUser()
    {
        const FakeClock clock;
        const Access access(clock, options());
        QCOMPARE(access.adminToken().size(), 43);
        QCOMPARE(access.grantOf(access.adminToken(), QHostAddress::LocalHost)->principal,
                 Principal::localUser());
    }

    void aOneTimeTokenOpensOneSession()
    {
        FakeClock clock;
        Access access(clock, options());
        const QByteArray once = access.makeOneTimeToken();
        QVERIFY(!access.grantOf(once, QHostAddress::LocalHost)); // it opens nothing by itself
        const auto session = access.memoryTokens().exchange(once);
        QVERIFY(session);
        QCOMPARE(session->grant.principal.scopes, DefaultScopes | Scope::Settings);
        QVERIFY(!access.memoryTokens().exchange(once));
        QCOMPARE(access.grantOf(session->token, QHostAddress::LocalHost), session->grant);
        clock.advance(MemoryTokens::PageSessionLife);
        QVERIFY(!access.grantOf(session->token, QHostAddress::LocalHost));
    }

    void aOneTimeTokenLivesAMinute()
    {
        FakeClock clock;
        Access access(clock, options());
        const QByteArray early = access.makeOneTimeToken();
        const QByteArray late = access.makeOneTimeToken();
        clock.advance(59s);
        QVERIFY(access.memoryTokens().exchange(early));
        clock.advance(1s);
        QVERIFY(!access.memoryTokens().exchange(late));
    }

    void aTicketOpensOnePathForHalfAMinute()
    {
        FakeClock clock;
        Access access(clock, options());
        const Grant grant = *access.grantOf("stored", QHostAddress::LocalHost);
        const QByteArray ticket = access.memoryTokens().makeTicket(u"/api/v1/jobs"_s, grant);
        const auto ask = [&](const QByteArray &method, const QString &path) {
            Request asked = request({}, "ticket=" + ticket);
            asked.method = method;
            asked.path = path;
            const auto who = access.whoAsks(asked, Loopback, Access::TokenPlaces::HeaderOnly);
            return who && *who == grant;
        };
        QVERIFY(ask("GET", u"/api/v1/jobs"_s));
        QVERIFY(ask("HEAD", u"/api/v1/jobs"_s));
        QVERIFY(!ask("POST", u"/api/v1/jobs"_s));
        QVERIFY(!ask("GET", u"/api/v1/jobs/1"_s));
        Request upgrade = request({{"Upgrade", "websocket"}}, "ticket=" + ticket);
        upgrade.path = u"/api/v1/jobs"_s;
        QVERIFY(!access.whoAsks(upgrade, Loopback, Access::TokenPlaces::HeaderOnly));
        clock.advance(30s);
        QVERIFY(!ask("GET", u"/api/v1/jobs"_s));
    }

    void revokingEndsSessionsAndTickets()
    {
        FakeClock clock;
        Access access(clock, options());
        const auto session = access.memoryTokens().exchange(access.makeOneTimeToken());
        const QByteArray ticket = access.memoryTokens().makeTicket(u"/a"_s, session->grant);
        const QSignalSpy revoked(&access, &Access::revoked);
        access.revoke(session->grant.tokenId);
        QVERIFY(!access.grantOf(session->token, QHostAddress::LocalHost));
        QVERIFY(!access.memoryTokens().findTicket(ticket, u"/a"_s));
        QCOMPARE(revoked.size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestAccess)
#include "tst_access.moc"
