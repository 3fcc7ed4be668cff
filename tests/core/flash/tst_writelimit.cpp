#include "core/base/units.h"
#include "core/flash/writelimits.h"
#include "tests/core/flash/flashbench.h"

#include <QTest>

#include <thread>

using namespace core;
using namespace tests;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 Crawl = 1000; // bytes per second: a MiB takes a quarter of an hour

} // namespace

/// What would wait where it must not waits longer than any test may run.
class TestWriteLimit : public QObject
{
    Q_OBJECT
private slots:
    void noLimitHoldsNobodyBack_data()
    {
        QTest::addColumn<std::shared_ptr<WriteLimit>>("limit");
        QTest::newRow("none") << std::shared_ptr<WriteLimit>();
        QTest::newRow("of nothing") << std::make_shared<WriteLimit>(0);
    }
    void noLimitHoldsNobodyBack()
    {
        QFETCH(const std::shared_ptr<WriteLimit>, limit);
        WriteLimit::Pace pace(limit);
        for (int i = 0; i < 1000; ++i)
            QVERIFY(pace.waitFor(1_GiB, {}));
        QVERIFY(!pace.isHeldBack());
    }
    void whatWasWrittenIsWaitedFor()
    {
        WriteLimit::Pace pace(std::make_shared<WriteLimit>(100_MiB));
        QVERIFY(pace.waitFor(1_MiB, {}));
        QVERIFY(pace.waitFor(1_MiB, {}));
        QVERIFY(pace.isHeldBack());
    }
    void stopEndsTheWait()
    {
        WriteLimit::Pace pace(std::make_shared<WriteLimit>(Crawl));
        QVERIFY(pace.waitFor(1_MiB, {}));
        std::stop_source stop;
        std::jthread stopper([&stop] { stop.request_stop(); });
        QVERIFY(!pace.waitFor(1_MiB, stop.get_token()));
    }
    void anotherLimitHoldsAtOnce_data()
    {
        QTest::addColumn<qint64>("limit");
        QTest::newRow("none") << qint64(0);
        QTest::newRow("a higher one") << 1_GiB;
    }
    void anotherLimitHoldsAtOnce()
    {
        QFETCH(const qint64, limit);
        WriteLimits limits;
        const auto own = limits.join(JobId{7}, Crawl);
        WriteLimit::Pace pace(own);
        QVERIFY(pace.waitFor(1_MiB, {}));
        std::jthread other([&] {
            limits.setJob(JobId{8}, limit); // nobody's
            limits.setJob(JobId{7}, limit);
        });
        QVERIFY(pace.waitFor(1_MiB, {}));
    }
    void limitOfAJobThatEndedIsForgotten()
    {
        WriteLimits limits;
        auto first = limits.join(JobId{7}, Crawl);
        first.reset();
        limits.setJob(JobId{7}, 1);
        WriteLimit::Pace again(limits.join(JobId{7}, 0));
        QVERIFY(again.waitFor(1_MiB, {}));
        QVERIFY(again.waitFor(1_MiB, {}));
    }

    void limitedFlashStopsAndGoesOn_data()
    {
        QTest::addColumn<bool>("isLifted");
        QTest::newRow("stopped while it waits") << false;
        QTest::newRow("lifted while it waits") << true;
    }
    void limitedFlashStopsAndGoesOn()
    {
        QFETCH(const bool, isLifted);
        const QByteArray image = bootableImage(5_MiB);
        FailingBlockDevice drive(8_MiB);
        drive.setWriteDepth(4);
        std::stop_source stop;
        FlashRun run{opens(image)};
        run.options.limit = std::make_shared<WriteLimit>(Crawl);
        drive.setOnWrite([&](const FailingBlockDevice &device) {
            if (device.content().mid(1_MiB, 1_MiB) != image.mid(1_MiB, 1_MiB))
                return;
            isLifted ? run.options.limit->set(0) : (void)stop.request_stop();
        });
        const auto outcome = run.to(drive, stop.get_token());
        QVERIFY(outcome);
        QCOMPARE(*outcome, isLifted ? Outcome::Completed : Outcome::Stopped);
        QVERIFY(isLifted ? isComplete(drive.content(), image, 512) : isWiped(drive.content()));
        if (isLifted)
            QCOMPARE(run.cell.read().done, 2 * image.size());
    }
    void limitIsSaid()
    {
        ProgressCell cell;
        FlashProgress progress(cell, {u"a"_s});
        progress.enter(0, Stage::Writing);
        progress.setPace(Pacesetter::Side::Limit);
        QCOMPARE(cell.takeDetails()->message, u"as fast as the speed limit allows"_s);
    }
};
QTEST_GUILESS_MAIN(TestWriteLimit)
#include "tst_writelimit.moc"
