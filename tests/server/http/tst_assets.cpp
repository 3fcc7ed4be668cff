#include "core/base/clock.h"
#include "server/http/assets.h"
#include "server/http/gzip.h"
#include "server/http/httpserver.h"
#include "server/http/sessionroutes.h"
#include "tests/server/http/rawclient.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace server;
using namespace Qt::StringLiterals;
using tests::RawAnswer;
using tests::RawClient;

namespace {

/// A server of a small page and the routes that log it in.
class Page
{
public:
    Page()
    {
        write(u"index.html.gz"_s, gzip("<!doctype html>"));
        write(u"assets/app-1a2b.js.gz"_s, gzip("let a;"));
        write(u"broken.css.gz"_s, "not gzip");
        write(u"secret.txt"_s, "not packed, not served");
        m_count = *addAssetRoutes(m_router, m_folder.path());
        addSessionRoutes(m_router, access);
        if (!m_server.listen())
            qFatal("not listening");
    }
    [[nodiscard]] RawAnswer get(const QByteArray &path, const QByteArray &lines = {}) const
    {
        RawClient client(m_server.ports().first());
        return client.ask("GET " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + lines + "\r\n");
    }
    [[nodiscard]] RawAnswer
    post(const QByteArray &path, const QByteArray &body, const QByteArray &lines) const
    {
        RawClient client(m_server.ports().first());
        return client.ask("POST " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n" + lines
                          + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n"
                          + body);
    }
    [[nodiscard]] QByteArray host() const
    {
        return "127.0.0.1:" + QByteArray::number(m_server.ports().first());
    }
    [[nodiscard]] int count() const { return m_count; }

private:
    void write(const QString &name, const QByteArray &bytes)
    {
        QDir(m_folder.path()).mkpath(u"assets"_s);
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write an asset");
    }

    QTemporaryDir m_folder;
    core::SystemClock m_clock;
    Router m_router;

public:
    Access access{m_clock, {}};

private:
    HttpServer m_server{m_router, access, m_clock, {.listen = {u"127.0.0.1:0"_s}}};
    int m_count = 0;
};

constexpr const char *Json = "Content-Type: application/json\r\n";

} // namespace

class TestAssets : public QObject
{
    Q_OBJECT
private slots:
    void thePageIsServedWithItsPolicy()
    {
        const Page page;
        QCOMPARE(page.count(), 3);
        const RawAnswer answer = page.get("/", "Accept-Encoding: br, gzip;q=0.5\r\n");
        QCOMPARE(answer.status, 200);
        QCOMPARE(*gunzip(answer.body), QByteArray("<!doctype html>"));
        QCOMPARE(answer.headers.value("content-encoding"), QByteArray("gzip"));
        QCOMPARE(answer.headers.value("content-type"), QByteArray("text/html; charset=utf-8"));
        QCOMPARE(answer.headers.value("cache-control"), QByteArray("no-store"));
        const QByteArray policy = answer.headers.value("content-security-policy");
        QVERIFY(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"));
        QVERIFY(policy.contains("connect-src 'self' ws://" + page.host()));
        QVERIFY(policy.contains("frame-ancestors 'none'"));
        QCOMPARE(answer.headers.value("x-content-type-options"), QByteArray("nosniff"));
        QCOMPARE(answer.headers.value("referrer-policy"), QByteArray("no-referrer"));
        QCOMPARE(answer.headers.value("x-frame-options"), QByteArray("DENY"));
        QCOMPARE(answer.headers.value("cross-origin-resource-policy"), QByteArray("same-origin"));
        QCOMPARE(answer.headers.value("cross-origin-opener-policy"), QByteArray("same-origin"));
    }

    void clientsWithoutGzipGetIdentity()
    {
        const Page page;
        const RawAnswer answer = page.get("/assets/app-1a2b.js", "Accept-Encoding: identity\r\n");
        QCOMPARE(answer.body, QByteArray("let a;"));
        QVERIFY(!answer.headers.contains("content-encoding"));
        QCOMPARE(answer.headers.value("cache-control"),
                 QByteArray("public, max-age=31536000, immutable"));
        QCOMPARE(page.get("/assets/app-1a2b.js").body, QByteArray("let a;"));
        QCOMPARE(page.get("/broken.css").status, 500);
    }

    void onlyTheTableIsServed_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("status");
        const auto row = [](const char *path, int status) {
            QTest::newRow(path) << QByteArray(path) << status;
        };
        row("/secret.txt", 404);
        row("/index.html.gz", 404);
        row("/assets/", 404);
        row("/assets", 404);
        row("//index.html", 404);
        row("/assets/../index.html", 400);
        row("/assets/%2e%2e/index.html", 400);
        row("/../../etc/passwd", 400);
        row("/..%2f..%2fetc/passwd", 400);
        row("/healthz", 200);
    }
    void onlyTheTableIsServed()
    {
        QFETCH(QByteArray, path);
        const Page page;
        QTEST(page.get(path).status, "status");
    }

    void accepted_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<bool>("isAccepted");
        QTest::newRow("named") << QByteArray("gzip") << true;
        QTest::newRow("among others") << QByteArray("deflate, GZIP, br") << true;
        QTest::newRow("refused") << QByteArray("gzip;q=0, *") << false;
        QTest::newRow("refused after any") << QByteArray("*, gzip; q=0.0") << false;
        QTest::newRow("any") << QByteArray("*") << true;
        QTest::newRow("identity") << QByteArray("identity") << false;
        QTest::newRow("nothing") << QByteArray() << false;
    }
    void accepted()
    {
        QFETCH(QByteArray, header);
        QTEST(acceptsGzip(header), "isAccepted");
    }

    void aOneTimeTokenIsExchangedForASession()
    {
        Page page;
        const QByteArray once = page.access.makeOneTimeToken();
        const QByteArray body = "{\"token\":\"" + once + "\"}";
        QCOMPARE(page.post("/api/v1/session", body, "Content-Type: text/plain\r\n").status, 415);
        const RawAnswer answer = page.post("/api/v1/session", body, Json);
        QCOMPARE(answer.status, 200);
        const QJsonObject session = QJsonDocument::fromJson(answer.body).object();
        QCOMPARE(session[u"scopes"_s].toVariant().toStringList(),
                 QStringList({u"read"_s, u"control"_s, u"add"_s, u"report"_s, u"settings"_s}));
        QVERIFY(session[u"expiresAt"_s].toInteger() > 0);
        QVERIFY(page.access.grantOf(session[u"token"_s].toString().toLatin1(),
                                    QHostAddress::LocalHost));
        QCOMPARE(page.post("/api/v1/session", body, Json).status, 401);
        QCOMPARE(page.post("/api/v1/session", "{}", Json).status, 400);
        QCOMPARE(page.access.authFailures().value("token"), 1);
    }

    void aTicketIsMadeForWhoAsks()
    {
        Page page;
        const QByteArray bearer =
            Json + QByteArray("Authorization: Bearer ") + page.access.adminToken() + "\r\n";
        QCOMPARE(page.post("/api/v1/tickets", "{\"path\":\"/a\"}", Json).status, 401);
        QCOMPARE(page.post("/api/v1/tickets", "{\"path\":\"a\"}", bearer).status, 400);
        const RawAnswer answer = page.post("/api/v1/tickets", "{\"path\":\"/a\"}", bearer);
        QCOMPARE(answer.status, 200);
        const QByteArray ticket =
            QJsonDocument::fromJson(answer.body).object()[u"ticket"_s].toString().toLatin1();
        QVERIFY(page.access.memoryTokens().findTicket(ticket, u"/a"_s));
    }
};

QTEST_GUILESS_MAIN(TestAssets)
#include "tst_assets.moc"
