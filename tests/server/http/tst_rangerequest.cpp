#include "server/http/httpdate.h"
#include "server/http/rangerequest.h"

#include <QTest>

using namespace server;
Q_DECLARE_METATYPE(server::RangeAnswer)

namespace {

constexpr qint64 Modified = 784111777; // Sun, 06 Nov 1994 08:49:37 GMT
const FileFacts File{.size = 1000, .modifiedAt = Modified, .etag = "\"v1\""};
const RangeAnswer Whole{200, 0, 1000};
const RangeAnswer Unsatisfiable{416, 0, 0};
const RangeAnswer NotModified{304, 0, 0};
const RangeAnswer Failed{412, 0, 0};

} // namespace

class TestRangeRequest : public QObject
{
    Q_OBJECT
private slots:
    void answers_data()
    {
        QTest::addColumn<QList<Header>>("headers");
        QTest::addColumn<RangeAnswer>("expected");
        const auto range = [](const char *value, const RangeAnswer &expected) {
            QTest::newRow(value) << QList<Header>{{"Range", value}} << expected;
        };
        range("bytes=0-0", {206, 0, 1});
        range("bytes=0-", {206, 0, 1000});
        range("bytes=10-19", {206, 10, 20});
        range("BYTES=10-19", {206, 10, 20});
        range("bytes=990-2000", {206, 990, 1000});
        range("bytes=-1", {206, 999, 1000});
        range("bytes=-2000", {206, 0, 1000});
        range("bytes=999-", {206, 999, 1000});
        range("bytes=1000-", Unsatisfiable);
        range("bytes=1000-1001", Unsatisfiable);
        range("bytes=-0", Unsatisfiable);
        range("bytes=20-10", Whole);
        range("bytes=a-b", Whole);
        range("bytes=-", Whole);
        range("bytes=", Whole);
        range("bytes=+1-2", Whole);
        range("bytes=1 -2", Whole);
        range("bytes=99999999999999999999-", Whole);
        range("bytes=0-1,5-6", Whole);
        range("lines=0-1", Whole);
        const Header part{"Range", "bytes=0-0"};
        const auto with = [&part](const char *name, const Header &condition,
                                  const RangeAnswer &expected) {
            QTest::newRow(name) << QList<Header>{part, condition} << expected;
        };
        with("If-Range, same tag", {"If-Range", "\"v1\""}, {206, 0, 1});
        with("If-Range, other tag", {"If-Range", "\"v2\""}, Whole);
        with("If-Range, weak tag", {"If-Range", "W/\"v1\""}, Whole);
        with("If-Range, same date", {"If-Range", "Sun, 06 Nov 1994 08:49:37 GMT"}, {206, 0, 1});
        with("If-Range, later date", {"If-Range", "Sun, 06 Nov 1994 08:49:38 GMT"}, Whole);
        with("If-Range, nonsense", {"If-Range", "yes"}, Whole);
        with("If-None-Match, same", {"If-None-Match", "\"v1\""}, NotModified);
        with("If-None-Match, weak", {"If-None-Match", "W/\"v1\""}, NotModified);
        with("If-None-Match, in a list", {"If-None-Match", "\"a\", \"v1\""}, NotModified);
        with("If-None-Match, any", {"If-None-Match", "*"}, NotModified);
        with("If-None-Match, other", {"If-None-Match", "\"v2\""}, {206, 0, 1});
        with("If-Match, same", {"If-Match", "\"v1\""}, {206, 0, 1});
        with("If-Match, weak", {"If-Match", "W/\"v1\""}, Failed);
        with("If-Match, other", {"If-Match", "\"v2\""}, Failed);
        with("If-Modified-Since, same", {"If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"},
             NotModified);
        with("If-Modified-Since, before", {"If-Modified-Since", "Sun, 06 Nov 1994 08:49:36 GMT"},
             {206, 0, 1});
        with("If-Modified-Since, nonsense", {"If-Modified-Since", "yesterday"}, {206, 0, 1});
        with("If-Unmodified-Since, same", {"If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"},
             {206, 0, 1});
        with("If-Unmodified-Since, before",
             {"If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:36 GMT"}, Failed);
    }
    void answers()
    {
        QFETCH(QList<Header>, headers);
        QTEST(answerRange({.method = "GET", .headers = headers}, File), "expected");
    }

    void aHeadHasNoRanges()
    {
        QCOMPARE(answerRange({.method = "HEAD", .headers = {{"Range", "bytes=0-0"}}}, File), Whole);
    }

    void anEmptyFileHasNoRange()
    {
        const FileFacts empty{.size = 0, .modifiedAt = Modified, .etag = "\"e\""};
        QCOMPARE(answerRange({.method = "GET", .headers = {{"Range", "bytes=0-"}}}, empty),
                 Unsatisfiable);
        QCOMPARE(answerRange({.method = "GET", .headers = {{"Range", "bytes=-5"}}}, empty),
                 Unsatisfiable);
    }

    void datesInThreeForms()
    {
        QCOMPARE(httpDate(Modified), QByteArray("Sun, 06 Nov 1994 08:49:37 GMT"));
        QCOMPARE(parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), Modified);
        QCOMPARE(parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT"), Modified);
        QCOMPARE(parseHttpDate("Sun Nov  6 08:49:37 1994"), Modified);
        QCOMPARE(parseHttpDate("Sun, 06 Nov 1994 08:49:37 CET"), std::nullopt);
        QCOMPARE(parseHttpDate(""), std::nullopt);
    }
};

QTEST_GUILESS_MAIN(TestRangeRequest)
#include "tst_rangerequest.moc"
