#include "tests/core/download/downloadbench.h"
#include "tests/core/download/faults.h"

#include <QCryptographicHash>
#include <QRegularExpression>

#include <atomic>

using namespace core;
using namespace tests;

namespace {

constexpr qsizetype FileBytes = 9 << 20; // enough for four at once

enum class Scheme { Basic, Digest };

QByteArray md5(const QByteArray &text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Md5).toHex();
}

QByteArray field(const QByteArray &header, const QString &name)
{
    const QRegularExpression pattern(u"\\b%1=\"?([^\",]*)"_s.arg(name));
    return pattern.match(QString::fromUtf8(header)).captured(1).toUtf8();
}

/// RFC 7616 §3.4.1 with MD5 and qop=auth.
bool isRightDigest(const HttpRequest &request, const QByteArray &user, const QByteArray &password)
{
    const QByteArray header = request.header("Authorization");
    const QByteArray a1 = md5(user + ":r:" + password);
    const QByteArray a2 = md5(request.method + ':' + field(header, u"uri"_s));
    const QByteArray expected =
        md5(a1 + ':' + field(header, u"nonce"_s) + ':' + field(header, u"nc"_s) + ':'
            + field(header, u"cnonce"_s) + ":auth:" + a2);
    return header.startsWith("Digest ") && field(header, u"response"_s) == expected
        && field(header, u"uri"_s) == request.path && field(header, u"username"_s) == user;
}

bool isRight(Scheme scheme,
             const HttpRequest &request,
             const QString &user,
             const QString &password)
{
    if (scheme == Scheme::Digest)
        return isRightDigest(request, user.toUtf8(), password.toUtf8());
    const QByteArray pair = (user + u':' + password).toUtf8();
    return request.header("Authorization") == "Basic " + pair.toBase64();
}

HttpReply challenge(Scheme scheme)
{
    HttpReply reply = refusedWith(401);
    return reply.set("WWW-Authenticate",
                     scheme == Scheme::Basic
                         ? QByteArray("Basic realm=\"r\", charset=\"UTF-8\"")
                         : QByteArray("Digest realm=\"r\", nonce=\"n0nce\", qop=\"auth\""));
}

bool isChallengedOncePerConnection(const FakeHttpServer &server)
{
    QSet<quint16> challenged;
    for (const HttpRequest &request : server.requests()) {
        const bool isChallenged = request.header("Authorization").isEmpty();
        if (isChallenged && challenged.contains(request.clientPort))
            return false;
        if (isChallenged)
            challenged.insert(request.clientPort);
    }
    return true;
}

HttpReply redirectTo(const QUrl &url)
{
    HttpReply reply;
    reply.status = 302;
    return reply.set("Location", url.toEncoded());
}

} // namespace

/// User names and passwords on the wire.
class TestLogins : public QObject
{
    Q_OBJECT
private slots:
    void serverGetsTheLoginOnManyConnections_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("password");
        QTest::newRow("basic") << int(Scheme::Basic) << u"ann"_s << u"pass word"_s;
        QTest::newRow("basic, letters that URLs escape")
            << int(Scheme::Basic) << u"ann@h/t"_s << u"p:%40@/#?"_s;
        QTest::newRow("basic, no password") << int(Scheme::Basic) << u"ann"_s << QString();
        QTest::newRow("digest") << int(Scheme::Digest) << u"ann"_s << u"pass:word%20"_s;
    }
    void serverGetsTheLoginOnManyConnections()
    {
        QFETCH(int, scheme);
        QFETCH(QString, user);
        QFETCH(QString, password);
        const HttpFile file{sampleBytes(FileBytes)};
        const FakeHttpServer server([&](const HttpRequest &request) {
            if (!isRight(Scheme(scheme), request, user, password))
                return challenge(Scheme(scheme));
            return slowly(request, file.answer(request));
        });
        DownloadBench bench(server.url());
        bench.spec.connections = 4;
        bench.spec.request.user = user;
        bench.spec.request.password = password;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        QVERIFY2(isChallengedOncePerConnection(server), "a connection was challenged twice");
    }

    void digestWhoseNonceExpiresIsMadeAgain()
    {
        const HttpFile file{sampleBytes(FileBytes)};
        std::atomic<int> answered{0};
        const FakeHttpServer server([&](const HttpRequest &request) {
            const QByteArray nonce = "n" + QByteArray::number(answered / 2);
            const bool isFresh = field(request.header("Authorization"), u"nonce"_s) == nonce;
            if (isFresh && isRightDigest(request, "ann", "pw")) {
                ++answered;
                return slowly(request, file.answer(request));
            }
            const QByteArray stale = isFresh ? "" : ", stale=true";
            return refusedWith(401).set("WWW-Authenticate",
                                        "Digest realm=\"r\", nonce=\"" + nonce + "\", qop=\"auth\""
                                            + stale);
        });
        DownloadBench bench(server.url());
        bench.spec.connections = 4;
        bench.spec.request.user = u"ann"_s;
        bench.spec.request.password = u"pw"_s;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QVERIFY(readAll(bench.path(u"file.bin"_s)) == file.content);
        QVERIFY(answered > 2);
    }

    void wrongPasswordIsTriedOnceAndNotShown_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::newRow("basic") << int(Scheme::Basic);
        QTest::newRow("digest") << int(Scheme::Digest);
    }
    void wrongPasswordIsTriedOnceAndNotShown()
    {
        QFETCH(int, scheme);
        const FakeHttpServer server([&](const HttpRequest &) { return challenge(Scheme(scheme)); });
        DownloadBench bench(server.url());
        bench.spec.request.user = u"ann"_s;
        bench.spec.request.password = u"secret"_s;
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code),
                 errorCodeName(ErrorCode::AuthenticationRequired));
        QVERIFY2(result.error().context.contains(u"password"_s),
                 qPrintable(result.error().context));
        QVERIFY(!result.error().context.contains(u"secret"_s));
        QCOMPARE(server.requests().size(), 2);
        QVERIFY(!server.requests().first().path.contains("secret"));
    }

    void loginStaysWithItsOriginOnRedirects()
    {
        const FakeHttpServer other([](const HttpRequest &request) {
            return request.header("Authorization").isEmpty() ? challenge(Scheme::Basic)
                                                             : wholeFile({"other"});
        });
        const FakeHttpServer server([&](const HttpRequest &request) {
            if (!isRight(Scheme::Basic, request, u"ann"_s, u"pw"_s))
                return challenge(Scheme::Basic);
            return redirectTo(other.url());
        });
        DownloadBench bench(server.url());
        bench.spec.request.user = u"ann"_s;
        bench.spec.request.password = u"pw"_s;
        const auto result = bench.run();
        QVERIFY(!result);
        QCOMPARE(errorCodeName(result.error().code),
                 errorCodeName(ErrorCode::AuthenticationRequired));
        QVERIFY(!other.requests().isEmpty());
        for (const HttpRequest &request : other.requests())
            QVERIFY(request.header("Authorization").isEmpty());
    }

    void redirectWithinTheOriginKeepsTheLogin_data()
    {
        QTest::addColumn<bool>("isAbsolute");
        QTest::newRow("relative") << false;
        QTest::newRow("absolute") << true;
    }
    void redirectWithinTheOriginKeepsTheLogin()
    {
        QFETCH(bool, isAbsolute);
        FakeHttpServer server([](const HttpRequest &) { return HttpReply(); });
        const QUrl target = isAbsolute ? server.url(u"/inner.bin"_s) : QUrl(u"/inner.bin"_s);
        server.setScript([&](const HttpRequest &request) {
            if (!isRight(Scheme::Basic, request, u"ann"_s, u"p%@"_s))
                return challenge(Scheme::Basic);
            return request.path == "/inner.bin" ? wholeFile({"inner"}) : redirectTo(target);
        });
        DownloadBench bench(server.url());
        bench.spec.request.user = u"ann"_s;
        bench.spec.request.password = u"p%@"_s;
        const auto result = bench.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        QCOMPARE(readAll(bench.path(u"inner.bin"_s)), "inner");
    }

    void netrcGivesTheLogin()
    {
        const FakeHttpServer server([](const HttpRequest &request) {
            return isRight(Scheme::Basic, request, u"ann"_s, u"pw"_s) ? wholeFile({"secret"})
                                                                      : challenge(Scheme::Basic);
        });
        const auto networks = std::make_shared<NetworkPool>();
        DownloadBench first(server.url());
        first.place.networks = networks;
        first.spec.request.netrc = first.path(u"netrc"_s);
        QFile file(first.spec.request.netrc);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::Permissions(0x6600)));
        file.write("machine 127.0.0.1 login ann password pw");
        file.close();
        const auto result = first.run();
        QVERIFY2(result == Outcome::Completed, describe(result));
        DownloadBench second(server.url());
        second.place.networks = networks;
        QCOMPARE(errorCodeName(second.run().error().code),
                 errorCodeName(ErrorCode::AuthenticationRequired));
    }
};

QTEST_GUILESS_MAIN(TestLogins)
#include "tst_logins.moc"
