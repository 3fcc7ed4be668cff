#include "core/driveservice.h"
#include "core/jobs/interruptedjob.h"
#include "core/jobs/jobregistry.h"
#include "core/jobservice.h"
#include "core/store/jobstore.h"
#include "core/store/settings.h"
#include "core/targetrules.h"
#include "tests/core/servedfile.h"
#include "tests/support/fakeclock.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <condition_variable>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// Works until it is stopped.
class EndlessWorker final : public JobWorker
{
public:
    Result<Outcome> run(std::stop_token stop, ProgressCell &) override
    {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any stopped;
        stopped.wait(lock, stop, [] { return false; });
        return Outcome::Stopped;
    }
};

/// Has made the file that the test says.
class ReaderOf final : public JobWorker
{
public:
    explicit ReaderOf(QString path)
        : m_path(std::move(path))
    { }
    Result<Outcome> run(std::stop_token, ProgressCell &progress) override
    {
        progress.edit([this](JobDetails &details) { details.target = m_path; });
        return Outcome::Completed;
    }

private:
    const QString m_path;
};

Principal plain(Scopes scopes)
{
    return {.name = u"test"_s, .owner = u"local"_s, .scopes = scopes};
}

/// The service with a real store, in a folder of its own, and one stick.
struct Bench {
    QTemporaryDir folder;
    tests::FakeClock clock;
    StoreThread thread{clock};
    JobStore store{thread, clock};
    Settings settings{thread};
    QString made; ///< by a worker that ends; empty: workers are endless
    WorkerFactory makeWorker = [this](const JobSnapshot &) -> Result<std::unique_ptr<JobWorker>> {
        if (made.isEmpty())
            return std::make_unique<EndlessWorker>();
        return std::make_unique<ReaderOf>(made);
    };
    JobRegistry registry{clock, makeWorker};
    DriveList drives{DrivePolicy()};
    Result<DriveRelease::Ending> ending = DriveRelease::Ending::PoweredOff;
    QList<DriveIdentity> ejected;
    JobService jobs{{.clock = clock,
                     .registry = registry,
                     .store = store,
                     .settings = settings,
                     .makeWorker = makeWorker,
                     .downloadFolder = folder.path(),
                     .ownPorts = [] { return QList<quint16>(); }}};
    DriveService service{{.registry = registry,
                          .store = store,
                          .drives = drives,
                          .targetRules = [this] { return jobs.targetRules(); },
                          .eject =
                              [this](const DriveIdentity &drive) {
                                  ejected.append(drive);
                                  return ending;
                              }}};

    Bench()
    {
        if (!thread.open(folder.filePath(u"dray.db"_s)) || !store.load() || !settings.load())
            qFatal("the store cannot be opened");
        QObject::connect(&registry, &JobRegistry::eventsReady, &store, &JobStore::record);
        drives.update({{.id = u"stick"_s,
                        .path = u"/dev/sdb"_s,
                        .serial = u"S"_s,
                        .size = 1'000'000,
                        .diskseq = 7,
                        .bus = Bus::Usb,
                        .isRemovable = true}});
    }
    ~Bench()
    {
        if (!registry.stopForExit(10s) || !service.stopForExit(10s) || !jobs.stopForExit(10s))
            qFatal("a worker does not stop");
    }
    Result<JobSnapshot> add(const Principal &who, DriveService::Spec spec, const QString &idem = {})
    {
        std::optional<Result<JobSnapshot>> answered;
        service.add(who, {std::move(spec), idem},
                    [&](const Result<JobSnapshot> &answer) { answered = answer; });
        if (!QTest::qWaitFor([&] { return answered.has_value(); }, 10'000))
            qFatal("add was not answered");
        return *answered;
    }
    Result<DriveRelease::Ending> eject(const Principal &who, const QString &drive)
    {
        std::optional<Result<DriveRelease::Ending>> answered;
        service.eject(who, drive, [&](const auto &answer) { answered = answer; });
        if (!QTest::qWaitFor([&] { return answered.has_value(); }, 10'000))
            qFatal("eject was not answered");
        return *answered;
    }
    [[nodiscard]] ReadSpec reading() const { return {u"stick"_s, folder.filePath(u"i.img"_s)}; }
};

} // namespace

class TestDriveService : public QObject
{
    Q_OBJECT
private slots:
    void needsTheScopeFlash()
    {
        Bench bench;
        const Principal page = plain(DefaultScopes);
        for (const DriveService::Spec &spec :
             {DriveService::Spec(bench.reading()),
              DriveService::Spec(CompareSpec{u"stick"_s, bench.folder.filePath(u"i"_s), {}}),
              DriveService::Spec(FormatSpec{u"stick"_s, {}, {u"stick"_s}})})
            QCOMPARE(bench.add(page, spec).error().code, ErrorCode::Forbidden);
        const FormatSpec format{u"stick"_s, {}, {u"stick"_s}};
        QVERIFY(bench.add(page, format).error().context.contains(u"drayctl format"_s));
        QCOMPARE(bench.eject(page, u"stick"_s).error().code, ErrorCode::Forbidden);
        QVERIFY(bench.registry.snapshots().isEmpty());
        QVERIFY(bench.add(plain(Scope::Flash), bench.reading()));
    }
    void theSameKeyGivesTheSameJob()
    {
        Bench bench;
        const Principal who = plain(Scope::Flash);
        const auto first = bench.add(who, bench.reading(), u"key"_s);
        QVERIFY(first);
        QCOMPARE(bench.add(who, bench.reading(), u"key"_s)->id, first->id);
        const auto other =
            bench.add(who, ReadSpec{u"stick"_s, bench.folder.filePath(u"j"_s)}, u"key"_s);
        QCOMPARE(other.error().code, ErrorCode::IdemReused);
    }
    void formattingIsAgreedToOnce()
    {
        Bench bench;
        const auto job =
            bench.add(Principal::localUser(), FormatSpec{u"stick"_s, {}, {u"stick"_s}});
        QVERIFY(job);
        QTRY_COMPARE(bench.registry.find(job->id)->state, JobState::Running);
        QCOMPARE(bench.jobs.pause(Principal::localUser(), job->id).error().code,
                 ErrorCode::ConfirmationRequired);
        QVERIFY(bench.jobs.cancel(Principal::localUser(), job->id));
        QTRY_COMPARE(bench.registry.find(job->id)->state, JobState::Canceled);
        QCOMPARE(bench.jobs.retry(Principal::localUser(), job->id).error().code,
                 ErrorCode::ConfirmationRequired);
        JobSnapshot queued = *job;
        QVERIFY(isInterrupted(queued)); // also when it had not begun
        interrupt(queued, AfterCrash::AsKind);
        QCOMPARE(queued.state, JobState::Failed);
    }
    void ejectsWhatNobodyWorksOn()
    {
        Bench bench;
        const Principal who = plain(Scope::Flash);
        const auto job = bench.add(who, bench.reading());
        QVERIFY(job);
        QTRY_COMPARE(bench.registry.find(job->id)->state, JobState::Running);
        const auto refused = bench.eject(who, u"/dev/sdb"_s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::DeviceBusy);
        QVERIFY(bench.ejected.isEmpty());
        QVERIFY(bench.registry.cancel(job->id));
        QTRY_COMPARE(bench.registry.find(job->id)->state, JobState::Canceled);
        QCOMPARE(bench.eject(who, u"/dev/sdb"_s), DriveRelease::Ending::PoweredOff);
        QCOMPARE(bench.ejected, QList{bench.drives.drives().first().drive.identity()});
    }
    void tellsWhyADriveIsNotEjected()
    {
        Bench bench;
        bench.ending = fail(ErrorCode::DeviceBusy, u"/media/a is in use by bash"_s);
        const auto refused = bench.eject(Principal::localUser(), u"stick"_s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().context, u"/media/a is in use by bash"_s);
        QCOMPARE(bench.eject(Principal::localUser(), u"x"_s).error().code, ErrorCode::NotFound);
    }
    void whatWasReadIsForWhoMayReadDrives()
    {
        Bench bench;
        bench.made = bench.reading().to;
        for (const char *ending : {"", ".bmap", ".sha256"})
            QVERIFY(QFile(bench.made + QLatin1StringView(ending)).open(QIODevice::WriteOnly));
        const auto job = bench.add(Principal::localUser(), bench.reading());
        QVERIFY(job);
        QTRY_COMPARE(bench.registry.find(job->id)->state, JobState::Succeeded);
        QCOMPARE(tests::servedFile(bench.jobs, plain(DefaultScopes), job->id).error().code,
                 ErrorCode::Forbidden);
        QVERIFY(tests::servedFile(bench.jobs, plain(DefaultScopes | Scope::Flash), job->id));
        bool isRemoved = false;
        bench.jobs.remove(Principal::localUser(), job->id, RemoveFiles::Yes,
                          [&isRemoved](const Result<void> &removed) { isRemoved = bool(removed); });
        QTRY_VERIFY(isRemoved);
        QTRY_COMPARE(QDir(bench.folder.path()).entryList({u"i.img*"_s}), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestDriveService)
#include "tst_driveservice.moc"
