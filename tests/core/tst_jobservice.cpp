#include "core/jobs/jobregistry.h"
#include "core/jobservice.h"
#include "core/store/database.h"
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

/// What workers were asked to remove.
struct Cleanups {
    std::atomic<int> concluded{0};
    std::atomic<int> discarded{0};
};

/// Finishes at once with the target that the test says; fails without one.
class InstantWorker final : public JobWorker
{
public:
    InstantWorker(QString target, Cleanups *cleanups)
        : m_target(std::move(target))
        , m_cleanups(cleanups)
    { }
    Result<Outcome> run(std::stop_token, ProgressCell &progress) override
    {
        if (m_target.isEmpty())
            return fail(ErrorCode::Network, u"reset"_s);
        progress.edit([this](JobDetails &details) { details.target = m_target; });
        return Outcome::Completed;
    }
    void conclude() override { ++m_cleanups->concluded; }
    void discard() override { ++m_cleanups->discarded; }

private:
    QString m_target;
    Cleanups *m_cleanups;
};

Principal plain(const QString &owner, Scopes scopes = DefaultScopes)
{
    return {.name = u"test"_s, .owner = owner, .scopes = scopes};
}

/// The service with a real store, in a folder of its own.
struct Bench {
    QTemporaryDir folder;
    tests::FakeClock clock;
    StoreThread thread{clock};
    JobStore store{thread, clock};
    Settings settings{thread};
    QString target;
    Cleanups cleanups;
    JobRegistry registry{clock, [this](const JobSnapshot &) -> Result<std::unique_ptr<JobWorker>> {
                             return std::make_unique<InstantWorker>(target, &cleanups);
                         }};
    JobService service{
        {.clock = clock,
         .registry = registry,
         .store = store,
         .settings = settings,
         .makeWorker = [this](const JobSnapshot &) -> Result<std::unique_ptr<JobWorker>> {
             return std::make_unique<InstantWorker>(target, &cleanups);
         },
         .downloadFolder = folder.filePath(u"downloads"_s),
         .ownPorts = [] { return QList<quint16>{8765}; }}};

    Bench()
    {
        if (!thread.open(folder.filePath(u"dray.db"_s)) || !store.load() || !settings.load()
            || !QDir().mkpath(service.downloadFolder()))
            qFatal("the store cannot be opened");
        target = service.downloadFolder() + u"/file.bin"_s;
        QObject::connect(&registry, &JobRegistry::eventsReady, &store, &JobStore::record);
    }
    ~Bench()
    {
        if (!registry.stopForExit(10s) || !service.stopForExit(10s))
            qFatal("a worker does not stop");
    }
    /// Whether jobs can be written to the store.
    void letWrite(bool isOn)
    {
        const QString sql = isOn ? u"DROP TRIGGER full"_s
                                 : u"CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN "
                                   "SELECT RAISE(ABORT, 'full'); END"_s;
        const auto set =
            thread.runNow([&sql](Database &database) { return database.run(u"test"_s, sql); });
        if (!set)
            qFatal("%s", qUtf8Printable(set.error().context));
    }
    std::optional<JobId> findTwin(const Principal &who, const QUrl &url)
    {
        std::optional<std::optional<JobId>> found;
        service.findTwin(who, url, [&found](const auto &twin) { found = twin; });
        return QTest::qWaitFor([&found] { return found.has_value(); }) ? *found : JobId{-1};
    }
    Result<JobSnapshot>
    add(const Principal &who, DownloadSpec spec, const QString &idem = {}, bool paused = false)
    {
        std::optional<Result<JobSnapshot>> answered;
        service.addDownload(who, {std::move(spec), idem, paused},
                            [&](const Result<JobSnapshot> &answer) { answered = answer; });
        if (!QTest::qWaitFor([&] { return answered.has_value(); }, 10'000))
            qFatal("add was not answered");
        return *answered;
    }
    Result<void> remove(const Principal &who, JobId id, RemoveFiles files)
    {
        std::optional<Result<void>> answered;
        service.remove(who, id, files, [&](const Result<void> &answer) { answered = answer; });
        if (!QTest::qWaitFor([&] { return answered.has_value(); }, 10'000))
            qFatal("remove was not answered");
        return *answered;
    }
};

DownloadSpec file(const QString &url = u"http://example.test/dir/file.bin"_s)
{
    return {.url = QUrl(url)};
}

} // namespace

class TestJobService : public QObject
{
    Q_OBJECT
private slots:
    void addAnswersWithTheJobOnDisk()
    {
        Bench bench;
        const auto job = bench.add(plain(u"local"_s),
                                   file(u"http://ann:secret@example.test/dir/file.bin#top"_s));
        QVERIFY(job);
        QCOMPARE(job->details.title, u"file.bin"_s);
        QCOMPARE(job->source, u"http://example.test/dir/file.bin"_s);
        QCOMPARE(job->owner, u"local"_s);
        QVERIFY(job->spec.contains(bench.service.downloadFolder().toUtf8()));
        tests::FakeClock clock;
        StoreThread second(clock);
        JobStore reader(second, clock);
        QVERIFY(second.open(bench.folder.filePath(u"dray.db"_s)));
        const auto stored = reader.load();
        QVERIFY(stored);
        QCOMPARE(stored->size(), 1);
        QCOMPARE(stored->first().id, job->id);
    }

    void refusesWhatItShould_data()
    {
        QTest::addColumn<Principal>("who");
        QTest::addColumn<DownloadSpec>("spec");
        QTest::addColumn<QString>("named"); // what the message must name
        Principal remote = plain(u"local"_s);
        remote.isRemote = true;
        DownloadSpec elsewhere = file();
        elsewhere.to = u"/etc"_s;
        DownloadSpec sneaky = file();
        sneaky.to = u"/"_s;
        DownloadSpec cookies = file();
        cookies.request.cookies = u"/etc/passwd"_s;
        QTest::newRow("without scope add") << plain(u"x"_s, Scope::Read) << file() << u"add"_s;
        QTest::newRow("outside the folder") << plain(u"local"_s) << elsewhere << u"/etc"_s;
        QTest::newRow("root is not inside") << plain(u"local"_s) << sneaky << u"folder /"_s;
        QTest::newRow("cookie file outside the folder")
            << plain(u"local"_s) << cookies << u"/etc/passwd"_s;
        DownloadSpec logins = file();
        logins.request.netrc = u"/home/me/.netrc"_s;
        QTest::newRow("netrc outside the folder")
            << plain(u"local"_s) << logins << u"/home/me/.netrc"_s;
        QTest::newRow("our own port")
            << Principal::localUser() << file(u"http://127.0.0.1:8765/api"_s) << u"Dray's own"_s;
        DownloadSpec proxied = file();
        proxied.request.proxy = u"socks5://127.0.0.1:22"_s;
        QTest::newRow("loopback proxy for a remote") << remote << proxied << u"127.0.0.1:22"_s;
        proxied.request.proxy = u"http://localhost:8765"_s;
        QTest::newRow("our own port as proxy")
            << Principal::localUser() << proxied << u"Dray's own"_s;
        QTest::newRow("our own port by name")
            << Principal::localUser() << file(u"http://localhost:8765/api"_s) << u"Dray's own"_s;
        QTest::newRow("our own port by absolute name")
            << Principal::localUser() << file(u"http://localhost.:8765/api"_s) << u"Dray's own"_s;
        QTest::newRow("loopback for a remote")
            << remote << file(u"http://127.0.0.1:80/x"_s) << u"remote"_s;
        QTest::newRow("link-local for a remote")
            << remote << file(u"http://169.254.169.254/meta"_s) << u"remote"_s;
        QTest::newRow("IPv6 loopback for a remote")
            << remote << file(u"http://[::1]/x"_s) << u"remote"_s;
    }
    void refusesWhatItShould()
    {
        QFETCH(Principal, who);
        QFETCH(DownloadSpec, spec);
        QFETCH(QString, named);
        Bench bench;
        const auto job = bench.add(who, spec);
        QVERIFY(!job);
        QCOMPARE(job.error().code, ErrorCode::Forbidden);
        QVERIFY2(job.error().context.contains(named), qPrintable(job.error().context));
        QVERIFY(bench.registry.snapshots().isEmpty());
    }

    void localUserMaySaveAnywhere()
    {
        Bench bench;
        DownloadSpec spec = file();
        spec.to = u"/etc"_s;
        QVERIFY(bench.add(Principal::localUser(), spec, {}, true));
    }

    void theSameIdemIsTheSameJob()
    {
        Bench bench;
        const Principal ann = plain(u"ann"_s);
        const auto first = bench.add(ann, file(), u"k1"_s);
        const auto second = bench.add(ann, file(), u"k1"_s);
        QVERIFY(first && second);
        QCOMPARE(second->id, first->id);
        QCOMPARE(bench.add(ann, file(u"http://example.test/other"_s), u"k1"_s).error().code,
                 ErrorCode::IdemReused);
        const auto other = bench.add(plain(u"bob"_s), file(), u"k1"_s);
        QVERIFY(other);
        QVERIFY(other->id != first->id);
    }

    void aRequestRepeatedWhileNothingCanBeWrittenLeavesItsJob()
    {
        Bench bench;
        const Principal ann = plain(u"ann"_s);
        const auto first = bench.add(ann, file(), u"k1"_s, true);
        QVERIFY(first);
        bench.letWrite(false);
        QVERIFY(bench.service.setLimit(ann, first->id, 5000)); // something is to be written
        const auto repeated = bench.add(ann, file(), u"k1"_s, true);
        QVERIFY(!repeated);
        QCOMPARE(errorCodeName(repeated.error().code), errorCodeName(ErrorCode::StoreFailed));
        QVERIFY(!bench.add(ann, file(), u"k2"_s, true)); // is dropped, as its answer says
        QTRY_COMPARE(bench.registry.snapshots().size(), 1);
        QCOMPARE(bench.registry.snapshots().constFirst().id, first->id);
        QCOMPARE(bench.registry.find(first->id)->state, JobState::Paused);
        bench.letWrite(true);
        QTRY_VERIFY(bench.add(ann, file(), u"k1"_s, true)); // a write may have been under way
        QCOMPARE(bench.add(ann, file(), u"k1"_s, true)->id, first->id);
    }

    void theSameIdemIsTheSameJobAfterTheSettingsChanged()
    {
        Bench bench;
        const Principal me = Principal::localUser();
        const auto first = bench.add(me, file(), u"k1"_s);
        QVERIFY(first);
        QVERIFY(bench.settings.set(u"download.ifExists"_s, u"skip"_s));
        QVERIFY(bench.settings.set(u"download.netrc"_s, u"/home/ann/.netrc"_s));
        const auto second = bench.add(me, file(), u"k1"_s);
        QVERIFY(second);
        QCOMPARE(second->id, first->id);
    }

    void theSameRequestTwiceAtOnceIsOneJobAlsoWhileTheDiskIsLookedAt()
    {
        Bench bench;
        DownloadSpec spec = file();
        spec.ifExists = IfExists::Skip;
        QList<JobId> ids;
        for (int i = 0; i < 2; ++i)
            bench.service.addDownload(plain(u"ann"_s), {spec, u"k"_s},
                                      [&](const auto &job) { ids.append(job.value().id); });
        QTRY_COMPARE(ids.size(), 2);
        QCOMPARE(ids.at(0), ids.at(1));
    }

    void theNetrcSettingYieldsToALoginThatIsGiven_data()
    {
        QTest::addColumn<DownloadSpec>("spec");
        QTest::addColumn<Principal>("who");
        QTest::addColumn<bool>("isUsed");
        const Principal local = Principal::localUser();
        QTest::newRow("none given") << file() << local << true;
        QTest::newRow("no admin") << file() << plain(u"ann"_s) << false;
        DownloadSpec spec = file();
        spec.headers = {{u"authorization"_s, u"Bearer x"_s}};
        QTest::newRow("a header") << spec << local << false;
        QTest::newRow("in the link") << file(u"http://a:b@example.test/f"_s) << local << false;
        spec = file();
        spec.request.user = u"ann"_s;
        QTest::newRow("a user") << spec << local << false;
    }
    void theNetrcSettingYieldsToALoginThatIsGiven()
    {
        QFETCH(DownloadSpec, spec);
        QFETCH(Principal, who);
        QFETCH(bool, isUsed);
        Bench bench;
        QVERIFY(bench.settings.set(u"download.netrc"_s, u"/home/ann/.netrc"_s));
        const auto job = bench.add(who, spec, {}, true);
        QVERIFY2(job, qPrintable(job ? QString() : job.error().context));
        QCOMPARE(job->spec.contains("/home/ann/.netrc"), isUsed);
    }

    void aSecondDownloadOfALinkIsTreatedAsAsked()
    {
        Bench bench;
        const Principal ann = plain(u"ann"_s);
        const auto first = bench.add(ann, file(), {}, true);
        QVERIFY(first);
        DownloadSpec spec = file(u"http://example.test/dir/file.bin#part"_s);
        spec.ifExists = IfExists::Ask;
        const auto asked = bench.add(ann, spec);
        QCOMPARE(asked.error().code, ErrorCode::FileExists);
        QVERIFY(asked.error().context.contains(u"job "_s + first->id.toString()));
        QCOMPARE(bench.findTwin(ann, spec.url), std::optional(first->id));
        QVERIFY(bench.add(plain(u"bob"_s), spec, {}, true)); // ann's jobs are not bob's business
        spec.ifExists = IfExists::Skip;
        const auto skipped = bench.add(ann, spec);
        QVERIFY(skipped);
        QCOMPARE(skipped->state, JobState::Succeeded);
        QVERIFY(skipped->details.message.contains(u"skipped"_s));
        QVERIFY(skipped->details.target.isEmpty());
        spec.ifExists = IfExists::Rename;
        QCOMPARE(bench.add(ann, spec, {}, true)->state, JobState::Paused);
    }

    /// What others see of it is the same.
    void linksThatDifferInASecretAreNotTheSame()
    {
        Bench bench;
        const Principal ann = plain(u"ann"_s);
        const QString link = u"http://me:pw@example.test/f.bin?token=%1"_s;
        const auto first = bench.add(ann, file(link.arg(u"one"_s)), {}, true);
        const auto second = bench.add(ann, file(link.arg(u"two"_s)), {}, true);
        QVERIFY(first && second);
        QCOMPARE(first->source, u"http://example.test/f.bin?token=***"_s);
        QVERIFY(first->spec.contains("token=one"));
        QCOMPARE(bench.findTwin(ann, QUrl(link.arg(u"one"_s))), std::optional(first->id));
        QCOMPARE(bench.findTwin(ann, QUrl(link.arg(u"two"_s))), std::optional(second->id));
        QCOMPARE(bench.findTwin(ann, QUrl(link.arg(u"three"_s))), std::nullopt);
        QVERIFY(bench.service.refreshUrl(ann, second->id, QUrl(link.arg(u"three"_s))));
        QCOMPARE(bench.findTwin(ann, QUrl(link.arg(u"two"_s))), std::nullopt);
        QCOMPARE(bench.findTwin(ann, QUrl(link.arg(u"three"_s))), std::optional(second->id));
        DownloadSpec again = file(link.arg(u"one"_s));
        again.ifExists = IfExists::Ask;
        QVERIFY(!bench.add(ann, again).error().context.contains(u"one"_s));
    }

    void aLinkCountsAsLongAsItsJobOrItsFileIsThere()
    {
        Bench bench;
        const Principal ann = plain(u"ann"_s);
        QCOMPARE(bench.findTwin(ann, file().url), std::nullopt);
        QFile made(bench.target);
        QVERIFY(made.open(QIODevice::WriteOnly));
        const auto job = bench.add(ann, file());
        QTRY_COMPARE(bench.registry.find(job->id)->state, JobState::Succeeded);
        QCOMPARE(bench.findTwin(ann, file().url), std::optional(job->id));
        QVERIFY(made.remove());
        QCOMPARE(bench.findTwin(ann, file().url), std::nullopt);
        QVERIFY(made.open(QIODevice::WriteOnly));
        QVERIFY(bench.remove(ann, job->id, RemoveFiles::No));
        QCOMPARE(bench.findTwin(ann, file().url), std::nullopt);
    }

    void askingSaysNothingOfFilesElsewhere()
    {
        Bench bench;
        QFile secret(bench.folder.filePath(u"secret"_s));
        QVERIFY(secret.open(QIODevice::WriteOnly));
        DownloadSpec spec = file(u"http://example.test/..%2Fsecret"_s);
        spec.ifExists = IfExists::Ask;
        QVERIFY(bench.add(plain(u"ann"_s), spec, {}, true));
    }

    void theSettingHoldsForWhoSaysNothing()
    {
        Bench bench;
        const Principal ann = plain(u"ann"_s);
        QVERIFY(!bench.settings.set(u"download.ifExists"_s, u"maybe"_s));
        QVERIFY(bench.settings.set(u"download.ifExists"_s, u"ask"_s));
        QFile made(bench.target);
        QVERIFY(made.open(QIODevice::WriteOnly));
        QCOMPARE(bench.add(ann, file()).error().code, ErrorCode::FileExists);
        DownloadSpec spec = file();
        spec.ifExists = IfExists::Rename;
        QVERIFY(bench.add(ann, spec, {}, true));
    }

    void categoriesGiveTheFolderToWhoNamesNone_data()
    {
        QTest::addColumn<DownloadSpec>("spec");
        QTest::addColumn<QString>("folder"); // inside the download folder unless absolute
        DownloadSpec spec = file();
        QTest::newRow("no rule fits") << spec << u"."_s;
        spec.url = QUrl(u"http://other.test/a.iso?x=1"_s);
        QTest::newRow("extension") << spec << u"images"_s;
        spec.name = u"a.txt"_s;
        QTest::newRow("extension of the chosen name") << spec << u"."_s;
        spec.url = QUrl(u"http://dl.work.test/x"_s);
        QTest::newRow("host") << spec << u"/tmp/elsewhere"_s;
        spec.category = u"Images"_s;
        QTest::newRow("by hand") << spec << u"images"_s;
    }
    void categoriesGiveTheFolderToWhoNamesNone()
    {
        QFETCH(DownloadSpec, spec);
        QFETCH(QString, folder);
        Bench bench;
        const QString rules = uR"([{"name":"Images","folder":"images","extensions":["iso"]},
            {"name":"Work","folder":"/tmp/elsewhere","hosts":["work.test"]}])"_s;
        QVERIFY(bench.settings.set(u"download.categories"_s, rules));
        const auto job = bench.add(plain(u"ann"_s), spec, {}, true);
        QVERIFY2(job, qPrintable(job ? QString() : job.error().context));
        const QString path = QDir::cleanPath(QDir(bench.service.downloadFolder()).filePath(folder));
        QVERIFY2(job->spec.contains("\"to\":\"" + path.toUtf8() + '"'), job->spec.constData());
    }

    void anUnknownCategoryIsRefusedNamingTheKnown()
    {
        Bench bench;
        QVERIFY(bench.settings.set(u"download.categories"_s,
                                   uR"([{"name":"Images","folder":"images"}])"_s));
        DownloadSpec spec = file();
        spec.category = u"Music"_s;
        const auto job = bench.add(plain(u"ann"_s), spec);
        QCOMPARE(job.error().code, ErrorCode::InvalidArgument);
        QVERIFY(job.error().context.contains(u"Music"_s));
        QVERIFY(job.error().context.contains(u"Images"_s));
        const auto wrong = bench.settings.set(u"download.categories"_s, u"[{}]"_s);
        QVERIFY(!wrong);
        QVERIFY(wrong.error().context.contains(u"category 1"_s));
    }

    void whatFollowsWaitsForTheDownloadAndItsRetry()
    {
        Bench bench;
        bench.target.clear();
        DownloadSpec spec = file();
        spec.after = {{AfterAction::Kind::Extract, {}}, {AfterAction::Kind::Run, u"true"_s}};
        const Principal user = Principal::localUser();
        const auto download = bench.add(user, spec);
        QVERIFY(download);
        const QList<JobSnapshot> jobs = bench.registry.snapshots();
        QCOMPARE(jobs.size(), 3);
        QCOMPARE(jobs[1].kind, JobKind::Extract);
        QCOMPARE(jobs[1].prerequisites, QList<JobId>{download->id});
        QCOMPARE(jobs[2].kind, JobKind::Command);
        QCOMPARE(jobs[2].prerequisites, (QList<JobId>{download->id, jobs[1].id}));
        QTRY_COMPARE(bench.registry.find(jobs[2].id)->state, JobState::Failed);
        QCOMPARE(bench.registry.find(jobs[1].id)->error->code, ErrorCode::Prerequisite);
        bench.target = bench.service.downloadFolder() + u"/file.bin"_s;
        QVERIFY(bench.service.retry(user, download->id));
        QTRY_COMPARE(bench.registry.find(jobs[2].id)->state, JobState::Succeeded);
        QCOMPARE(bench.registry.find(jobs[1].id)->state, JobState::Succeeded);
        QCOMPARE(bench.registry.snapshots().size(), 3);
    }

    void onlyAnAdminMayStartProgramsOrMoveFilesAway_data()
    {
        QTest::addColumn<AfterAction>("action");
        QTest::addColumn<QString>("refusal"); // empty: anybody may
        using Kind = AfterAction::Kind;
        const auto move = [](const QString &folder) {
            return AfterAction{.kind = Kind::Move, .folder = folder};
        };
        QTest::newRow("extract") << AfterAction{} << QString();
        QTest::newRow("run") << AfterAction{Kind::Run, u"true"_s, {}} << u"admin"_s;
        QTest::newRow("open") << AfterAction{.kind = Kind::Open} << u"admin"_s;
        QTest::newRow("reveal") << AfterAction{.kind = Kind::Reveal} << u"admin"_s;
        QTest::newRow("move away") << move(u"/tmp/away"_s) << u"/tmp/away"_s;
        QTest::newRow("move inside") << move(u"DOWNLOADS/films"_s) << QString();
        QTest::newRow("move out of it") << move(u"DOWNLOADS/../away"_s) << u"/away"_s;
    }
    void onlyAnAdminMayStartProgramsOrMoveFilesAway()
    {
        QFETCH(AfterAction, action);
        QFETCH(QString, refusal);
        Bench bench;
        action.folder.replace(u"DOWNLOADS"_s, bench.service.downloadFolder());
        DownloadSpec spec = file();
        spec.after = {action};
        const auto job = bench.add(plain(u"ann"_s), spec, {}, true);
        QCOMPARE(job.has_value(), refusal.isEmpty());
        if (!job) {
            QCOMPARE(job.error().code, ErrorCode::Forbidden);
            QVERIFY2(job.error().context.contains(refusal), qPrintable(job.error().context));
        }
        QVERIFY(bench.add(Principal::localUser(), spec, {}, true));
    }

    void ownersAreFenced()
    {
        Bench bench;
        const auto job = bench.add(plain(u"ann"_s), file(), {}, true);
        QVERIFY(job);
        QCOMPARE(bench.service.get(plain(u"bob"_s), job->id).error().code, ErrorCode::NotFound);
        QCOMPARE(bench.service.cancel(plain(u"bob"_s), job->id).error().code, ErrorCode::NotFound);
        QCOMPARE(bench.service.list(plain(u"bob"_s))->size(), 0);
        QCOMPARE(bench.service.list(plain(u"ann"_s))->size(), 1);
        QCOMPARE(bench.service.list(Principal::localUser())->size(), 1);
        QCOMPARE(bench.service.resume(plain(u"ann"_s, Scope::Read), job->id).error().code,
                 ErrorCode::Forbidden);
    }

    void commandsAnswerWithTheJob()
    {
        Bench bench;
        const auto job = bench.add(plain(u"ann"_s), file(), {}, true);
        QVERIFY(job);
        QCOMPARE(job->state, JobState::Paused);
        QCOMPARE(bench.service.resume(plain(u"ann"_s), job->id)->state, JobState::Queued);
        QTRY_COMPARE(bench.service.get(plain(u"ann"_s), job->id)->state, JobState::Succeeded);
        QCOMPARE(bench.service.pause(plain(u"ann"_s), job->id).error().code,
                 ErrorCode::InvalidState);
        QCOMPARE(bench.service.retry(plain(u"ann"_s), job->id).error().code,
                 ErrorCode::InvalidState);
        QTRY_COMPARE(bench.cleanups.concluded.load(), 1);
    }

    void removingAFailedJobRemovesWhatItLeft()
    {
        Bench bench;
        bench.target.clear();
        const auto job = bench.add(plain(u"ann"_s), file());
        QVERIFY(job);
        QTRY_COMPARE(bench.registry.find(job->id)->state, JobState::Failed);
        QCOMPARE(bench.service.retry(plain(u"ann"_s), job->id)->attempt, 2);
        QTRY_COMPARE(bench.registry.find(job->id)->state, JobState::Failed);
        QVERIFY(bench.remove(plain(u"ann"_s), job->id, RemoveFiles::No));
        QCOMPARE(bench.cleanups.discarded.load(), 1);
        QCOMPARE(bench.registry.find(job->id), nullptr);
    }

    void removeDeletesTheFileOnlyWhenAsked_data()
    {
        QTest::addColumn<bool>("withFiles");
        QTest::newRow("without files") << false;
        QTest::newRow("with files") << true;
    }
    void removeDeletesTheFileOnlyWhenAsked()
    {
        QFETCH(bool, withFiles);
        Bench bench;
        QFile made(bench.target);
        QVERIFY(made.open(QIODevice::WriteOnly));
        const auto job = bench.add(plain(u"ann"_s), file());
        QVERIFY(job);
        QTRY_COMPARE(bench.registry.find(job->id)->state, JobState::Succeeded);
        QCOMPARE(*tests::servedFile(bench.service, plain(u"ann"_s), job->id), bench.target);
        QVERIFY(
            bench.remove(plain(u"ann"_s), job->id, withFiles ? RemoveFiles::Yes : RemoveFiles::No));
        QCOMPARE(QFile::exists(bench.target), !withFiles);
        QCOMPARE(bench.registry.find(job->id), nullptr);
        QCOMPARE(bench.remove(plain(u"ann"_s), job->id, RemoveFiles::No).error().code,
                 ErrorCode::NotFound);
    }

    void aFileThatALaterJobReplacedIsThatJobs()
    {
        Bench bench;
        const Principal ann = plain(u"ann"_s);
        const Principal bob = plain(u"bob"_s);
        QFile made(bench.target);
        QVERIFY(made.open(QIODevice::WriteOnly));
        const auto first = bench.add(ann, file());
        QVERIFY(first);
        QTRY_COMPARE(bench.registry.find(first->id)->state, JobState::Succeeded);
        const auto later = bench.add(bob, file());
        QVERIFY(later);
        QTRY_COMPARE(bench.registry.find(later->id)->state, JobState::Succeeded);
        const auto served = tests::servedFile(bench.service, ann, first->id);
        QVERIFY(!served);
        QCOMPARE(errorCodeName(served.error().code), errorCodeName(ErrorCode::NotFound));
        QVERIFY2(served.error().context.contains(u"replaced"_s),
                 qPrintable(served.error().context));
        QCOMPARE(*tests::servedFile(bench.service, bob, later->id), bench.target);
        QVERIFY(bench.remove(ann, first->id, RemoveFiles::Yes));
        QCOMPARE(bench.registry.find(first->id), nullptr);
        QVERIFY(QFile::exists(bench.target));
        QVERIFY(bench.remove(bob, later->id, RemoveFiles::Yes));
        QVERIFY(!QFile::exists(bench.target));
    }

    void filesOfOthersAreNotOverwritten()
    {
        Bench bench;
        const Principal ann = plain(u"ann"_s);
        const Principal bob = plain(u"bob"_s);
        QVERIFY(bench.add(ann, file()));
        QTRY_COMPARE(bench.registry.snapshots().constFirst().state, JobState::Succeeded);
        DownloadSpec spec = file();
        spec.ifExists = IfExists::Overwrite;
        const auto isOverwriting = [&bench](const Result<JobSnapshot> &job) {
            return decodeDownloadSpec(bench.registry.find(job.value().id)->spec)->ifExists
                == IfExists::Overwrite;
        };
        QVERIFY(!isOverwriting(bench.add(bob, spec, {}, true)));
        QVERIFY(isOverwriting(bench.add(ann, spec, {}, true)));
        QVERIFY(isOverwriting(bench.add(Principal::localUser(), spec, {}, true)));
        spec.url = QUrl(u"http://example.test/own.bin"_s);
        const auto own = bench.add(bob, spec, {}, true);
        QVERIFY(isOverwriting(own));
        QVERIFY(bench.service.refreshUrl(bob, own->id, file().url));
        QVERIFY(!isOverwriting(own));
    }

    void aNewLinkGoesOnWithTheSameJob()
    {
        Bench bench;
        bench.target.clear(); // its worker fails
        const auto job = bench.add(plain(u"ann"_s), file());
        QVERIFY(job);
        QTRY_COMPARE(bench.registry.find(job->id)->state, JobState::Failed);
        const QUrl link(u"http://user:pw@example.test/dir/file.bin?signature=2"_s);
        const auto refreshed = bench.service.refreshUrl(plain(u"ann"_s), job->id, link);
        QVERIFY(refreshed);
        QCOMPARE(refreshed->state, JobState::Queued);
        QCOMPARE(refreshed->attempt, 2);
        QCOMPARE(refreshed->source, u"http://example.test/dir/file.bin?signature=***"_s);
        QVERIFY(refreshed->spec.contains("signature=2"));
        QCOMPARE(bench.cleanups.discarded.load(), 0); // what is on disk is kept
    }

    void aNewLinkElsewhereGetsNoCredentials_data()
    {
        QTest::addColumn<QString>("link");
        QTest::addColumn<bool>("isSent");
        QTest::newRow("same origin") << u"http://example.test/other?signature=2"_s << true;
        QTest::newRow("another host") << u"http://example.invalid/file.bin"_s << false;
        QTest::newRow("another port") << u"http://example.test:81/file.bin"_s << false;
    }
    void aNewLinkElsewhereGetsNoCredentials()
    {
        QFETCH(QString, link);
        Bench bench;
        DownloadSpec spec = file();
        spec.url = QUrl(u"http://example.test/file.bin"_s);
        spec.headers = {{u"Authorization"_s, u"Bearer secret"_s}, {u"Accept"_s, u"image/png"_s}};
        const auto job = bench.add(plain(u"ann"_s), spec, {}, true);
        QVERIFY(job);
        const auto refreshed = bench.service.refreshUrl(plain(u"ann"_s), job->id, QUrl(link));
        QVERIFY(refreshed);
        QVERIFY(refreshed->spec.contains("image/png"));
        QTEST(refreshed->spec.contains("secret"), "isSent");
        spec.headers.clear();
        spec.request.user = u"ann"_s;
        spec.request.password = u"secret"_s;
        const auto other = bench.add(plain(u"ann"_s), spec, {}, true);
        QVERIFY(other && !other->source.contains(u"ann"_s));
        QVERIFY(bench.service.refreshUrl(plain(u"ann"_s), other->id, QUrl(link)));
        QTEST(bench.registry.find(other->id)->spec.contains("secret"), "isSent");
        QUrl withLogin(link);
        withLogin.setUserInfo(u"bob:his"_s);
        QVERIFY(bench.service.refreshUrl(plain(u"ann"_s), other->id, withLogin));
        QVERIFY(!bench.registry.find(other->id)->spec.contains("secret"));
    }

    void listOfChecksumsIsCheckedAsTheLink()
    {
        Bench bench;
        Principal remote = plain(u"ann"_s);
        remote.isRemote = true;
        DownloadSpec spec = file();
        spec.checksumFrom = u"http://localhost/SHA256SUMS"_s;
        const auto job = bench.add(remote, spec, {}, true);
        QVERIFY(!job);
        QCOMPARE(job.error().code, ErrorCode::Forbidden);
        spec.checksumFrom = u"auto"_s;
        QVERIFY(bench.add(remote, spec, {}, true));
    }

    void whatComesFromElsewhereStaysMarked()
    {
        Bench bench;
        const Principal ann = plain(u"ann"_s);
        Principal remote = ann;
        remote.isRemote = true;
        const auto isMarked = [&bench](const JobSnapshot &job) {
            return decodeDownloadSpec(bench.registry.find(job.id)->spec)->isFromElsewhere;
        };
        const auto own = bench.add(ann, file(), {}, true);
        const auto others = bench.add(remote, file(u"http://example.test/y"_s), {}, true);
        QVERIFY(own && others);
        QVERIFY(!isMarked(*own));
        QVERIFY(isMarked(*others));
        const QUrl link(u"http://example.test/z"_s);
        QVERIFY(bench.service.refreshUrl(remote, own->id, link));
        QVERIFY(isMarked(*own));
        QVERIFY(bench.service.refreshUrl(ann, others->id, link));
        QVERIFY(isMarked(*others));
    }

    void aNewLinkIsCheckedAsAnyOther()
    {
        Bench bench;
        Principal remote = plain(u"ann"_s);
        remote.isRemote = true;
        const auto job = bench.add(plain(u"ann"_s), file(), {}, true);
        QVERIFY(job);
        const auto codeFor = [&](const Principal &who, const QString &url) {
            return bench.service.refreshUrl(who, job->id, QUrl(url)).error().code;
        };
        QCOMPARE(codeFor(remote, u"http://localhost/x"_s), ErrorCode::Forbidden);
        QCOMPARE(codeFor(plain(u"ann"_s), u"ftp://example.test/x"_s), ErrorCode::UnsupportedScheme);
        QCOMPARE(codeFor(plain(u"eve"_s), u"http://example.test/x"_s), ErrorCode::NotFound);
        QVERIFY(bench.service.cancel(plain(u"ann"_s), job->id));
        QTRY_COMPARE(bench.registry.find(job->id)->state, JobState::Canceled);
        QCOMPARE(codeFor(plain(u"ann"_s), u"http://example.test/x"_s), ErrorCode::InvalidState);
    }

    void aLimitIsKeptInTheSpec()
    {
        Bench bench;
        const auto job = bench.add(plain(u"ann"_s), file(), {}, true);
        QVERIFY(job);
        const auto limited = bench.service.setLimit(plain(u"ann"_s), job->id, 5000);
        QVERIFY(limited);
        QCOMPARE(limited->speedLimit, 5000);
        QVERIFY(limited->spec.contains("\"bytesPerSecond\":5000"));
        QCOMPARE(bench.service.setLimit(plain(u"ann"_s), job->id, 0)->speedLimit, 0);
        QCOMPARE(bench.service.setLimit(plain(u"ann"_s), job->id, -1).error().code,
                 ErrorCode::InvalidArgument);
    }

    void anActiveJobIsNotRemoved()
    {
        Bench bench;
        const auto job = bench.add(plain(u"ann"_s), file(), {}, true);
        QVERIFY(job);
        const auto removed = bench.remove(plain(u"ann"_s), job->id, RemoveFiles::Yes);
        QCOMPARE(removed.error().code, ErrorCode::InvalidState);
        QVERIFY(removed.error().context.contains(u"cancel it"_s));
    }

    void filesOutsideTheFolderAreNotServed()
    {
        Bench bench;
        const QString secret = bench.folder.filePath(u"secret"_s);
        QFile made(secret);
        QVERIFY(made.open(QIODevice::WriteOnly));
        QVERIFY(QFile::link(secret, bench.target));
        const auto job = bench.add(plain(u"ann"_s), file());
        QVERIFY(job);
        QTRY_COMPARE(bench.registry.find(job->id)->state, JobState::Succeeded);
        QCOMPARE(tests::servedFile(bench.service, plain(u"ann"_s), job->id).error().code,
                 ErrorCode::Forbidden);
        QVERIFY(QFile::remove(bench.target));
        QCOMPARE(tests::servedFile(bench.service, plain(u"ann"_s), job->id).error().code,
                 ErrorCode::NotFound);
    }
};
QTEST_GUILESS_MAIN(TestJobService)
#include "tst_jobservice.moc"
