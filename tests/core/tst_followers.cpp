#include "core/followers.h"
#include "core/jobservice.h"
#include "core/store/jobstore.h"
#include "core/store/settings.h"
#include "core/storedspecjson.h"
#include "tests/core/servedfile.h"
#include "tests/support/fakeclock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

using Kind = AfterAction::Kind;

/// A download that makes its file at once; without a path it makes none.
class FileWorker final : public JobWorker
{
public:
    explicit FileWorker(QString path)
        : m_path(std::move(path))
    { }
    Result<Outcome> run(std::stop_token, ProgressCell &progress) override
    {
        QFile file(m_path);
        if (!m_path.isEmpty() && (!file.open(QIODevice::WriteOnly) || file.write("bytes") != 5))
            return fail(ErrorCode::FileAccess, m_path);
        progress.edit([this](JobDetails &details) { details.target = m_path; });
        return Outcome::Completed;
    }

private:
    const QString m_path;
};

/// A hub without a network: downloads as FileWorker makes them, followers as they are.
struct Bench {
    Bench()
    {
        if (!thread.open(database()) || !store.load() || !settings.load()
            || !QDir().mkpath(path({})))
            qFatal("the store cannot be opened");
        QObject::connect(&registry, &JobRegistry::eventsReady, &store, &JobStore::record);
        QObject::connect(&registry, &JobRegistry::eventsReady,
                         [this](const JobEvents &more) { events += more; });
    }
    ~Bench()
    {
        if (!registry.stopForExit(10s) || !service.stopForExit(10s))
            qFatal("a worker does not stop");
    }
    [[nodiscard]] QString database() const { return folder.filePath(u"dray.db"_s); }
    [[nodiscard]] QString path(const QString &name) const
    {
        return folder.filePath(u"downloads/"_s + name);
    }
    [[nodiscard]] WorkerFactory factory()
    {
        return [this](const JobSnapshot &job) -> Result<std::unique_ptr<JobWorker>> {
            if (job.kind == JobKind::Download || job.kind == JobKind::Media)
                return std::make_unique<FileWorker>(target);
            return makeFollower(job, registry.find(job.prerequisites.value(0)), job.id.toString());
        };
    }
    /// Adds a download; answers it and what follows it.
    QList<JobSnapshot> add(const QList<AfterAction> &after,
                           std::optional<MediaChoice> media = std::nullopt)
    {
        DownloadSpec spec{.url = QUrl(u"http://example.test/file.bin"_s)};
        spec.after = after;
        service.addDownload(Principal::localUser(), {.spec = spec, .media = media},
                            [](const Result<JobSnapshot> &) {});
        return registry.snapshots();
    }
    [[nodiscard]] bool haveAllEnded() const
    {
        const auto jobs = registry.snapshots();
        return std::ranges::all_of(jobs, [](const JobSnapshot &job) { return isFinal(job.state); });
    }

    QTemporaryDir folder;
    QString target = path(u"file.bin"_s);
    JobEvents events;
    tests::FakeClock clock;
    StoreThread thread{clock};
    JobStore store{thread, clock};
    Settings settings{thread};
    JobRegistry registry{clock, factory()};
    JobService service{{.clock = clock,
                        .registry = registry,
                        .store = store,
                        .settings = settings,
                        .makeWorker = factory(),
                        .downloadFolder = path({}),
                        .ownPorts = [] { return QList<quint16>(); }}};
};

} // namespace

class FollowersTest : public QObject
{
    Q_OBJECT
private slots:
    void aMovedFileIsTheDownloadsForWhatComesLater();
    void bothChangesAreStoredTogether();
    void withoutAFileThereIsNothingToDo_data();
    void withoutAFileThereIsNothingToDo();
    void pagesMayBeFollowed();
    void onlyAMoveGoesOnAfterACrash_data();
    void onlyAMoveGoesOnAfterACrash();
};

void FollowersTest::aMovedFileIsTheDownloadsForWhatComesLater()
{
    Bench bench;
    const QString films = bench.path(u"films"_s);
    const QString mine = bench.path(u"mine"_s);
    const auto jobs = bench.add({{.kind = Kind::Move, .folder = films},
                                 {.kind = Kind::Move, .folder = mine + "/../mine"_L1},
                                 {.kind = Kind::Run, .command = u"cp {path} {folder}/copy"_s}});
    QTRY_VERIFY(bench.haveAllEnded());
    for (const JobSnapshot &job : bench.registry.snapshots())
        QCOMPARE(job.state, JobState::Succeeded);
    const QString moved = QDir(mine).filePath(u"file.bin"_s);
    QCOMPARE(bench.registry.find(jobs[0].id)->details.target, moved);
    QCOMPARE(*tests::servedFile(bench.service, Principal::localUser(), jobs[0].id), moved);
    QVERIFY(QFileInfo::exists(QDir(mine).filePath(u"copy"_s)));
    QVERIFY(!QFileInfo::exists(bench.target));
    QTRY_COMPARE(QDir(mine).entryList(QDir::Files | QDir::Hidden),
                 QStringList({u"copy"_s, u"file.bin"_s})); // the record goes when all is stored
}

/// A crash in between would leave a download that names a file which is elsewhere.
void FollowersTest::bothChangesAreStoredTogether()
{
    Bench bench;
    const auto jobs = bench.add({{.kind = Kind::Move, .folder = bench.path(u"films"_s)}});
    QTRY_VERIFY(bench.haveAllEnded());
    const auto followed = std::get<JobChanged>(bench.events.constLast().change);
    const auto download = std::get<JobChanged>(bench.events[bench.events.size() - 2].change);
    QCOMPARE(followed.job.id, jobs[1].id);
    QCOMPARE(followed.job.state, JobState::Succeeded);
    QCOMPARE(download.job.id, jobs[0].id);
    QCOMPARE(download.job.rev, download.before.rev + 1);
    bool isStored = false;
    bench.store.whenCommitted(jobs[1].id, &bench.registry,
                              [&](const Result<void> &written) { isStored = written.has_value(); });
    QTRY_VERIFY(isStored);
    StoreThread second(bench.clock);
    QVERIFY(second.open(bench.database()));
    JobStore reader(second, bench.clock);
    const auto stored = reader.load();
    QVERIFY(stored);
    QCOMPARE(stored->constFirst().details.target, bench.path(u"films/file.bin"_s));
}

void FollowersTest::withoutAFileThereIsNothingToDo_data()
{
    QTest::addColumn<AfterAction>("action");
    QTest::newRow("extract") << AfterAction{};
    QTest::newRow("run") << AfterAction{.kind = Kind::Run, .command = u"false"_s};
    QTest::newRow("open") << AfterAction{.kind = Kind::Open};
    QTest::newRow("move") << AfterAction{.kind = Kind::Move, .folder = u"/nowhere"_s};
}

void FollowersTest::withoutAFileThereIsNothingToDo()
{
    QFETCH(AfterAction, action);
    Bench bench;
    bench.target.clear();
    const auto jobs = bench.add({action});
    QTRY_VERIFY(bench.haveAllEnded());
    const JobSnapshot *follower = bench.registry.find(jobs[1].id);
    QCOMPARE(follower->state, JobState::Succeeded);
    QVERIFY(follower->details.message.contains(u"no file"_s));
}

void FollowersTest::pagesMayBeFollowed()
{
    Bench bench;
    const auto jobs =
        bench.add({{.kind = Kind::Run, .command = u"cp {path} {path}.copy"_s}}, MediaChoice());
    QCOMPARE(jobs[0].kind, JobKind::Media);
    QTRY_VERIFY(bench.haveAllEnded());
    QVERIFY(QFileInfo::exists(bench.target + ".copy"_L1));
}

void FollowersTest::onlyAMoveGoesOnAfterACrash_data()
{
    QTest::addColumn<AfterAction>("action");
    QTest::addColumn<JobState>("state");
    QTest::newRow("run") << AfterAction{.kind = Kind::Run, .command = u"true"_s}
                         << JobState::Failed;
    QTest::newRow("open") << AfterAction{.kind = Kind::Open} << JobState::Failed;
    QTest::newRow("move") << AfterAction{.kind = Kind::Move, .folder = u"/a"_s} << JobState::Queued;
}

void FollowersTest::onlyAMoveGoesOnAfterACrash()
{
    QFETCH(AfterAction, action);
    Bench bench;
    const JobSnapshot job{.id = JobId{4},
                          .kind = JobKind::Command,
                          .state = JobState::Running,
                          .spec = encodeSpec(action),
                          .prerequisites = {JobId{3}}};
    bench.registry.restore(job, afterCrash(job));
    QTEST(bench.registry.find(job.id)->state, "state");
}

QTEST_GUILESS_MAIN(FollowersTest)
#include "tst_followers.moc"
