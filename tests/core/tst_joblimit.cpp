#include "core/joblimit.h"
#include "core/storedspecjson.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(core::JobSnapshot)

namespace {

AgreedFlash agreedFlash()
{
    return {.spec = {.image = u"/a.img"_s, .drives = {u"usb-a"_s}, .bytesPerSecond = 7},
            .drives = {{u"usb-a"_s, u"1"_s, 100, 7}},
            .image = {.source = u"/a.img"_s, .size = 5},
            .boot = u"b"_s,
            .isAgain = true};
}

JobSnapshot flashJob(const AgreedFlash &flash)
{
    return {.kind = JobKind::Flash, .source = u"/a.img"_s, .spec = encodeSpec(flash)};
}

DownloadSpec download()
{
    DownloadSpec spec;
    spec.url = QUrl(u"https://host/a.iso"_s);
    spec.to = u"/down"_s;
    return spec;
}

} // namespace

class TestJobLimit : public QObject
{
    Q_OBJECT
private slots:
    void flashKeepsAllButItsLimit_data()
    {
        QTest::addColumn<qint64>("limit");
        QTest::newRow("another") << qint64(2'000'000);
        QTest::newRow("none") << qint64(0);
    }
    void flashKeepsAllButItsLimit()
    {
        QFETCH(const qint64, limit);
        const auto wish = limitWish(flashJob(agreedFlash()), limit);
        QVERIFY(wish);
        QCOMPARE(wish->speedLimit, limit);
        QCOMPARE(wish->source, u"/a.img"_s);
        AgreedFlash expected = agreedFlash();
        expected.spec.bytesPerSecond = limit;
        QVERIFY(decodeAgreedFlash(wish->spec) == expected);
    }
    void downloadKeepsAllButItsLimit()
    {
        const auto wish = limitWish({.kind = JobKind::Download,
                                     .source = u"https://host/a.iso"_s,
                                     .spec = encodeSpec(download())},
                                    1000);
        QVERIFY(wish);
        DownloadSpec expected = download();
        expected.bytesPerSecond = 1000;
        QCOMPARE(wish->spec, encodeSpec(expected));
        QCOMPARE(wish->source, u"https://host/a.iso"_s);
        QCOMPARE(wish->speedLimit, 1000);
    }
    void refuses_data()
    {
        QTest::addColumn<JobSnapshot>("job");
        QTest::addColumn<qint64>("limit");
        QTest::addColumn<ErrorCode>("code");
        AgreedFlash question = agreedFlash();
        question.drives.clear();
        QTest::newRow("flash that awaits a yes")
            << flashJob(question) << qint64(1) << ErrorCode::InvalidState;
        QTest::newRow("comparison")
            << JobSnapshot{.kind = JobKind::Compare} << qint64(1) << ErrorCode::InvalidState;
        QTest::newRow("video") << JobSnapshot{.kind = JobKind::Media} << qint64(1)
                               << ErrorCode::InvalidState;
        QTest::newRow("flash, below nothing")
            << flashJob(agreedFlash()) << qint64(-1) << ErrorCode::InvalidArgument;
        QTest::newRow("download, below nothing")
            << JobSnapshot{.kind = JobKind::Download, .spec = encodeSpec(download())} << qint64(-1)
            << ErrorCode::InvalidArgument;
    }
    void refuses()
    {
        QFETCH(const JobSnapshot, job);
        QFETCH(const qint64, limit);
        const auto wish = limitWish(job, limit);
        QVERIFY(!wish);
        QTEST(wish.error().code, "code");
    }
};
QTEST_GUILESS_MAIN(TestJobLimit)
#include "tst_joblimit.moc"
