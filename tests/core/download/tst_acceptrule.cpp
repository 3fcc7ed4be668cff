#include "core/download/acceptrule.h"
#include "core/download/journal.h"
#include "core/download/redirects.h"
#include "core/download/retrypolicy.h"

#include <QTest>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
Q_DECLARE_METATYPE(core::Verdict)
Q_DECLARE_METATYPE(core::Sameness)

namespace {

using Lines = QList<QPair<QByteArray, QByteArray>>;
const QDateTime Now({2022, 11, 20}, {12, 0}, Qt::UTC);
const AskedRange Middle{{100, 200}, false, true};
const RemoteIdentity Known{1000, "\"v1\"", "Tue, 15 Nov 2022 08:12:31 GMT"};

Lines rightLines()
{
    return {{"Content-Range", "bytes 100-199/1000"},
            {"Content-Length", "100"},
            {"ETag", "\"v1\""},
            {"Last-Modified", Known.lastModified}};
}

Lines with(const QByteArray &name, const QByteArray &value)
{
    Lines lines = rightLines();
    lines.removeIf([&name](const auto &line) { return line.first == name; });
    if (!value.isNull())
        lines.append({name, value});
    return lines;
}

} // namespace

class TestAcceptRule : public QObject
{
    Q_OBJECT
private slots:
    void contentRangeIsReadStrictly_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("isGood");
        QTest::newRow("plain") << QByteArray("bytes 0-99/100") << true;
        QTest::newRow("unknown total") << QByteArray("bytes 0-99/*") << true;
        QTest::newRow("unsatisfied") << QByteArray("bytes */100") << true;
        QTest::newRow("unit in capitals") << QByteArray("BYTES 0-99/100") << true;
        for (const char *bad :
             {"", "bytes", "bytes ", "bytes 0-99", "0-99/100", "bytes 99-0/100", "bytes 0-100/100",
              "bytes -99/100", "bytes 0-/100", "bytes */*", "bytes=0-99/100", "items 0-99/100",
              "bytes 0x0-99/100", "bytes 0-99/100 x", "bytes 0-99/-1", "bytes 0-99,200-299/1000",
              "bytes 0-99999999999999999999/100000000000000000000", "bytes +0-99/100"})
            QTest::newRow(bad) << QByteArray(bad) << false;
    }
    void contentRangeIsReadStrictly()
    {
        QFETCH(QByteArray, value);
        QTEST(parseContentRange(value).has_value(), "isGood");
    }

    void aDateIsAValidatorOnlyWhenItIsStrong_data()
    {
        QTest::addColumn<Lines>("lines");
        QTest::addColumn<QByteArray>("ifRange");
        const QByteArray modified = "Sun, 20 Nov 2022 11:59:30 GMT"; // 30 s before Now
        const auto row = [&](const char *name, const Lines &more, const QByteArray &ifRange) {
            QTest::newRow(name) << (Lines{{"Last-Modified", modified}} + more) << ifRange;
        };
        row("sent when the file was a minute old", {{"Date", "Sun, 20 Nov 2022 12:00:30 GMT"}},
            modified);
        row("sent when the file was younger", {{"Date", "Sun, 20 Nov 2022 12:00:29 GMT"}}, {});
        row("no Date: the time of receipt counts", {}, {});
        row("a strong ETag needs no date", {{"ETag", "\"v1\""}}, "\"v1\"");
    }
    void aDateIsAValidatorOnlyWhenItIsStrong()
    {
        QFETCH(Lines, lines);
        const RemoteIdentity identity = readResponseHead(200, lines, Now).identity();
        QTEST(identity.ifRange(), "ifRange");
        QCOMPARE(identity.hasValidator(), !identity.ifRange().isEmpty());
        QCOMPARE(identity.lastModified, lines.constFirst().second);
        const JournalRecord record{u"hub/1"_s, QUrl(u"http://host/file"_s), identity};
        QCOMPARE(decodeJournal(encodeJournal(record)), Result<JournalRecord>(record));
    }

    void onlyTheAskedBytesAreWritten_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<Lines>("lines");
        QTest::addColumn<Verdict>("verdict");
        const auto row = [](const char *name, int status, const Lines &lines, Verdict verdict) {
            QTest::newRow(name) << status << lines << verdict;
        };
        const auto range = [](const QByteArray &value) { return with("Content-Range", value); };
        row("exactly as asked", 206, rightLines(), Verdict::Write);
        row("without a length", 206, with("Content-Length", {}), Verdict::Write);
        row("fewer bytes than asked", 206,
            {{"Content-Range", "bytes 100-149/1000"}, {"ETag", "\"v1\""}}, Verdict::Write);
        row("starts a byte later", 206, range("bytes 101-199/1000"), Verdict::Violation);
        row("starts a byte earlier", 206, range("bytes 99-199/1000"), Verdict::Violation);
        row("fifty bytes too many", 206, range("bytes 100-249/1000"), Verdict::Violation);
        row("length and range disagree", 206, with("Content-Length", "99"), Verdict::Violation);
        row("another total", 206, range("bytes 100-199/1001"), Verdict::Changed);
        row("no total", 206, range("bytes 100-199/*"), Verdict::Violation);
        row("no Content-Range", 206, range({}), Verdict::Violation);
        row("gzip", 206, with("Content-Encoding", "gzip"), Verdict::Violation);
        row("aws-chunked", 206, with("Content-Encoding", "aws-chunked"), Verdict::Violation);
        row("identity said aloud", 206, with("Content-Encoding", "identity"), Verdict::Write);
        row("another strong ETag, the same date (a node of a CDN)", 206, with("ETag", "\"v2\""),
            Verdict::Unproven);
        row("another strong ETag and another date", 206,
            {{"Content-Range", "bytes 100-199/1000"},
             {"ETag", "\"v2\""},
             {"Last-Modified", "Wed, 16 Nov 2022 08:12:31 GMT"}},
            Verdict::Changed);
        row("another strong ETag and no date", 206,
            {{"Content-Range", "bytes 100-199/1000"}, {"ETag", "\"v2\""}}, Verdict::Changed);
        row("the ETag became weak", 206, with("ETag", "W/\"v1\""), Verdict::Unproven);
        row("no ETag any more", 206, with("ETag", {}), Verdict::Unproven);
        row("no ETag any more and another date", 206,
            {{"Content-Range", "bytes 100-199/1000"},
             {"Last-Modified", "Wed, 16 Nov 2022 08:12:31 GMT"}},
            Verdict::Changed);
        row("same ETag, another date (a node of a CDN)", 206,
            with("Last-Modified", "Wed, 16 Nov 2022 08:12:31 GMT"), Verdict::Write);
        row("whole file, the same", 200, {{"Content-Length", "1000"}, {"ETag", "\"v1\""}},
            Verdict::WholeFile);
        row("whole, but nothing says that it is the file (a captive portal)", 200, {},
            Verdict::Changed);
        row("whole, of the same length", 200, {{"Content-Length", "1000"}}, Verdict::WholeFile);
        row("whole file, another", 200, {{"Content-Length", "1000"}, {"ETag", "\"v2\""}},
            Verdict::Changed);
        row("416, shorter", 416, {{"Content-Range", "bytes */50"}}, Verdict::Changed);
        row("416, same size", 416, {{"Content-Range", "bytes */1000"}}, Verdict::Violation);
        row("304", 304, {}, Verdict::Refused);
        row("404", 404, {}, Verdict::Refused);
    }
    void onlyTheAskedBytesAreWritten()
    {
        QFETCH(int, status);
        QFETCH(Lines, lines);
        QTEST(judge(Middle, &Known, readResponseHead(status, lines, Now)), "verdict");
    }

    void anotherHostContradictsNothing()
    {
        ResponseHead head = readResponseHead(206, with("ETag", "\"v2\""), Now);
        head.lastModified = "Wed, 16 Nov 2022 08:12:31 GMT";
        head.url = QUrl(u"http://node7.example/file"_s);
        QCOMPARE(head.identity().host, u"node7.example"_s);
        QCOMPARE(judge(Middle, &Known, head), Verdict::Changed); // neither agrees
        head.etag.clear();
        QCOMPARE(judge(Middle, &Known, head), Verdict::Unproven);
        head.contentRange->total = 1001;
        QCOMPARE(judge(Middle, &Known, head), Verdict::Changed);
    }

    void aDateThatImagesGiveToEveryFileProvesNothing()
    {
        RemoteIdentity known{1000, "\"v1\"", "Tue, 01 Jan 1980 00:00:00 GMT"};
        RemoteIdentity other{1000, "\"v2\"", known.lastModified};
        QCOMPARE(known.compare(other), Sameness::Different);
        known.lastModified = other.lastModified = Known.lastModified;
        QCOMPARE(known.compare(other), Sameness::Unproven);
    }

    void theAnswerToIfRangeWithADateNeedNotRepeatIt()
    {
        const RemoteIdentity dated{1000, {}, Known.lastModified};
        const ResponseHead head =
            readResponseHead(206, {{"Content-Range", "bytes 100-199/1000"}}, Now);
        AskedRange asked = Middle;
        QCOMPARE(judge(asked, &dated, head), Verdict::Unproven);
        asked.isConditional = true;
        QCOMPARE(judge(asked, &dated, head), Verdict::Write);
        QCOMPARE(judge(asked, &Known, head), Verdict::Unproven); // the ETag would have to be there
    }

    void firstAnswerSetsTheIdentity()
    {
        const AskedRange all{{0, 1 << 30}, true, true};
        const Lines lines{{"content-range", "bytes 0-999/1000"}, {"etag", "W/\"v1\""}};
        const ResponseHead head = readResponseHead(206, lines, Now);
        QCOMPARE(judge(all, nullptr, head), Verdict::Write);
        QCOMPARE(head.identity(), (RemoteIdentity{1000, {}, {}}));
        QVERIFY(!head.identity().hasValidator());
        const ResponseHead empty = readResponseHead(416, {{"Content-Range", "bytes */0"}}, Now);
        QCOMPARE(judge(all, nullptr, empty), Verdict::Empty);
    }

    void packedFilesMayComeAsGzip()
    {
        ResponseHead head = readResponseHead(200, {{"Content-Encoding", "x-gzip"}}, Now);
        const AskedRange all{{0, 1 << 30}, true, false};
        head.url = QUrl(u"http://h/a.tar.gz"_s);
        QCOMPARE(judge(all, nullptr, head), Verdict::WholeFile);
        head.url = QUrl(u"http://h/a.tar"_s);
        QCOMPARE(judge(all, nullptr, head), Verdict::Violation);
    }

    void datesAreReadInAllThreeForms()
    {
        const QDateTime time({1994, 11, 6}, {8, 49, 37}, Qt::UTC);
        QCOMPARE(parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), time);
        QCOMPARE(parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT"), time);
        QCOMPARE(parseHttpDate("Sun Nov  6 08:49:37 1994"), time);
        QVERIFY(!parseHttpDate("yesterday").isValid());
    }

    void retryAfterIsReadBothWays()
    {
        const auto after = [](const QByteArray &value) {
            return readResponseHead(503, {{"Retry-After", value}}, Now).retryAfter;
        };
        QCOMPARE(after("3"), 3000ms);
        QCOMPARE(after("Sun, 20 Nov 2022 12:00:05 GMT"), 5000ms);
        QCOMPARE(after("Sun, 20 Nov 2022 11:00:00 GMT"), 0ms);
        QCOMPARE(after("soon"), 0ms);
    }

    void retryAfterGoesByTheServersClock()
    {
        const auto after = [](const QDateTime &now) {
            return readResponseHead(503,
                                    {{"Retry-After", "Sun, 20 Nov 2022 12:00:05 GMT"},
                                     {"Date", "Sun, 20 Nov 2022 12:00:00 GMT"}},
                                    now)
                .retryAfter;
        };
        QCOMPARE(after(Now.addSecs(-7 * 3600)), 5000ms);
        QCOMPARE(after(Now.addSecs(7 * 3600)), 5000ms);
    }

    void waitsGrowAndAreJittered()
    {
        const RetryPolicy policy;
        QCOMPARE(policy.delay(1, 0ms, 0.5), 200ms);
        QCOMPARE(policy.delay(4, 0ms, 0.5), 1600ms);
        QCOMPARE(policy.delay(60, 0ms, 0.5), 15'000ms);
        QCOMPARE(policy.delay(3, 0ms, 0.0), 0ms);
        QCOMPARE(policy.delay(1, 9s, 0.9), 9000ms);
        for (const int status : {408, 425, 429, 500, 502, 503, 504, 520, 530})
            QVERIFY(isTransientStatus(status));
        for (const int status : {400, 401, 403, 404, 410, 501, 505, 600})
            QVERIFY(!isTransientStatus(status));
    }

    void downgradeWithCredentialsIsRefused()
    {
        const HeaderLine secret{u"Authorization"_s, u"x"_s};
        const HeaderLine harmless{u"Accept-Language"_s, u"de"_s};
        RedirectTrail bare{QUrl(u"https://h/a"_s), {harmless}};
        QVERIFY(bare.follow("http://h/b"));
        QCOMPARE(bare.headers, QList{harmless});
        RedirectTrail trusted{QUrl(u"https://h/a"_s), {secret}};
        QCOMPARE(trusted.follow("http://h/b").error().code, ErrorCode::ProtocolViolation);
        RedirectTrail within{QUrl(u"https://h/a"_s), {secret}};
        QVERIFY(within.follow("b?x"));
        QCOMPARE(within.headers, QList{secret});
        QCOMPARE(within.url, QUrl(u"https://h/b?x"_s));
        RedirectTrail elsewhere{QUrl(u"https://h/a"_s), {secret, harmless}};
        QVERIFY(elsewhere.follow("https://h:8443/a"));
        QCOMPARE(elsewhere.headers, QList{harmless});
        QVERIFY(!elsewhere.follow(""));
    }
};

QTEST_GUILESS_MAIN(TestAcceptRule)
#include "tst_acceptrule.moc"
