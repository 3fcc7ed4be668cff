#include "core/externaljobs.h"
#include "tests/core/storedservice.h"

#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

Principal plain(const QString &owner, const QString &name = u"script"_s)
{
    return {.name = name, .owner = owner, .scopes = DefaultScopes};
}

/// As a plain token of the local owner reports, unless it says who.
struct Bench : tests::StoredService {
    using tests::StoredService::StoredService;
    Result<JobSnapshot> report(const JobReport &said, const Principal &who = plain(u"local"_s))
    {
        return tests::StoredService::report(said, who);
    }
};

JobReport named(const QString &id)
{
    return {.job = id, .title = u"Nightly backup"_s};
}

} // namespace

class ExternalJobsTest final : public QObject
{
    Q_OBJECT
private slots:
    void aReportWithoutAnIdMakesAJobThatRuns()
    {
        const auto made = m_bench->report({.title = u"Backup"_s, .done = 3, .total = 10});
        QVERIFY(made);
        QCOMPARE(made->kind, JobKind::External);
        QCOMPARE(made->state, JobState::Running);
        QCOMPARE(made->owner, u"local"_s);
        QCOMPARE(made->details.title, u"Backup"_s);
        QCOMPARE(made->progress.done, 3);
        QCOMPARE(made->progress.total, 10);
        QVERIFY(made->startedAt > 0);
        const auto same = m_bench->report({.job = made->id.toString(), .done = 5});
        QCOMPARE(same->id, made->id);
        QCOMPARE(same->progress.done, 5);
        QCOMPARE(same->details.title, u"Backup"_s);
    }

    void aProgramMayNameItsJob()
    {
        const JobId first = m_bench->report(named(u"test_job_123"_s))->id;
        QCOMPARE(m_bench->report({.job = u"test_job_123"_s, .message = u"on"_s})->id, first);
        QCOMPARE(m_bench->job(first).source, u"test_job_123"_s);
        const auto other = m_bench->report(named(u"test_job_123"_s), plain(u"eve"_s));
        QVERIFY(other->id != first);
        QCOMPARE(other->owner, u"eve"_s);
        QVERIFY(m_bench->registry.report(first, m_bench->job(first)));
        QVERIFY(m_bench->service.cancel(Principal::localUser(), first));
        QVERIFY(m_bench->registry.remove(first));
        QVERIFY(m_bench->report(named(u"test_job_123"_s))->id != first);
    }

    void anotherOwnersJobIsNotThere()
    {
        const JobId local = m_bench->report(named(u"a"_s))->id;
        const auto refused = m_bench->report({.job = local.toString(), .done = 9}, plain(u"eve"_s));
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument); // new, and without a title
        const auto made = m_bench->report(named(local.toString()), plain(u"eve"_s));
        QVERIFY(made->id != local);
        QCOMPARE(m_bench->job(local).progress.done, 0);
    }

    void whatIsRefused_data()
    {
        QTest::addColumn<JobReport>("report");
        QTest::addColumn<ErrorCode>("code");
        const auto row = [](const char *name, const JobReport &report,
                            ErrorCode code = ErrorCode::InvalidArgument) {
            QTest::newRow(name) << report << code;
        };
        const QList<JobStep> many(JobReport::MostSteps + 1, JobStep{.title = u"a"_s});
        row("a new job without a title", {.job = u"x"_s});
        row("an empty title", {.title = u""_s});
        row("a title without end", {.title = QString(501, u'a')});
        row("an id without end", {.job = QString(129, u'a'), .title = u"a"_s});
        row("an id of two lines", {.job = u"a\nb"_s, .title = u"a"_s});
        row("stage stale", {.title = u"a"_s, .stage = Stage::Stale});
        row("a stage that is ours", {.title = u"a"_s, .stage = Stage::AwaitingConfirmation});
        row("bytes below zero", {.title = u"a"_s, .done = -1});
        row("an unknown type", {.title = u"a"_s, .type = u"dreaming"_s});
        row("too many steps", {.title = u"a"_s, .steps = many});
        row("a step beyond its end",
            {.title = u"a"_s, .steps = QList<JobStep>{{.title = u"a"_s, .progress = 2}}});
        row("a job that we do", {.job = u"1"_s, .done = 1}, ErrorCode::InvalidState);
    }
    void whatIsRefused()
    {
        QFETCH(JobReport, report);
        QFETCH(ErrorCode, code);
        m_bench->registry.add({.owner = u"local"_s, .state = JobState::Paused});
        QCOMPARE(m_bench->report(report).error().code, code);
        QCOMPARE(m_bench->registry.snapshots().size(), 1);
    }

    void theScopeIsNeeded()
    {
        const Principal reader{.name = u"r"_s, .owner = u"local"_s, .scopes = Scope::Read};
        QCOMPARE(m_bench->report(named(u"a"_s), reader).error().code, ErrorCode::Forbidden);
        QVERIFY(m_bench->registry.snapshots().isEmpty());
    }

    void doneNeverGoesBackWithinAnAttempt()
    {
        const JobId id = m_bench->report({.title = u"a"_s, .done = 10, .total = 20})->id;
        QCOMPARE(m_bench->report({.job = id.toString(), .done = 4})->progress.done, 10);
        const auto ended = m_bench->report(
            {.job = id.toString(), .state = JobState::Failed, .message = u"disk full"_s});
        QCOMPARE(ended->error, (Error{ErrorCode::WorkFailed, u"disk full"_s}));
        QVERIFY(ended->finishedAt > 0);
        const auto again = m_bench->report({.job = id.toString(), .done = 4});
        QCOMPARE(again->attempt, 2);
        QCOMPARE(again->state, JobState::Running);
        QCOMPARE(again->progress.done, 4);
        QCOMPARE(again->finishedAt, 0);
        QVERIFY(!again->error);
        QCOMPARE(m_bench->recorder.states(id),
                 (QStringList{u"running"_s, u"failed"_s, u"queued"_s, u"running"_s}));
    }

    void sayingAgainHowItEndedIsNoAttempt()
    {
        const JobId id = m_bench->report({.title = u"a"_s, .state = JobState::Succeeded})->id;
        const auto again = m_bench->report({.job = id.toString(), .state = JobState::Succeeded});
        QCOMPARE(again->attempt, 1);
        QCOMPARE(m_bench->recorder.states(id), QStringList{u"succeeded"_s});
    }

    void everyStepIsOneOfTheStateMachine()
    {
        const JobId id = m_bench->report({.title = u"a"_s})->id;
        for (const JobState state : {JobState::Paused, JobState::Succeeded, JobState::Paused})
            QCOMPARE(m_bench->report({.job = id.toString(), .state = state})->state, state);
        QCOMPARE(m_bench->recorder.states(id),
                 (QStringList{u"running"_s, u"paused"_s, u"queued"_s, u"running"_s, u"succeeded"_s,
                              u"queued"_s, u"paused"_s}));
    }

    void aTypeOfAiWorkImpliesAState_data()
    {
        QTest::addColumn<JobState>("state");
        for (const char *running : {"thinking", "plan", "working", "step_complete"})
            QTest::newRow(running) << JobState::Running;
        QTest::newRow("complete") << JobState::Succeeded;
        QTest::newRow("error") << JobState::Failed;
    }
    void aTypeOfAiWorkImpliesAState()
    {
        QFETCH(JobState, state);
        const QString type = QString::fromLatin1(QTest::currentDataTag());
        QCOMPARE(m_bench->report({.title = u"a"_s, .type = type})->state, state);
        const auto paused =
            m_bench->report({.title = u"a"_s, .state = JobState::Paused, .type = type});
        QCOMPARE(paused->state, JobState::Paused);
    }

    void numbersWaitForTheSample()
    {
        const JobId id = m_bench->report({.title = u"a"_s, .total = 1000})->id;
        const auto count = [&] { return m_bench->recorder.events().size(); };
        const qsizetype before = count();
        for (int i = 1; i <= 500; ++i)
            QVERIFY(m_bench->report({.job = id.toString(), .done = i}));
        QCOMPARE(count(), before);
        QTRY_COMPARE(count(), before + 1);
        const JobEvent last = m_bench->recorder.events().constLast();
        QCOMPARE(std::get<JobProgressed>(last.change).job.progress.done, 500);
        QVERIFY(m_bench->report({.job = id.toString(), .stage = Stage::Verifying}));
        QCOMPARE(count(), before + 2); // at once
        QVERIFY(std::holds_alternative<JobChanged>(m_bench->recorder.events().constLast().change));
    }

    void samplingGoesOnUntilNothingWasReported()
    {
        const auto timers = m_bench->registry.findChildren<QTimer *>();
        const auto sampler = std::find_if(timers.begin(), timers.end(), [](const QTimer *timer) {
            return !timer->isSingleShot();
        });
        QVERIFY(sampler != timers.end());
        const JobId id = m_bench->report({.title = u"a"_s, .total = 1000})->id;
        const qsizetype before = m_bench->recorder.events().size();
        QVERIFY(m_bench->report({.job = id.toString(), .done = 1}));
        QTRY_COMPARE(m_bench->recorder.events().size(), before + 1);
        QVERIFY((*sampler)->isActive());
        QTRY_VERIFY(!(*sampler)->isActive());
        QCOMPARE(m_bench->recorder.events().size(), before + 1);
    }

    void aJobThatIsRemovedSaysNoNumbers()
    {
        const JobReport ended{
            .job = u"own"_s, .title = u"a"_s, .state = JobState::Succeeded, .done = 1};
        const JobId id = m_bench->report(ended)->id;
        QVERIFY(m_bench->report({.job = u"own"_s, .state = JobState::Succeeded, .done = 2}));
        QVERIFY(m_bench->registry.remove(id));
        const JobId other = m_bench->report({.title = u"b"_s, .total = 1000})->id;
        QVERIFY(m_bench->report({.job = other.toString(), .done = 1}));
        const auto last = [&] { return m_bench->recorder.events().constLast().change; };
        QTRY_VERIFY(std::holds_alternative<JobProgressed>(last()));
        QCOMPARE(std::get<JobProgressed>(last()).job.id, other);
    }

    void speedIsMeasuredUnlessItIsSaid()
    {
        const JobId id = m_bench->report({.title = u"a"_s, .done = 0, .total = 4000})->id;
        m_bench->clock.advance(1s);
        const auto measured = m_bench->report({.job = id.toString(), .done = 1000});
        QCOMPARE(measured->progress.bytesPerSecond, 1000);
        QCOMPARE(measured->progress.etaSeconds, 3);
        const auto said =
            m_bench->report({.job = id.toString(), .bytesPerSecond = 7, .etaSeconds = 9});
        QCOMPARE(said->progress.bytesPerSecond, 7);
        QCOMPARE(said->progress.etaSeconds, 9);
    }

    void fiftyChangesASecond()
    {
        const JobId id = m_bench->report({.title = u"a"_s})->id; // the first change
        const auto say = [&](int i, const Principal &who = plain(u"local"_s)) {
            return m_bench->report({.job = id.toString(), .message = QString::number(i)}, who);
        };
        for (int i = 1; i < 50; ++i)
            QVERIFY(say(i));
        QCOMPARE(say(50).error().code, ErrorCode::RateLimited);
        QCOMPARE(m_bench->job(id).details.message, u"49"_s);
        QVERIFY(m_bench->report({.job = id.toString(), .done = 5})); // numbers are free
        QVERIFY(say(51, plain(u"local"_s, u"another token"_s)));
        m_bench->clock.advance(999ms);
        QVERIFY(!say(52));
        m_bench->clock.advance(1ms);
        QVERIFY(say(53));
    }

    void whoFallsSilentIsStaleAfterAMinute()
    {
        const JobId id = m_bench->report({.title = u"a"_s, .stage = Stage::Writing, .done = 5})->id;
        m_bench->wait(59'999ms);
        QCOMPARE(m_bench->job(id).progress.stage, Stage::Writing);
        m_bench->wait(1ms);
        QCOMPARE(m_bench->job(id).progress.stage, Stage::Stale);
        QCOMPARE(m_bench->job(id).state, JobState::Running);
        QCOMPARE(m_bench->job(id).progress.done, 5);
        const auto back = m_bench->report({.job = id.toString(), .done = 6});
        QCOMPARE(back->progress.stage, Stage::Writing);
        m_bench->wait(59s);
        QCOMPARE(m_bench->job(id).progress.stage, Stage::Writing);
        QVERIFY(m_bench->report({.job = id.toString(), .state = JobState::Succeeded}));
        m_bench->wait(120s);
        QCOMPARE(m_bench->job(id).progress.stage, Stage::None);
    }

    void itTakesNoPlaceInTheQueue()
    {
        m_bench->registry.setLimits({.downloads = 1, .flashes = 1, .others = 1});
        for (int i = 0; i < 5; ++i)
            QVERIFY(m_bench->report({.title = u"a"_s, .done = i}));
        const JobId queued = m_bench->report({.title = u"b"_s, .state = JobState::Queued})->id;
        const JobId ours = m_bench->registry.add({.kind = JobKind::Command, .owner = u"local"_s});
        QTRY_COMPARE(m_bench->job(ours).state, JobState::Failed); // started: there is no worker
        QCOMPARE(m_bench->job(queued).state, JobState::Queued);
    }

    void itCanOnlyBeCanceled()
    {
        const Principal who = Principal::localUser();
        const JobId id = m_bench->report(named(u"x"_s))->id;
        QCOMPARE(m_bench->service.pause(who, id).error().code, ErrorCode::InvalidState);
        QCOMPARE(m_bench->service.move(who, id, {}).error().code, ErrorCode::InvalidState);
        QCOMPARE(m_bench->service.cancel(who, id)->state, JobState::Canceled);
        QCOMPARE(m_bench->report({.job = u"x"_s, .done = 5}).error().code, ErrorCode::InvalidState);
        QCOMPARE(m_bench->service.retry(who, id).error().code, ErrorCode::InvalidState);
        QCOMPARE(m_bench->service.resume(who, id).error().code, ErrorCode::InvalidState);
        QCOMPARE(m_bench->recorder.states(id), (QStringList{u"running"_s, u"canceled"_s}));
    }

    void aProgramThatCanceledItselfMayBeginAgain()
    {
        const JobId id = m_bench->report(named(u"x"_s))->id;
        QVERIFY(m_bench->report({.job = u"x"_s, .state = JobState::Canceled}));
        const auto again = m_bench->report({.job = u"x"_s, .state = JobState::Running});
        QCOMPARE(again->id, id);
        QCOMPARE(again->attempt, 2);
    }

    void aRestartKeepsItAndDoesNotBelieveIt()
    {
        const JobId id =
            m_bench->report({.job = u"x"_s, .title = u"a"_s, .done = 5, .total = 9})->id;
        const JobId done = m_bench->report({.title = u"b"_s, .state = JobState::Succeeded})->id;
        m_bench.reset();
        m_bench.emplace(m_folder->path());
        QCOMPARE(m_bench->job(id).state, JobState::Running);
        QCOMPARE(m_bench->job(id).progress.stage, Stage::Stale);
        QCOMPARE(m_bench->job(id).attempt, 1);
        QCOMPARE(m_bench->job(done).state, JobState::Succeeded);
        const auto on = m_bench->report({.job = u"x"_s, .done = 7});
        QCOMPARE(on->id, id);
        QCOMPARE(on->progress.stage, Stage::None);
        QCOMPARE(on->progress.done, 7);
    }

    void init()
    {
        m_bench.reset();
        m_folder.emplace();
        m_bench.emplace(m_folder->path());
    }

private:
    std::optional<QTemporaryDir> m_folder;
    std::optional<Bench> m_bench;
};

QTEST_GUILESS_MAIN(ExternalJobsTest)
#include "tst_externaljobs.moc"
