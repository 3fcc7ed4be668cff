#include "tests/support/eventrecorder.h"
#include "tests/support/fakeclock.h"

#include <QEventLoop>
#include <QTest>

#include <condition_variable>
#include <future>
#include <thread>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::EventRecorder;
using tests::FakeClock;
Q_DECLARE_METATYPE(core::JobState)
Q_DECLARE_METATYPE(core::JobKind)

namespace {

/// What a test lets a worker do, one order at a time; the worker waits for it.
class Script
{
public:
    enum class Order { Wait, Progress, Complete, Fail };
    std::atomic<qint64> done{0};
    std::atomic<bool> restart{false};
    std::atomic<bool> hasDrive{false};
    std::atomic<int> started{0};
    std::atomic<int> ended{0};
    std::atomic<int> discarded{0};

    void give(Order order)
    {
        const std::lock_guard lock(m_mutex);
        m_order = order;
        m_changed.notify_all();
    }
    Order next(const std::stop_token &stop)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, stop, [this] { return m_order != Order::Wait; });
        return std::exchange(m_order, Order::Wait);
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    Order m_order = Order::Wait;
};

class ScriptedWorker final : public JobWorker
{
public:
    explicit ScriptedWorker(std::shared_ptr<Script> script)
        : m_script(std::move(script))
    { }
    Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override
    {
        ++m_script->started;
        progress.enter(Stage::Transferring);
        progress.setTotal(100);
        while (!stop.stop_requested()) {
            switch (m_script->next(stop)) {
            case Script::Order::Wait:
                break;
            case Script::Order::Progress:
                if (m_script->restart)
                    progress.beginAgain();
                progress.setDone(m_script->done);
                if (m_script->hasDrive)
                    progress.edit([done = m_script->done.load()](JobDetails &details) {
                        details.drives = {{u"drive"_s, JobState::Running, done, {}}};
                    });
                break;
            case Script::Order::Complete:
                progress.setDone(100);
                progress.edit([](JobDetails &details) { details.sha256 = u"abc"_s; });
                return Outcome::Completed;
            case Script::Order::Fail:
                ++m_script->ended;
                return fail(ErrorCode::Network, u"reset"_s);
            }
        }
        return Outcome::Stopped;
    }
    void discard() override { ++m_script->discarded; }

private:
    std::shared_ptr<Script> m_script;
};

/// A registry whose jobs follow one script each, by the job's source.
struct Bench {
    FakeClock clock;
    QHash<QString, std::shared_ptr<Script>> scripts;
    JobRegistry registry{clock,
                         [this](const JobSnapshot &job) -> Result<std::unique_ptr<JobWorker>> {
                             if (!scripts.contains(job.source))
                                 return fail(ErrorCode::InvalidArgument, job.source);
                             return std::make_unique<ScriptedWorker>(scripts.value(job.source));
                         }};
    EventRecorder recorder{registry};

    JobId add(const QString &source, JobSnapshot job = {})
    {
        scripts.insert(source, std::make_shared<Script>());
        job.source = source;
        return registry.add(job);
    }
    [[nodiscard]] JobState state(JobId id) const { return registry.find(id)->state; }
    void finish(const QString &source, Script::Order order) { scripts.value(source)->give(order); }
    ~Bench()
    {
        if (!registry.stopForExit(10s))
            qFatal("a worker does not stop");
    }
};

const JobRegistry::IsSeen everyone = [](const JobSnapshot &) { return true; };

/// The ids in queue order.
QString orderOf(const Bench &bench)
{
    QString order;
    for (const JobSnapshot &job : bench.registry.snapshots())
        order += job.id.toString();
    return order;
}

} // namespace

class TestJobs : public QObject
{
    Q_OBJECT
private slots:
    void transition_data()
    {
        QTest::addColumn<JobState>("from");
        QTest::addColumn<QList<JobState>>("allowed");
        using enum JobState;
        QTest::newRow("queued") << Queued << QList{Running, Paused, Failed, Canceled};
        QTest::newRow("running") << Running << QList{Queued, Paused, Succeeded, Failed, Canceled};
        QTest::newRow("paused must be queued again first") << Paused << QList{Queued, Canceled};
        QTest::newRow("succeeded may be retried") << Succeeded << QList{Queued};
        QTest::newRow("failed may be retried") << Failed << QList{Queued};
        QTest::newRow("canceled may be retried") << Canceled << QList{Queued};
    }
    void transition()
    {
        QFETCH(JobState, from);
        QFETCH(QList<JobState>, allowed);
        for (int to = 0; to <= int(JobState::Canceled); ++to)
            QCOMPARE(canTransition(from, JobState(to)), allowed.contains(JobState(to)));
    }

    void namesGoBothWays()
    {
        for (int i = 0; i <= int(JobState::Canceled); ++i)
            QCOMPARE(jobStateFromName(jobStateName(JobState(i)).toString()), JobState(i));
        for (int i = 0; i <= int(JobKind::External); ++i)
            QCOMPARE(jobKindFromName(jobKindName(JobKind(i)).toString()), JobKind(i));
        for (int i = 0; i <= int(Stage::Stale); ++i)
            QCOMPARE(stageFromName(stageName(Stage(i)).toString()), Stage(i));
        QCOMPARE(jobStateFromName(u"gone"_s), std::nullopt);
    }

    void queueRules_data()
    {
        QTest::addColumn<QList<int>>("queuedNeeds"); // each job's prerequisite id, 0 for none
        QTest::addColumn<int>("running");
        QTest::addColumn<QList<qint64>>("expected");
        QTest::newRow("in order, as many as allowed") << QList{0, 0, 0} << 0 << QList<qint64>{1, 2};
        QTest::newRow("running jobs take places") << QList{0, 0} << 1 << QList<qint64>{1};
        QTest::newRow("no place left") << QList{0} << 2 << QList<qint64>{};
        QTest::newRow("a waiting job takes no place")
            << QList{90, 0, 0} << 0 << QList<qint64>{2, 3};
        QTest::newRow("a met prerequisite") << QList{91} << 0 << QList<qint64>{1};
    }
    void queueRules()
    {
        QFETCH(QList<int>, queuedNeeds);
        QFETCH(int, running);
        QFETCH(QList<qint64>, expected);
        std::vector<QueueEntry> queued;
        for (qsizetype i = 0; i < queuedNeeds.size(); ++i) {
            QueueEntry entry{.id = JobId{i + 1}, .kind = JobKind::Download};
            if (queuedNeeds[i])
                entry.prerequisites = {JobId{queuedNeeds[i]}};
            queued.push_back(entry);
        }
        const std::vector<JobKind> active(size_t(running), JobKind::Media);
        const StateOf stateOf = [](JobId id) {
            return std::optional(id.value == 91 ? JobState::Succeeded : JobState::Running);
        };
        QList<qint64> started;
        for (const JobId id : startable(queued, active, {.downloads = 2}, stateOf))
            started.append(id.value);
        QCOMPARE(started, expected);
    }

    void doomedJobs_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<bool>("isDoomed");
        QTest::newRow("needed job is gone") << -1 << true;
        QTest::newRow("needed job failed") << int(JobState::Failed) << true;
        QTest::newRow("needed job was canceled") << int(JobState::Canceled) << true;
        QTest::newRow("needed job is paused") << int(JobState::Paused) << false;
        QTest::newRow("needed job succeeded") << int(JobState::Succeeded) << false;
    }
    void doomedJobs()
    {
        QFETCH(int, state);
        QFETCH(bool, isDoomed);
        const std::vector<QueueEntry> queued{{.id = JobId{1}, .prerequisites = {JobId{2}}}};
        const auto stateOf = [state](JobId) {
            return state < 0 ? std::nullopt : std::optional(JobState(state));
        };
        QCOMPARE(!doomed(queued, stateOf).isEmpty(), isDoomed);
        const std::vector<QueueEntry> fed{{.id = JobId{1}, .fedBy = JobId{2}}};
        QCOMPARE(!doomed(fed, stateOf).isEmpty(), isDoomed);
    }

    void aFedJobStartsWhenItsFeederHasStarted_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<bool>("isStarted");
        QTest::newRow("the feeder waits in the queue") << int(JobState::Queued) << false;
        QTest::newRow("it runs") << int(JobState::Running) << true;
        QTest::newRow("it is paused") << int(JobState::Paused) << false;
        QTest::newRow("it succeeded") << int(JobState::Succeeded) << true;
        QTest::newRow("it failed") << int(JobState::Failed) << false;
        QTest::newRow("it was canceled") << int(JobState::Canceled) << false;
        QTest::newRow("it is gone") << -1 << false;
    }
    void aFedJobStartsWhenItsFeederHasStarted()
    {
        QFETCH(int, state);
        QFETCH(bool, isStarted);
        const std::vector<QueueEntry> queued{
            {.id = JobId{1}, .kind = JobKind::Flash, .fedBy = JobId{2}}};
        const auto stateOf = [state](JobId) {
            return state < 0 ? std::nullopt : std::optional(JobState(state));
        };
        QCOMPARE(!startable(queued, {}, {}, stateOf).isEmpty(), isStarted);
    }

    void aFedJobFailsForTheReasonOfItsFeeder()
    {
        const JobSnapshot feeder{.id = JobId{7},
                                 .state = JobState::Failed,
                                 .error = Error{ErrorCode::NoSpace, u"the disk is full"_s}};
        const Error why = whyDoomed(&feeder);
        QCOMPARE(why.code, ErrorCode::NoSpace);
        QVERIFY(why.context.contains("job 7"_L1) && why.context.contains("the disk is full"_L1));
        QCOMPARE(whyDoomed(nullptr).code, ErrorCode::Prerequisite);
    }

    void eventsAreNumberedWithoutGaps()
    {
        Bench bench;
        bench.registry.setLimits({.downloads = 2});
        QList<JobId> ids;
        for (int i = 0; i < 5; ++i)
            ids.append(bench.add(QString::number(i)));
        for (int i = 0; i < 5; ++i) {
            QTRY_COMPARE(bench.state(ids[i]), JobState::Running);
            bench.finish(QString::number(i), Script::Order::Complete);
            QTRY_COMPARE(bench.state(ids[i]), JobState::Succeeded);
            QCOMPARE(bench.recorder.states(ids[i]),
                     (QStringList{u"queued"_s, u"running"_s, u"succeeded"_s}));
        }
        QVERIFY(bench.registry.remove(ids[0]));
        const JobEvents &events = bench.recorder.events();
        for (qsizetype i = 0; i < events.size(); ++i)
            QCOMPARE(events[i].sequence, quint64(i + 1));
        QVERIFY(std::holds_alternative<JobRemoved>(events.last().change));
        QCOMPARE(bench.registry.lastSequence(), quint64(events.size()));
    }

    void everyChangeCarriesTheSnapshotBeforeIt()
    {
        Bench bench;
        const JobId id = bench.add(u"a"_s);
        QTRY_COMPARE(bench.state(id), JobState::Running);
        bench.finish(u"a"_s, Script::Order::Complete);
        QTRY_COMPARE(bench.state(id), JobState::Succeeded);
        std::optional<JobSnapshot> last;
        for (const JobEvent &event : bench.recorder.events()) {
            if (const auto *changed = std::get_if<JobChanged>(&event.change))
                QCOMPARE(changed->before.rev, last->rev);
            const JobSnapshot *job = EventRecorder::jobOf(event);
            QVERIFY(!last || job->rev > last->rev);
            last = *job;
        }
        QCOMPARE(last->details.sha256, u"abc"_s);
        QCOMPARE(last->progress.done, 100);
    }

    void progressIsSampledAndNeverFallsWithinAnAttempt()
    {
        Bench bench;
        bench.registry.addViewer();
        const JobId id = bench.add(u"a"_s);
        QTRY_COMPARE(bench.state(id), JobState::Running);
        const auto move = [&](qint64 done) {
            bench.clock.advance(100ms);
            bench.scripts[u"a"_s]->done = done;
            bench.finish(u"a"_s, Script::Order::Progress);
        };
        move(40);
        QTRY_COMPARE(bench.registry.find(id)->progress.done, 40);
        move(10); // ignored
        move(60);
        QTRY_COMPARE(bench.registry.find(id)->progress.done, 60);
        QCOMPARE(bench.registry.find(id)->attempt, 1);
        bench.scripts[u"a"_s]->restart = true;
        move(5);
        QTRY_COMPARE(bench.registry.find(id)->progress.done, 5);
        QCOMPARE(bench.registry.find(id)->attempt, 2);
    }

    void bytesOfADriveAreProgress()
    {
        Bench bench;
        bench.registry.addViewer();
        const JobId id = bench.add(u"a"_s);
        bench.scripts[u"a"_s]->hasDrive = true;
        QTRY_COMPARE(bench.state(id), JobState::Running);
        const auto move = [&](qint64 done) {
            bench.clock.advance(100ms);
            bench.scripts[u"a"_s]->done = done;
            bench.finish(u"a"_s, Script::Order::Progress);
        };
        move(40);
        QTRY_COMPARE(bench.registry.find(id)->progress.done, 40);
        QTRY_COMPARE(bench.registry.find(id)->details.drives.size(), 1);
        QVERIFY(std::holds_alternative<JobChanged>(bench.recorder.events().last().change));
        move(60);
        QTRY_COMPARE(bench.registry.find(id)->details.drives[0].done, 60);
        for (qsizetype i = bench.recorder.events().size() - 1; i >= 0; --i) {
            const JobSnapshot *job = EventRecorder::jobOf(bench.recorder.events()[i]);
            const bool isLater =
                job && !job->details.drives.isEmpty() && job->details.drives[0].done == 60;
            QVERIFY(!isLater
                    || std::holds_alternative<JobProgressed>(bench.recorder.events()[i].change));
        }
    }

    void jobThatIsStoppingToPauseGoesOnWhenItIsResumed()
    {
        Bench bench;
        const JobId id = bench.add(u"a"_s);
        QTRY_COMPARE(bench.state(id), JobState::Running);
        QVERIFY(bench.registry.pause(id));
        QVERIFY(bench.registry.resume(id));
        QCOMPARE(bench.registry.resume(id).error().code, ErrorCode::InvalidState);
        QVERIFY(bench.registry.pause(id));
        QVERIFY(bench.registry.resume(id));
        QTRY_VERIFY(!bench.registry.find(id)->stopRequested);
        QTRY_COMPARE(bench.state(id), JobState::Running);
        bench.finish(u"a"_s, Script::Order::Complete);
        QTRY_COMPARE(bench.state(id), JobState::Succeeded);
    }

    void pausedJobGoesOnWithItsNumbers()
    {
        Bench bench;
        bench.registry.addViewer();
        const JobId id = bench.add(u"a"_s);
        QTRY_COMPARE(bench.state(id), JobState::Running);
        bench.scripts[u"a"_s]->done = 30;
        bench.finish(u"a"_s, Script::Order::Progress);
        QTRY_COMPARE(bench.registry.find(id)->progress.done, 30);
        QVERIFY(bench.registry.pause(id));
        QVERIFY(bench.registry.find(id)->stopRequested);
        QTRY_COMPARE(bench.state(id), JobState::Paused);
        QVERIFY(!bench.registry.find(id)->stopRequested);
        QCOMPARE(bench.registry.find(id)->progress.done, 30);
        QVERIFY(bench.registry.resume(id));
        QTRY_COMPARE(bench.state(id), JobState::Running);
        QCOMPARE(bench.registry.find(id)->progress.done, 30);
        bench.finish(u"a"_s, Script::Order::Complete);
        QTRY_COMPARE(bench.state(id), JobState::Succeeded);
        QCOMPARE(bench.recorder.states(id),
                 (QStringList{u"queued"_s, u"running"_s, u"paused"_s, u"queued"_s, u"running"_s,
                              u"succeeded"_s}));
    }

    void cancelDiscards_data()
    {
        QTest::addColumn<JobState>("from");
        QTest::newRow("a running job") << JobState::Running;
        QTest::newRow("a paused job") << JobState::Paused;
        QTest::newRow("a queued job") << JobState::Queued;
    }
    void cancelDiscards()
    {
        QFETCH(JobState, from);
        Bench bench;
        bench.registry.setLimits({.downloads = from == JobState::Queued ? 0 : 1});
        const JobId id = bench.add(u"a"_s);
        if (from != JobState::Queued)
            QTRY_COMPARE(bench.state(id), JobState::Running);
        if (from == JobState::Paused) {
            QVERIFY(bench.registry.pause(id));
            QTRY_COMPARE(bench.state(id), JobState::Paused);
        }
        QVERIFY(bench.registry.cancel(id));
        QVERIFY(!bench.registry.cancel(id));
        QTRY_COMPARE(bench.state(id), JobState::Canceled);
        QCOMPARE(bench.scripts[u"a"_s]->discarded.load(), 1);
    }

    void failureCarriesItsErrorAndRetryClearsIt()
    {
        Bench bench;
        const JobId id = bench.add(u"a"_s);
        QTRY_COMPARE(bench.state(id), JobState::Running);
        bench.finish(u"a"_s, Script::Order::Fail);
        QTRY_COMPARE(bench.state(id), JobState::Failed);
        QCOMPARE(*bench.registry.find(id)->error, (Error{ErrorCode::Network, u"reset"_s}));
        QVERIFY(bench.registry.find(id)->finishedAt > 0);
        QVERIFY(bench.registry.retry(id));
        QCOMPARE(bench.registry.find(id)->error, std::nullopt);
        QCOMPARE(bench.registry.find(id)->attempt, 2);
        QTRY_COMPARE(bench.state(id), JobState::Running);
    }

    void jobWhoseWorkerCannotBeMadeFails()
    {
        Bench bench;
        const JobId id = bench.registry.add({.source = u"unknown"_s});
        QTRY_COMPARE(bench.state(id), JobState::Failed);
        QCOMPARE(bench.registry.find(id)->error->code, ErrorCode::InvalidArgument);
    }

    void refusedCommandsSayWhy()
    {
        Bench bench;
        const JobId id = bench.add(u"a"_s);
        QCOMPARE(bench.registry.pause(JobId{99}).error().code, ErrorCode::NotFound);
        QTRY_COMPARE(bench.state(id), JobState::Running);
        QCOMPARE(bench.registry.resume(id).error(),
                 (Error{ErrorCode::InvalidState, u"job 1 is running and cannot be resumed"_s}));
        QCOMPARE(bench.registry.remove(id).error().code, ErrorCode::InvalidState);
        bench.finish(u"a"_s, Script::Order::Complete);
        QTRY_COMPARE(bench.state(id), JobState::Succeeded);
        QCOMPARE(bench.registry.pause(id).error().code, ErrorCode::InvalidState);
        QVERIFY(bench.registry.remove(id));
        QCOMPARE(bench.registry.remove(id).error().code, ErrorCode::NotFound);
    }

    void jobWaitsForItsPrerequisite()
    {
        Bench bench;
        const JobId first = bench.add(u"a"_s);
        const JobId second = bench.add(u"b"_s, {.prerequisites = {first}});
        QTRY_COMPARE(bench.state(first), JobState::Running);
        QCOMPARE(bench.state(second), JobState::Queued);
        bench.finish(u"a"_s, Script::Order::Complete);
        QTRY_COMPARE(bench.state(second), JobState::Running);
    }

    void jobIsRefusedWhenItsPrerequisiteFails()
    {
        Bench bench;
        const JobId first = bench.add(u"a"_s);
        const JobId second = bench.add(u"b"_s, {.prerequisites = {first}});
        const JobId third = bench.add(u"c"_s, {.prerequisites = {second}});
        QTRY_COMPARE(bench.state(first), JobState::Running);
        bench.finish(u"a"_s, Script::Order::Fail);
        QTRY_COMPARE(bench.state(third), JobState::Failed);
        QCOMPARE(bench.registry.find(second)->error->code, ErrorCode::Prerequisite);
        QCOMPARE(bench.scripts[u"c"_s]->started.load(), 0);
    }

    void restoredJobsHaveTheStateTheyHad()
    {
        Bench bench;
        bench.scripts.insert(u"a"_s, std::make_shared<Script>());
        bench.registry.restore({.id = JobId{7},
                                .state = JobState::Running,
                                .progress = {.done = 50, .total = 100},
                                .source = u"a"_s,
                                .position = 3,
                                .rev = 12});
        bench.registry.restore(
            {.id = JobId{4}, .state = JobState::Paused, .source = u"a"_s, .position = 1});
        QCOMPARE(bench.state(JobId{7}), JobState::Queued);
        QCOMPARE(bench.registry.find(JobId{7})->attempt, 2);
        QCOMPARE(bench.state(JobId{4}), JobState::Paused);
        QTRY_COMPARE(bench.state(JobId{7}), JobState::Running);
        QCOMPARE(bench.registry.find(JobId{7})->progress.done, 50);
        QCOMPARE(bench.add(u"b"_s), JobId{8});
        QCOMPARE(bench.registry.snapshots().last().position, 3 + JobRegistry::PositionStep);
        bench.registry.reserveIds(JobId{20});
        QCOMPARE(bench.add(u"c"_s), JobId{21});
    }

    void restoredJobsOfOnePlaceAreAllThere()
    {
        Bench bench;
        for (const qint64 id : {1, 2, 3})
            bench.registry.restore(
                {.id = JobId{id}, .state = JobState::Paused, .source = u"a"_s, .position = 1024});
        QCOMPARE(bench.registry.snapshots().size(), 3);
        for (const qint64 id : {1, 2, 3})
            QCOMPARE(bench.state(JobId{id}), JobState::Paused);
    }

    void whatWasAskedForBeforeACrashIsCarriedOut()
    {
        Bench bench;
        bench.scripts.insert(u"a"_s, std::make_shared<Script>());
        bench.scripts.insert(u"b"_s, std::make_shared<Script>());
        bench.registry.restore({.id = JobId{1},
                                .state = JobState::Running,
                                .stopRequested = true,
                                .stopsAs = JobState::Paused,
                                .source = u"a"_s,
                                .position = 1});
        bench.registry.restore({.id = JobId{2},
                                .state = JobState::Running,
                                .stopRequested = true,
                                .stopsAs = JobState::Canceled,
                                .source = u"b"_s,
                                .position = 2});
        QCOMPARE(bench.state(JobId{1}), JobState::Paused);
        QVERIFY(!bench.registry.find(JobId{1})->stopRequested);
        QTRY_COMPARE(bench.state(JobId{2}), JobState::Canceled);
        QCOMPARE(bench.scripts[u"b"_s]->discarded.load(), 1);
        QCOMPARE(bench.scripts[u"b"_s]->started.load(), 0);
        QCOMPARE(bench.state(JobId{1}), JobState::Paused);
    }

    void movedJobsTakeTheirPlace_data()
    {
        QTest::addColumn<qint64>("job");
        QTest::addColumn<QueuePlace>("place");
        QTest::addColumn<QString>("order");
        using To = QueuePlace::To;
        const auto row = [](const char *name, qint64 job, QueuePlace place, const char *order) {
            QTest::newRow(name) << job << place << QString::fromLatin1(order);
        };
        row("top", 4, {To::Top}, "41235");
        row("top of the first", 1, {To::Top}, "12345");
        row("up", 4, {To::Up}, "12435");
        row("down", 2, {To::Down}, "13245");
        row("down of the last", 5, {To::Down}, "12345");
        row("first place", 3, {To::Number, 1}, "31245");
        row("fourth place", 1, {To::Number, 4}, "23415");
        row("beyond the end", 1, {To::Number, 99}, "23451");
    }
    void movedJobsTakeTheirPlace()
    {
        QFETCH(qint64, job);
        QFETCH(QueuePlace, place);
        Bench bench;
        bench.registry.setLimits({.downloads = 0});
        for (int i = 1; i <= 5; ++i)
            bench.add(QString::number(i));
        const qsizetype eventsBefore = bench.recorder.events().size();
        QVERIFY(bench.registry.move(JobId{job}, place, everyone));
        QTEST(orderOf(bench), "order");
        QVERIFY(bench.recorder.events().size() - eventsBefore <= 1);
    }

    void movingPassesOverJobsNobodySees()
    {
        Bench bench;
        bench.registry.setLimits({.downloads = 0});
        for (int i = 1; i <= 5; ++i)
            bench.add(QString::number(i), {.owner = i % 2 == 1 ? u"ann"_s : u"eve"_s});
        const auto isAnns = [](const JobSnapshot &job) { return job.owner == u"ann"_s; };
        QVERIFY(bench.registry.move(JobId{5}, {QueuePlace::To::Up}, isAnns));
        QCOMPARE(orderOf(bench), u"12534"_s);
        QVERIFY(bench.registry.move(JobId{1}, {QueuePlace::To::Down}, isAnns));
        QCOMPARE(orderOf(bench), u"25134"_s);
    }

    void thousandsOfMovesIntoOneGapKeepTheOrder()
    {
        Bench bench;
        bench.registry.setLimits({.downloads = 0});
        constexpr int Count = 10'000;
        for (int i = 0; i < Count; ++i)
            bench.registry.add({.source = u"x"_s});
        const qsizetype eventsBefore = bench.recorder.events().size();
        constexpr int Moves = 300;
        for (int i = 0; i < Moves; ++i)
            QVERIFY(bench.registry.move(JobId{Count - i}, {QueuePlace::To::Number, 2}, everyone));
        const auto jobs = bench.registry.snapshots();
        QCOMPARE(jobs.size(), Count);
        QCOMPARE(jobs[0].id, JobId{1});
        for (int i = 1; i <= Moves; ++i)
            QCOMPARE(jobs[i].id, JobId{Count - Moves + i});
        QCOMPARE(jobs[Moves + 1].id, JobId{2});
        const qsizetype events = bench.recorder.events().size() - eventsBefore;
        QVERIFY2(events < 15 * Moves, qPrintable(QString::number(events)));
    }

    void aRunningJobIsNotMoved()
    {
        Bench bench;
        const JobId id = bench.add(u"a"_s);
        QTRY_COMPARE(bench.state(id), JobState::Running);
        const auto moved = bench.registry.move(id, {}, everyone);
        QCOMPARE(moved.error().code, ErrorCode::InvalidState);
    }

    void aMovedJobStartsFirst()
    {
        Bench bench;
        bench.registry.setLimits({.downloads = 0});
        bench.add(u"a"_s);
        const JobId second = bench.add(u"b"_s);
        QVERIFY(bench.registry.move(second, {QueuePlace::To::Top}, everyone));
        bench.registry.setLimits({.downloads = 1}); // counts at once
        QTRY_COMPARE(bench.state(second), JobState::Running);
        QCOMPARE(bench.state(JobId{1}), JobState::Queued);
        bench.registry.setLimits({.downloads = 2});
        QTRY_COMPARE(bench.state(JobId{1}), JobState::Running);
    }

    void aScheduledJobWaitsWithoutTakingAPlace()
    {
        Bench bench;
        bench.registry.setLimits({.downloads = 1});
        const qint64 later = bench.clock.wallTime().count() + 1000;
        const JobId scheduled = bench.add(u"a"_s, {.startAt = later});
        const JobId other = bench.add(u"b"_s);
        QTRY_COMPARE(bench.state(other), JobState::Running);
        QCOMPARE(bench.state(scheduled), JobState::Queued);
        bench.clock.advance(1000ms);
        bench.finish(u"b"_s, Script::Order::Complete);
        QTRY_COMPARE(bench.state(scheduled), JobState::Running);
    }

    void resumingAScheduledJobStartsIt()
    {
        Bench bench;
        const qint64 later = bench.clock.wallTime().count() + 3'600'000;
        const JobId id = bench.add(u"a"_s, {.startAt = later});
        QCoreApplication::processEvents();
        QCOMPARE(bench.state(id), JobState::Queued);
        QVERIFY(bench.registry.resume(id));
        QTRY_COMPARE(bench.state(id), JobState::Running);
    }

    void leavingKeepsTheStateOfRunningJobs()
    {
        Bench bench;
        const JobId id = bench.add(u"a"_s);
        QTRY_COMPARE(bench.state(id), JobState::Running);
        QVERIFY(bench.registry.stopForExit(10s));
        QCoreApplication::processEvents();
        QCOMPARE(bench.state(id), JobState::Running);
        QCOMPARE(bench.scripts[u"a"_s]->discarded.load(), 0);
    }

    void aPauseAskedForBeforeLeavingIsKept()
    {
        Bench bench;
        const JobId paused = bench.add(u"a"_s);
        const JobId canceled = bench.add(u"b"_s);
        QTRY_COMPARE(bench.state(canceled), JobState::Running);
        QVERIFY(bench.registry.pause(paused));
        QVERIFY(bench.registry.cancel(canceled));
        QVERIFY(bench.registry.stopForExit(10s));
        QCOMPARE(bench.state(paused), JobState::Paused);
        QCOMPARE(bench.state(canceled), JobState::Canceled);
        QCOMPARE(bench.scripts[u"b"_s]->discarded.load(), 1);
        QCoreApplication::processEvents(); // the ends that were posted find nobody
    }

    void cancelAfterTheWorkerEndedStillDiscards()
    {
        Bench bench;
        const JobId id = bench.add(u"a"_s);
        QTRY_COMPARE(bench.state(id), JobState::Running);
        bench.finish(u"a"_s, Script::Order::Fail);
        // The worker ends while this thread waits outside its event loop and so hears nothing of it.
        while (bench.scripts[u"a"_s]->ended == 0)
            std::this_thread::yield();
        QVERIFY(bench.registry.cancel(id));
        QTRY_COMPARE(bench.state(id), JobState::Canceled);
        QCOMPARE(bench.scripts[u"a"_s]->discarded.load(), 1);
    }

    void threadsAreReusedByShortJobs()
    {
        JobThreads threads;
        std::mutex mutex;
        QSet<Qt::HANDLE> used;
        for (int i = 0; i < 20; ++i) {
            threads.start([&] {
                const std::lock_guard lock(mutex);
                used.insert(QThread::currentThreadId());
            });
            QVERIFY(threads.waitForIdle(10s));
        }
        QVERIFY2(used.size() <= 2, qPrintable(QString::number(used.size())));
    }

    void aHangingThreadDoesNotHoldUpTheEnd()
    {
        std::promise<void> release;
        std::shared_future<void> released = release.get_future().share();
        std::atomic<bool> ended = false;
        {
            JobThreads threads;
            threads.start([&, released] {
                released.wait();
                ended = true;
            });
            QVERIFY(!threads.waitForIdle(1ms));
        }
        QVERIFY(!ended);
        release.set_value();
        QTRY_VERIFY(ended);
    }
};
QTEST_GUILESS_MAIN(TestJobs)
#include "tst_jobs.moc"
