#include "tests/ui/support/threadedhub.h"
#include "ui/hubfeed.h"
#include "ui/models/joblistmodel.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QTest>

#include <algorithm>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// Counts up until it is told to stop.
class CountingWorker final : public JobWorker
{
public:
    Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override
    {
        progress.enter(Stage::Transferring);
        for (qint64 done = 1; !stop.stop_requested(); ++done) {
            progress.setDone(done);
            std::this_thread::yield();
        }
        return Outcome::Stopped;
    }
};

Result<std::unique_ptr<JobWorker>> makeWorker(const JobSnapshot &)
{
    return std::make_unique<CountingWorker>();
}

struct Bench : tests::ThreadedHub {
    Bench()
        : ThreadedHub(makeWorker)
    { }
    void add(int count)
    {
        onHub([this, count] {
            for (int i = 0; i < count; ++i)
                hub->registry.add({});
        });
    }
};

} // namespace

class TestHubFeed : public QObject
{
    Q_OBJECT
private slots:
    void snapshotAndEventsMeetWithoutAGap()
    {
        Bench bench;
        ui::JobListModel model;
        const QAbstractItemModelTester tester(&model);
        ui::HubFeed feed(bench.hub->registry, &bench.context);
        bench.add(40);
        QMetaObject::invokeMethod(&bench.context, [&bench] {
            for (int i = 0; i < 40; ++i)
                bench.hub->registry.add({});
        });
        feed.join(model);
        bench.add(40);
        QTRY_COMPARE(model.rowCount(), 120);
        QTRY_COMPARE(model.totals().running, 3);
        for (int row = 0; row < model.rowCount(); ++row)
            QCOMPARE(model.job(row).id.value, row + 1);
    }

    void windowAndSourceMayEndInAnyOrder()
    {
        Bench bench;
        auto model = std::make_unique<ui::JobListModel>();
        auto feed = std::make_unique<ui::HubFeed>(bench.hub->registry, &bench.context);
        feed->join(*model);
        bench.add(5);
        model.reset();
        bench.add(5);
        QCoreApplication::processEvents();
        feed->join(*(model = std::make_unique<ui::JobListModel>()));
        feed.reset();
        bench.add(5);
        QCoreApplication::processEvents();
        QCOMPARE(model->rowCount(), 0);
    }

    void commandsAreAnsweredOnTheUiThread()
    {
        Bench bench;
        ui::HubCommands commands(bench.hub->doors(), &bench.context);
        QThread *answeredOn = nullptr;
        Result<JobId> id;
        commands.add({.spec = {.url = QUrl(u"http://example.org/a.iso"_s)}},
                     [&](const Result<JobId> &added) {
                         answeredOn = QThread::currentThread();
                         id = added;
                     });
        QTRY_COMPARE(answeredOn, QThread::currentThread());
        QVERIFY2(id.has_value(), id ? "" : qPrintable(id.error().context));
        QStringList answers;
        const auto note = [&](const Result<void> &result) {
            answers.append(result ? u"ok"_s : errorCodeName(result.error().code).toString());
        };
        commands.tell(*id, ui::JobVerb::Pause, note);
        commands.tell({99}, ui::JobVerb::Cancel, note);
        commands.remove({99}, RemoveFiles::No, note);
        commands.move({99}, {QueuePlace::To::Top}, note);
        commands.setLimit(*id, 5000, note);
        commands.setTotalLimit(-1, note);
        commands.refreshUrl({99}, QUrl(u"http://example.org/b"_s), note);
        QTRY_COMPARE(answers,
                     (QStringList{u"ok"_s, u"notFound"_s, u"notFound"_s, u"notFound"_s, u"ok"_s,
                                  u"invalidArgument"_s, u"notFound"_s}));
    }

    void aPageIsAddedAsAMediaJob()
    {
        Bench bench;
        ui::HubCommands commands(bench.hub->doors(), &bench.context);
        std::optional<JobId> id;
        commands.add({.spec = {.url = QUrl(u"http://example.org/talk"_s)},
                      .media = MediaChoice{.isAudioOnly = true}},
                     [&](const Result<JobId> &added) { id = added.value_or(JobId{}); });
        QTRY_VERIFY(id.has_value());
        JobKind kind = JobKind::Download;
        bench.onHub([&] {
            if (const JobSnapshot *job = bench.hub->registry.find(*id))
                kind = job->kind;
        });
        QCOMPARE(kind, JobKind::Media);
    }

    void timesReachTheJob()
    {
        Bench bench;
        ui::HubCommands commands(bench.hub->doors(), &bench.context);
        std::optional<JobId> id;
        commands.add({.spec = {.url = QUrl(u"http://example.org/a.iso"_s)},
                      .startPaused = true,
                      .stopAt = 4'000'000'000'000},
                     [&](const Result<JobId> &added) { id = added.value_or(JobId{}); });
        QTRY_VERIFY(id.has_value());
        JobSnapshot job;
        bench.onHub([&] {
            if (const JobSnapshot *found = bench.hub->registry.find(*id))
                job = *found;
        });
        QCOMPARE(job.state, JobState::Paused);
        QCOMPARE(job.stopAt, 4'000'000'000'000);
    }

    void settingsAreListedAndSet()
    {
        Bench bench;
        ui::HubCommands commands(bench.hub->doors(), &bench.context);
        QList<Settings::Entry> entries;
        QStringList answers;
        const auto note = [&](const Result<void> &result) {
            answers.append(result ? u"ok"_s : result.error().context);
        };
        commands.setSetting(u"queue.downloads"_s, 5, note);
        commands.setSetting(u"queue.downloads"_s, 0, note);
        commands.listSettings([&](const auto &listed) { entries = listed; });
        QTRY_VERIFY(!entries.isEmpty());
        QCOMPARE(answers.size(), 2);
        QCOMPARE(answers.first(), u"ok"_s);
        QVERIFY(answers.last().contains(u"1 to 100"_s));
        const auto row = std::ranges::find(entries, u"queue.downloads"_s, &Settings::Entry::key);
        QVERIFY(row != entries.end());
        QCOMPARE(row->value, QVariant(5LL));
    }

    void answersAfterTheEndAreDropped()
    {
        Bench bench;
        auto commands = std::make_unique<ui::HubCommands>(bench.hub->doors(), &bench.context);
        bool isAnswered = false;
        commands->tell({1}, ui::JobVerb::Pause, [&](const auto &) { isAnswered = true; });
        commands.reset();
        bench.onHub([] {});
        QCoreApplication::processEvents();
        QVERIFY(!isAnswered);
    }
};

QTEST_MAIN(TestHubFeed)
#include "tst_hubfeed.moc"
