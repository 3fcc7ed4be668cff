#include "core/flashtraces.h"
#include "core/jobs/jobregistry.h"
#include "core/store/jobstore.h"
#include "core/storedspecjson.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>
#include <QTest>

#include <future>

using namespace core;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int LongTime = 10'000; // ms

/// A flash that nobody starts: what it was made for is paused.
struct Bench {
    QTemporaryDir folder;
    tests::FakeClock clock;
    StoreThread thread{clock};
    JobStore store{thread, clock};
    JobRegistry registry{clock, [](const JobSnapshot &) -> Result<std::unique_ptr<JobWorker>> {
                             return fail(ErrorCode::Unsupported);
                         }};
    FlashTraces traces{registry, store};

    Bench()
    {
        if (!thread.open(folder.filePath(u"dray.db"_s)) || !store.load())
            qFatal("the store cannot be opened");
        QObject::connect(&registry, &JobRegistry::eventsReady, &store, &JobStore::record);
    }
    JobId add()
    {
        const DriveTrace agreed{
            .id = u"a"_s, .contents = u"holiday"_s, .writtenSectors = 7, .isTouched = false};
        const AgreedFlash flash{.spec = {.image = u"/a.img"_s, .drives = {u"a"_s}},
                                .drives = {{.id = u"a"_s}},
                                .traces = {agreed}};
        return registry.add({.kind = JobKind::Flash,
                             .state = JobState::Paused,
                             .source = u"/a.img"_s,
                             .spec = encodeSpec(flash)});
    }
    /// As a drive's thread does, while this one is the hub's.
    Result<void> touch(JobId flash, const std::stop_token &stop = {})
    {
        auto touched =
            std::async(std::launch::async, [&] { return traces.touch(flash, u"a"_s, stop); });
        const auto isDone = [&] { return touched.wait_for(0s) == std::future_status::ready; };
        if (!QTest::qWaitFor(isDone, LongTime))
            qFatal("it waits forever");
        return touched.get();
    }
    [[nodiscard]] DriveTrace traceIn(const JobSnapshot &job) const
    {
        return decodeAgreedFlash(job.spec)->traceOf(u"a"_s);
    }
    [[nodiscard]] DriveTrace trace(JobId flash) const { return traceIn(*registry.find(flash)); }
    void keep(JobId flash, const DriveTrace &trace)
    {
        traces.keep(flash, trace);
        traces.settleForExit();
    }
};

} // namespace

/// What is remembered of a flash's drives.
class TestFlashTraces : public QObject
{
    Q_OBJECT
private slots:
    void whatIsTouchedIsOnDiskWhenItIsSaid()
    {
        Bench bench;
        const JobId id = bench.add();
        QVERIFY(bench.touch(id));
        QCOMPARE(bench.trace(id), DriveTrace{.id = u"a"_s});
        const auto stored = bench.store.load();
        QVERIFY(stored);
        QCOMPARE(bench.traceIn(stored->constFirst()), DriveTrace{.id = u"a"_s});
        QCOMPARE(bench.registry.find(id)->source, u"/a.img"_s);
        QVERIFY(bench.touch(id)); // once more
    }
    void whatIsCountedBelongsToATouchedDriveOrToAnother_data()
    {
        QTest::addColumn<bool>("isTouched"); // the drive
        QTest::addColumn<bool>("isOfTouched"); // what is told
        QTest::addColumn<bool>("counts");
        QTest::newRow("opened, not touched") << false << false << true;
        QTest::newRow("left, not touched") << false << true << false;
        QTest::newRow("left, touched") << true << true << true;
        QTest::newRow("opened, touched") << true << false << false;
    }
    void whatIsCountedBelongsToATouchedDriveOrToAnother()
    {
        QFETCH(const bool, isTouched);
        QFETCH(const bool, isOfTouched);
        QFETCH(const bool, counts);
        Bench bench;
        const JobId id = bench.add();
        if (isTouched)
            QVERIFY(bench.touch(id));
        const DriveTrace before = bench.trace(id);
        const DriveTrace told{.id = u"a"_s, .writtenSectors = 9, .isTouched = isOfTouched};
        bench.keep(id, told);
        QCOMPARE(bench.trace(id), counts ? told : before);
    }
    void whatWasCountedIsForgottenWhenItIsTouched()
    {
        Bench bench;
        const JobId id = bench.add();
        QVERIFY(bench.touch(id));
        bench.keep(id, {.id = u"a"_s, .writtenSectors = 9});
        QCOMPARE(bench.trace(id).writtenSectors, 9);
        QVERIFY(bench.touch(id));
        QCOMPARE(bench.trace(id).writtenSectors, std::nullopt);
    }
    void nothingIsTouchedThatCannotBeNoted_data()
    {
        QTest::addColumn<bool>("isThere");
        QTest::addColumn<bool>("isStopped");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("no job") << false << false << ErrorCode::NotFound;
        QTest::newRow("stopped") << true << true << ErrorCode::InvalidState;
        QTest::newRow("no store") << true << false << ErrorCode::StoreFailed;
    }
    void nothingIsTouchedThatCannotBeNoted()
    {
        QFETCH(const bool, isThere);
        QFETCH(const bool, isStopped);
        Bench bench;
        const JobId id = bench.add();
        std::stop_source stop;
        if (isStopped)
            stop.request_stop();
        else if (isThere)
            QVERIFY(bench.thread.close(5s));
        const auto touched = bench.touch(isThere ? id : JobId{99}, stop.get_token());
        QVERIFY(!touched);
        QTEST(touched.error().code, "code");
        QCoreApplication::sendPostedEvents();
        QVERIFY(!bench.trace(id).isTouched); // nobody writes, so it is not noted either
        QCOMPARE(bench.trace(id).writtenSectors, 7);
        bench.keep(JobId{99}, {.id = u"a"_s}); // nobody minds
    }
    /// Noted, but not on disk yet.
    void whatIsStoppedMeanwhileIsNotTouched()
    {
        Bench bench;
        const JobId id = bench.add();
        const DriveTrace before = bench.trace(id);
        std::stop_source stop;
        std::future<Result<void>> touched;
        const auto stopIt = [&] {
            stop.request_stop();
            touched.wait();
        };
        QObject::connect(&bench.registry, &JobRegistry::eventsReady, &bench.traces, stopIt,
                         Qt::SingleShotConnection);
        touched = std::async(std::launch::async,
                             [&] { return bench.traces.touch(id, u"a"_s, stop.get_token()); });
        QTRY_VERIFY_WITH_TIMEOUT(stop.stop_requested(), LongTime);
        const auto noted = touched.get();
        QVERIFY(!noted);
        QCOMPARE(noted.error().code, ErrorCode::InvalidState);
        bench.traces.settleForExit();
        QCOMPARE(bench.trace(id), before);
        QVERIFY(bench.touch(id)); // when it goes on
        QVERIFY(bench.trace(id).isTouched);
        const auto stored = bench.store.load();
        QVERIFY(stored);
        QVERIFY(bench.traceIn(stored->constFirst()).isTouched);
    }
};

QTEST_GUILESS_MAIN(TestFlashTraces)
#include "tst_flashtraces.moc"
