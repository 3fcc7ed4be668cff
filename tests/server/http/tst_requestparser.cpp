#include "server/http/requestparser.h"

#include <QTest>

using namespace server;
using namespace Qt::StringLiterals;

namespace {

/// What a parser makes of `wire`, given in pieces that end at `cuts`.
struct Reading {
    int error = 0;
    bool isDone = false;
    Request request;
    RequestHead head;
    QByteArray rest;
};

Reading readInPieces(const QByteArray &wire, const QList<qsizetype> &cuts, qint64 limit = 65536)
{
    RequestParser parser;
    QByteArray window;
    qsizetype given = 0;
    const auto give = [&](qsizetype end) {
        window += wire.sliced(given, end - given);
        given = end;
        if (!parser.isHeadDone() && parser.error() == 0) {
            parser.putHead(window);
            if (!parser.isHeadDone())
                return;
            window.remove(0, parser.headLength());
            parser.beginBody(limit);
        }
        while (parser.isHeadDone() && parser.error() == 0 && !parser.isDone()) {
            const qsizetype taken = parser.putBody(window);
            window.remove(0, taken);
            if (taken == 0)
                return;
        }
    };
    for (const qsizetype cut : cuts)
        give(cut);
    give(wire.size());
    Reading result{.error = parser.error(), .isDone = parser.isDone(), .head = parser.head()};
    result.rest = window;
    if (parser.isDone())
        result.request = parser.takeRequest();
    return result;
}

QByteArray withHost(const QByteArray &requestLine, const QByteArray &lines = {})
{
    return requestLine + "\r\nHost: a\r\n" + lines + "\r\n";
}

} // namespace

class TestRequestParser : public QObject
{
    Q_OBJECT
private:
    static void checkRefusal()
    {
        QFETCH(QByteArray, wire);
        QFETCH(int, status);
        QList<qsizetype> small;
        for (qsizetype cut = 0; cut < wire.size(); cut += 100)
            small.append(cut);
        QCOMPARE(readInPieces(wire, small).error, status);
        if (wire.size() < 32768) // a connection shows its parser no more at once
            QCOMPARE(readInPieces(wire, {}).error, status);
    }

private slots:
    void requestsSplitAtEveryByte_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("no body") << withHost("GET /a?b=c HTTP/1.1") << QByteArray();
        QTest::newRow("length") << withHost("POST /a?b=c HTTP/1.1", "Content-Length: 5\r\n")
                + "hello" << QByteArray("hello");
        QTest::newRow("chunks") << withHost("POST /a?b=c HTTP/1.1",
                                            "Transfer-Encoding: chunked\r\n")
                + "3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
                                << QByteArray("hello");
        QTest::newRow("no chunk") << withHost("POST /a?b=c HTTP/1.1",
                                              "Transfer-Encoding: chunked\r\n")
                + "0\r\n\r\n" << QByteArray();
        QTest::newRow("trailer") << withHost("POST /a?b=c HTTP/1.1",
                                             "Transfer-Encoding: chunked\r\n")
                + "5\r\nhello\r\n0\r\nHost: evil\r\nAuthorization: Bearer x\r\n\r\n"
                                 << QByteArray("hello");
    }
    void requestsSplitAtEveryByte()
    {
        QFETCH(QByteArray, wire);
        QFETCH(QByteArray, body);
        QList<qsizetype> every;
        for (qsizetype cut = 0; cut <= wire.size(); ++cut) {
            const Reading reading = readInPieces(wire, {cut});
            QVERIFY2(reading.isDone, qPrintable(QString::number(cut)));
            QCOMPARE(reading.request.body, body);
            QCOMPARE(reading.request.path, u"/a"_s);
            QCOMPARE(reading.request.query.queryItemValue(u"b"_s), u"c"_s);
            QCOMPARE(reading.request.header("host"), QByteArray("a"));
            QVERIFY(reading.request.header("Authorization").isNull());
            QCOMPARE(reading.rest, QByteArray());
            every.append(cut);
        }
        QVERIFY(readInPieces(wire, every).isDone);
    }

    void theNextRequestIsLeft()
    {
        const QByteArray next = withHost("GET /next HTTP/1.1");
        const QByteArray body = withHost("POST / HTTP/1.1", "Content-Length: 2\r\n") + "ab";
        QCOMPARE(readInPieces(body + next, {}).rest, next);
        QCOMPARE(readInPieces(withHost("GET / HTTP/1.1") + next, {}).rest, next);
        const QByteArray chunked = withHost("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n");
        QCOMPARE(readInPieces(chunked + "1\r\na\r\n0\r\n\r\n" + next, {}).rest, next);
    }

    void refusedHeads_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, const QByteArray &wire, int status) {
            QTest::newRow(name) << wire << status;
        };
        row("no host", "GET / HTTP/1.1\r\n\r\n", 400);
        row("two hosts", withHost("GET / HTTP/1.1", "Host: b\r\n"), 400);
        row("two equal hosts", withHost("GET / HTTP/1.1", "host: a\r\n"), 400);
        row("two origins", withHost("GET / HTTP/1.1", "Origin: http://a\r\nOrigin: http://b\r\n"),
            400);
        row("two tokens", withHost("GET / HTTP/1.1", "Authorization: a\r\nAuthorization: b\r\n"),
            400);
        row("folded line", withHost("GET / HTTP/1.1", "A: b\r\n c\r\n"), 400);
        row("folded by a tab", withHost("GET / HTTP/1.1", "A: b\r\n\tc\r\n"), 400);
        row("first line folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400);
        row("target without slash", withHost("GET a HTTP/1.1"), 400);
        row("target asterisk", withHost("OPTIONS * HTTP/1.1"), 400);
        row("target absolute", withHost("GET http://a/ HTTP/1.1"), 400);
        row("target with fragment", withHost("GET /a#b HTTP/1.1"), 400);
        row("target 8-bit", withHost("GET /\xc3\xa4 HTTP/1.1"), 400);
        row("target with a bad escape", withHost("GET /%4 HTTP/1.1"), 400);
        row("target with NUL", withHost("GET /a%00b HTTP/1.1"), 400);
        row("target with CR LF", withHost("GET /a%0d%0ab HTTP/1.1"), 400);
        row("target not UTF-8", withHost("GET /%ff HTTP/1.1"), 400);
        row("target climbing", withHost("GET /a/../b HTTP/1.1"), 400);
        row("target climbing, escaped", withHost("GET /a/%2e%2e/b HTTP/1.1"), 400);
        row("method unknown", withHost("FROB / HTTP/1.1"), 501);
        row("method CONNECT", withHost("CONNECT / HTTP/1.1"), 501);
        row("method TRACE", withHost("TRACE / HTTP/1.1"), 501);
        row("method in lower case", withHost("get / HTTP/1.1"), 501);
        row("bare LF", "GET / HTTP/1.1\nHost: a\n\n", 505);
        row("bare CR", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", 400);
        row("NUL in a value", withHost("GET / HTTP/1.1", QByteArray("A: b\0c\r\n", 8)), 400);
        row("space before colon", withHost("GET / HTTP/1.1", "A : b\r\n"), 400);
        row("HTTP/0.9", "GET /\r\n\r\n", 400);
        row("HTTP/1.2", withHost("GET / HTTP/1.2"), 505);
        row("HTTP/2.0", withHost("GET / HTTP/2.0"), 505);
        row("expects something", withHost("POST / HTTP/1.1", "Expect: more\r\n"), 417);
        row("65 lines", withHost("GET / HTTP/1.1", QByteArray("A: b\r\n").repeated(64)), 431);
        row("one header of 16 KiB",
            withHost("GET / HTTP/1.1", "A: " + QByteArray(16384, 'x') + "\r\n"), 431);
        row("16 KiB of small ones",
            withHost("GET / HTTP/1.1", ("A: " + QByteArray(400, 'x') + "\r\n").repeated(50)), 431);
    }
    void refusedHeads() { checkRefusal(); }

    void refusedBodies_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, const QByteArray &wire, int status) {
            QTest::newRow(name) << wire << status;
        };
        const auto post = [](const QByteArray &lines) {
            return withHost("POST / HTTP/1.1", lines) + "0\r\n\r\n";
        };
        row("coding gzip", post("Transfer-Encoding: gzip\r\n"), 501);
        row("coding chunked, gzip", post("Transfer-Encoding: chunked, gzip\r\n"), 501);
        row("coding gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n"), 501);
        row("coding twice", post("Transfer-Encoding: chunked, chunked\r\n"), 501);
        row("two coding lines",
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400);
        row("identity coding", post("Transfer-Encoding: identity\r\n"), 501);
        row("empty coding", post("Transfer-Encoding:\r\n"), 501);
        row("coding in 1.0", withHost("POST / HTTP/1.0", "Transfer-Encoding: chunked\r\n"), 400);
        row("length and coding", post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400);
        row("coding and length", post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), 400);
        row("gzip coding and length", post("Transfer-Encoding: gzip\r\nContent-Length: 3\r\n"),
            400);
        row("length twice, equal", post("Content-Length: 3\r\nContent-Length: 3\r\n"), 400);
        row("length twice, unequal", post("Content-Length: 3\r\nContent-Length: 4\r\n"), 400);
        row("length list", post("Content-Length: 3, 3\r\n"), 400);
        row("length signed", post("Content-Length: +3\r\n"), 400);
        row("length negative", post("Content-Length: -3\r\n"), 400);
        row("length hexadecimal", post("Content-Length: 0x3\r\n"), 400);
        row("length empty", post("Content-Length:\r\n"), 400);
        row("length over 2^64", post("Content-Length: 99999999999999999999999\r\n"), 400);
        row("length far too large", post("Content-Length: 999999999999999999\r\n"), 413);
        row("length too large", post("Content-Length: 65537\r\n"), 413);
        const QByteArray chunked = withHost("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n");
        row("chunk of 2^64", chunked + "10000000000000000\r\na", 400);
        row("chunk without size", chunked + "\r\na\r\n", 400);
        row("chunk longer than said", chunked + "1\r\nabcdefgh\r\n0\r\n\r\n", 400);
        row("chunks over the limit", chunked + "10001\r\n" + QByteArray(65537, 'a'), 413);
        row("endless chunk extension", chunked + "1;" + QByteArray(5000, 'x'), 400);
        row("trailer of 70 KB", chunked + "0\r\nA: " + QByteArray(70000, 'x') + "\r\n\r\n", 400);
        row("many trailers", chunked + "0\r\n" + QByteArray("A: b\r\n").repeated(2000), 400);
    }
    void refusedBodies() { checkRefusal(); }

    void accepted_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<bool>("isKeptAlive");
        QTest::newRow("1.1") << withHost("GET / HTTP/1.1") << true;
        QTest::newRow("1.1 close")
            << withHost("GET / HTTP/1.1", "Connection: x, Close\r\n") << false;
        QTest::newRow("1.0") << QByteArray("GET / HTTP/1.0\r\n\r\n") << false;
        QTest::newRow("1.0 keep-alive")
            << QByteArray("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") << true;
        QTest::newRow("64 lines") << withHost("GET / HTTP/1.1", QByteArray("A: b\r\n").repeated(63))
                                  << true;
        QTest::newRow("empty length")
            << withHost("POST / HTTP/1.1", "Content-Length: 0\r\n") << true;
        QTest::newRow("another upgrade")
            << withHost("GET / HTTP/1.1", "Connection: Upgrade\r\nUpgrade: h2c\r\n") << true;
        QTest::newRow("escaped") << withHost("GET /%C3%A4/%20?q=%00 HTTP/1.1") << true;
    }
    void accepted()
    {
        QFETCH(QByteArray, wire);
        QFETCH(bool, isKeptAlive);
        const Reading reading = readInPieces(wire, {});
        QCOMPARE(reading.error, 0);
        QVERIFY(reading.isDone);
        QCOMPARE(reading.head.isKeptAlive, isKeptAlive);
        QVERIFY(!reading.head.isUpgrade);
    }

    void aHeadOfExactlySixteenKibibytesPasses()
    {
        const QByteArray frame = withHost("GET / HTTP/1.1", "A: \r\n");
        const QByteArray wire =
            withHost("GET / HTTP/1.1", "A: " + QByteArray(HeadLimit - frame.size(), 'x') + "\r\n");
        QCOMPARE(wire.size(), HeadLimit);
        QVERIFY(readInPieces(wire, {}).isDone);
    }

    void aParserIsUsedAgain()
    {
        RequestParser parser;
        parser.putHead("BAD\r\n\r\n");
        QVERIFY(parser.error() != 0);
        parser.reset();
        QCOMPARE(parser.error(), 0);
        parser.putHead(withHost("GET / HTTP/1.1"));
        QVERIFY(parser.isDone());
    }
};

QTEST_GUILESS_MAIN(TestRequestParser)
#include "tst_requestparser.moc"
