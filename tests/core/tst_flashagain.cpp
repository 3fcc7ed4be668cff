#include "core/flashagain.h"
#include "core/storedspecjson.h"
#include "tests/support/fakeclock.h"

#include <QTest>

#include <condition_variable>
#include <mutex>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// Ends when it is stopped, or at once when the test wants it to fail.
class FlashOfTheTest final : public JobWorker
{
public:
    explicit FlashOfTheTest(bool fails)
        : m_fails(fails)
    { }
    Result<Outcome> run(std::stop_token stop, ProgressCell &) override
    {
        if (m_fails)
            return fail(ErrorCode::DeviceGone, u"unplugged"_s);
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any stopped;
        stopped.wait(lock, stop, [] { return false; });
        return Outcome::Stopped;
    }

private:
    const bool m_fails;
};

struct Bench {
    tests::FakeClock clock;
    bool fails = false;
    /// Whether each worker that was made relies on an older yes.
    QList<bool> made;
    JobRegistry registry{clock,
                         [this](const JobSnapshot &job) -> Result<std::unique_ptr<JobWorker>> {
                             made.append(isAgain(job));
                             return std::make_unique<FlashOfTheTest>(fails);
                         }};

    ~Bench()
    {
        if (!registry.stopForExit(10s))
            qFatal("a worker does not stop");
    }
    JobId add(const QList<DriveIdentity> &drives = {{u"usb-a"_s, u"1"_s, 100, 7}})
    {
        AgreedFlash flash{.spec = {.image = u"/a.img"_s, .drives = {u"usb-a"_s}},
                          .drives = drives,
                          .boot = u"b"_s};
        return registry.add(
            {.kind = JobKind::Flash, .source = u"/a.img"_s, .spec = encodeSpec(flash)});
    }
    JobId addFromLink()
    {
        AgreedFlash flash{.spec = {.drives = {u"usb-a"_s}},
                          .drives = {{u"usb-a"_s, u"1"_s, 100, 7}},
                          .boot = u"b"_s};
        flash.spec.url = QUrl(u"https://host/a.img"_s);
        return registry.add({.kind = JobKind::Flash, .spec = encodeSpec(flash)});
    }
    [[nodiscard]] bool reaches(JobId id, JobState state)
    {
        return QTest::qWaitFor([&] { return registry.find(id)->state == state; }, 10'000);
    }
    [[nodiscard]] bool isMarked(JobId id) const
    {
        return decodeAgreedFlash(registry.find(id)->spec)->isAgain;
    }
};

} // namespace

/// Flashes that run once more rely on a yes that may have been used: they carry a mark.
class TestFlashAgain : public QObject
{
    Q_OBJECT
private slots:
    void aResumedFlashIsMarked()
    {
        Bench bench;
        const JobId id = bench.add();
        QVERIFY(bench.reaches(id, JobState::Running));
        QVERIFY(bench.registry.pause(id));
        QVERIFY(bench.reaches(id, JobState::Paused));
        QVERIFY(runAgain(bench.registry, id, &JobRegistry::resume));
        QVERIFY(bench.isMarked(id));
        QVERIFY(bench.reaches(id, JobState::Running));
        QCOMPARE(bench.made, (QList{false, true}));
        QCOMPARE(bench.registry.find(id)->source, u"/a.img"_s);
    }
    void soIsOneThatWasPausedBeforeItRan()
    {
        Bench bench;
        const JobId id = bench.add();
        QVERIFY(bench.registry.pause(id));
        QVERIFY(runAgain(bench.registry, id, &JobRegistry::resume));
        QVERIFY(bench.reaches(id, JobState::Running));
        QCOMPARE(bench.made, QList{true});
    }
    void whatRanIsKnownWithoutAMark()
    {
        Bench bench;
        bench.fails = true;
        const JobId id = bench.add();
        QVERIFY(bench.reaches(id, JobState::Failed));
        QVERIFY(bench.registry.retry(id));
        QTRY_COMPARE(bench.made, (QList{false, true}));
    }
    void twoRetriesAtOnceAreOne()
    {
        Bench bench;
        bench.fails = true;
        const JobId id = bench.add();
        QVERIFY(bench.reaches(id, JobState::Failed));
        QVERIFY(runAgain(bench.registry, id, &JobRegistry::retry));
        const auto second = runAgain(bench.registry, id, &JobRegistry::retry);
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::InvalidState);
        QVERIFY(bench.reaches(id, JobState::Failed));
        QCOMPARE(bench.made, (QList{false, true}));
    }
    void aFlashFromALinkIsFedAgain_data()
    {
        QTest::addColumn<bool>("canBeFed");
        QTest::newRow("it can be") << true;
        QTest::newRow("it cannot be") << false;
    }
    void aFlashFromALinkIsFedAgain()
    {
        QFETCH(const bool, canBeFed);
        Bench bench;
        bench.fails = true;
        const JobId id = bench.addFromLink();
        QVERIFY(bench.reaches(id, JobState::Failed));
        QList<JobState> fed;
        const auto feed = [&](JobId flash) -> Result<void> {
            fed.append(bench.registry.find(flash)->state);
            return canBeFed ? Result<void>() : fail(ErrorCode::NotFound, u"gone"_s);
        };
        const auto retried = runAgain(bench.registry, id, &JobRegistry::retry, feed);
        QCOMPARE(fed, QList{JobState::Queued});
        QCOMPARE(bool(retried), canBeFed);
        QCOMPARE(bench.registry.find(id)->state, canBeFed ? JobState::Queued : JobState::Failed);
        if (!canBeFed)
            QCOMPARE(bench.registry.find(id)->error->context, u"gone"_s);
        QVERIFY(bench.isMarked(id));
    }
    void nothingIsFedThatDoesNotRunAgain()
    {
        Bench bench;
        const JobId id = bench.addFromLink();
        const auto feed = [](JobId) -> Result<void> { return fail(ErrorCode::Internal); };
        QCOMPARE(runAgain(bench.registry, id, &JobRegistry::retry, feed).error().code,
                 ErrorCode::InvalidState);
        const JobId file = bench.add();
        QVERIFY(bench.registry.pause(file));
        QVERIFY(runAgain(bench.registry, file, &JobRegistry::resume, feed));
    }
    /// Where nobody can feed it.
    void aFlashFromALinkIsNotRetried()
    {
        Bench bench;
        bench.fails = true;
        const JobId id = bench.addFromLink();
        QVERIFY(bench.reaches(id, JobState::Failed));
        const auto retried = runAgain(bench.registry, id, &JobRegistry::retry);
        QVERIFY(!retried);
        QVERIFY2(retried.error().context.contains(u"from its link"_s),
                 qPrintable(retried.error().context));
    }
    void aRefusedCommandMarksNothing()
    {
        Bench bench;
        const JobId id = bench.add();
        QVERIFY(!runAgain(bench.registry, id, &JobRegistry::resume));
        QVERIFY(!bench.isMarked(id));
    }
    void whatNobodyAgreedToDoesNotRun()
    {
        Bench bench;
        const JobId id = bench.add({});
        QVERIFY(bench.registry.pause(id));
        const auto resumed = runAgain(bench.registry, id, &JobRegistry::resume);
        QVERIFY(!resumed);
        QCOMPARE(resumed.error().code, ErrorCode::ConfirmationRequired);
        QCOMPARE(bench.registry.find(id)->state, JobState::Paused);
    }
    void otherJobsAreLetRun()
    {
        Bench bench;
        const JobId id = bench.registry.add({.kind = JobKind::Download, .spec = "{}"});
        QVERIFY(bench.registry.pause(id));
        QVERIFY(runAgain(bench.registry, id, &JobRegistry::resume));
        QCOMPARE(bench.registry.find(id)->spec, "{}");
        QCOMPARE(runAgain(bench.registry, JobId{99}, &JobRegistry::resume).error().code,
                 ErrorCode::NotFound);
    }
    void theEndOfTheProgramLeavesWhatCanBeRetried()
    {
        Bench bench;
        JobSnapshot job{.id = JobId{5}, .kind = JobKind::Flash, .state = JobState::Running};
        job.details.drives = {{u"done"_s, JobState::Succeeded, 1, {}},
                              {u"half"_s, JobState::Running, 1, {}}};
        AgreedFlash flash{.spec = {.image = u"/a.img"_s, .drives = {u"done"_s, u"half"_s}},
                          .drives = {{u"done"_s}, {u"half"_s}}};
        job.spec = encodeSpec(flash);
        job.startedAt = 1;
        bench.registry.restore(job);
        const JobSnapshot *restored = bench.registry.find(job.id);
        QCOMPARE(restored->state, JobState::Failed);
        QVERIFY(restored->error->context.contains("retry it"_L1));
        QCOMPARE(restored->details.drives[0].state, JobState::Succeeded);
        QCOMPARE(restored->details.drives[1].state, JobState::Failed);
        QVERIFY(runAgain(bench.registry, job.id, &JobRegistry::retry));
        QCOMPARE(restored->details.drives[0].state, JobState::Succeeded);
        QCOMPARE(restored->details.drives[1].state, JobState::Queued);
    }
};

QTEST_GUILESS_MAIN(TestFlashAgain)
#include "tst_flashagain.moc"
