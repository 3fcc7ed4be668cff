#include "core/download/speedlimits.h"
#include "core/flash/flashworker.h"
#include "core/flash/writelimits.h"
#include "core/flashdownloads.h"
#include "core/jobs/jobregistry.h"
#include "core/jobservice.h"
#include "core/store/jobstore.h"
#include "core/store/settings.h"
#include "core/storedspecjson.h"
#include "core/workers.h"
#include "tests/core/flash/flashbench.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakehttpserver.h"

#include <QCryptographicHash>
#include <QDir>
#include <QTest>

using namespace core;
using namespace std::chrono_literals;
using namespace tests;
using namespace Qt::StringLiterals;

namespace {

constexpr int LongTime = 60'000; // ms
constexpr qint64 SlowBytesPerSecond = 2'000'000;
const Principal Controller{u"remote"_s, u"local"_s, Scope::Control, true};

HttpReply statusOnly(int status)
{
    HttpReply reply;
    reply.status = status;
    return reply;
}

/// Registry, service and store as in a hub; downloads are real, the drive is a fake one.
struct Bench {
    QTemporaryDir folder;
    FakeClock clock;
    StoreThread thread{clock};
    JobStore store{thread, clock};
    Settings settings{thread};
    FailingBlockDevice drive{8_MiB};
    std::atomic<bool> failsToOpen = false; // the drive
    Principal asker = Principal::localUser();
    JobRegistry registry{clock, [this](const JobSnapshot &job) { return makeWorker(job); }};
    JobService service{{.clock = clock,
                        .registry = registry,
                        .store = store,
                        .settings = settings,
                        .makeWorker = [this](const JobSnapshot &job) { return makeWorker(job); },
                        .downloadFolder = folder.filePath(u"downloads"_s),
                        .ownPorts = [] { return QList<quint16>(); },
                        .feedAgain = [this](JobId id) { return downloads.feedAgain(id); }}};
    FlashDownloads downloads{registry, service, folder.filePath(u"hidden"_s)};
    WorkerFactory makeReal = workerFactory({
        .settings = settings,
        .speed = std::make_shared<SpeedLimits>(clock),
        .writing = std::make_shared<WriteLimits>(),
        .findJob = [this](JobId id) { return registry.find(id); },
        .addItems = {},
        .growingFile = [this](JobId id) { return downloads.fileOf(id); },
        .ownPorts = [] { return QList<quint16>(); },
        .fixedFolder = folder.filePath(u"downloads"_s),
    });

    Bench()
    {
        if (!thread.open(folder.filePath(u"dray.db"_s)) || !store.load() || !settings.load())
            qFatal("the store cannot be opened");
        QObject::connect(&registry, &JobRegistry::eventsReady, &store, &JobStore::record);
    }
    ~Bench()
    {
        if (!registry.stopForExit(10s) || !service.stopForExit(10s))
            qFatal("a worker does not stop");
    }

    Result<std::unique_ptr<JobWorker>> makeWorker(const JobSnapshot &job)
    {
        if (job.kind != JobKind::Flash)
            return makeReal(job);
        const auto open = [this](const QString &id,
                                 const std::stop_token &) -> Result<std::unique_ptr<BlockDevice>> {
            if (failsToOpen)
                return fail(ErrorCode::DeviceBusy, id);
            return std::make_unique<DriveHandle>(drive);
        };
        return std::make_unique<FlashWorker>(decodeAgreedFlash(job.spec)->spec, open, AfterDrive(),
                                             downloads.fileOf(job.fedBy));
    }
    /// As FlashService does.
    Result<JobId> flash(FlashSpec spec)
    {
        spec.drives = {u"a"_s};
        const auto download = downloads.downloadFor(asker, spec);
        if (!download)
            return fail(download.error());
        AgreedFlash agreed{spec, {{.id = u"a"_s}}};
        agreed.download = download->spec;
        JobSnapshot job{.kind = JobKind::Flash, .owner = asker.owner, .spec = encodeSpec(agreed)};
        downloads.begin(*download, job);
        return registry.add(job);
    }
    /// As whoever may only control.
    [[nodiscard]] Result<JobSnapshot> retry(JobId id) { return service.retry(Controller, id); }
    [[nodiscard]] Result<JobSnapshot> resume(JobId id) { return service.resume(Controller, id); }
    [[nodiscard]] bool reaches(JobId id, JobState state)
    {
        return QTest::qWaitFor([&] { return job(id).state == state; }, LongTime);
    }
    [[nodiscard]] JobSnapshot job(JobId id) const
    {
        const JobSnapshot *found = registry.find(id);
        return found ? *found : JobSnapshot{.state = JobState::Canceled};
    }
    [[nodiscard]] JobId downloadOf(JobId flash) const { return job(flash).fedBy; }
    [[nodiscard]] bool isThere(JobId id) const { return registry.find(id); }
    [[nodiscard]] bool hasEnded(JobId id) const { return isFinal(job(id).state); }
    [[nodiscard]] QStringList filesIn(const QString &name) const
    {
        return QDir(folder.filePath(name)).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }
};

} // namespace

/// A flash from a URL: its two jobs.
class TestFlashDownloads : public QObject
{
    Q_OBJECT
private slots:
    void imageIsWrittenAndTheFileKeptAsAsked_data()
    {
        QTest::addColumn<FlashSpec::Keep>("keep");
        QTest::newRow("kept") << FlashSpec::Keep::Yes;
        QTest::newRow("not kept") << FlashSpec::Keep::No;
    }
    void imageIsWrittenAndTheFileKeptAsAsked()
    {
        QFETCH(const FlashSpec::Keep, keep);
        FakeHttpServer server(right());
        Bench bench;
        const auto flash = bench.flash({.url = server.url(u"/image.xz"_s), .keep = keep});
        QVERIFY(flash);
        const JobId download = bench.downloadOf(*flash);
        QCOMPARE(bench.job(*flash).details.title, u"image.xz"_s);
        QTRY_VERIFY_WITH_TIMEOUT(bench.hasEnded(*flash), LongTime);
        QVERIFY2(bench.job(*flash).state == JobState::Succeeded,
                 qPrintable(bench.job(*flash).error.value_or(Error()).context));
        QVERIFY(isComplete(bench.drive.content(), m_image, 512));
        if (keep == FlashSpec::Keep::Yes) {
            QCOMPARE(bench.job(download).state, JobState::Succeeded);
            QTRY_COMPARE_WITH_TIMEOUT(bench.filesIn(u"downloads"_s), QStringList{u"image.xz"_s},
                                      LongTime);
        } else {
            QTRY_VERIFY_WITH_TIMEOUT(!bench.isThere(download), LongTime);
            QTRY_VERIFY_WITH_TIMEOUT(bench.filesIn(u"hidden"_s).isEmpty(), LongTime);
            QVERIFY(bench.filesIn(u"downloads"_s).isEmpty());
        }
        QVERIFY(!bench.downloads.fileOf(download));
    }

    void downloadThatFailsFailsTheFlash()
    {
        FakeHttpServer server([](const HttpRequest &) { return statusOnly(404); });
        Bench bench;
        const auto flash = bench.flash({.url = server.url(), .keep = FlashSpec::Keep::Yes});
        QVERIFY(flash);
        QTRY_VERIFY_WITH_TIMEOUT(bench.hasEnded(*flash), LongTime);
        const JobSnapshot job = bench.job(*flash);
        QCOMPARE(job.state, JobState::Failed);
        QCOMPARE(job.error->code, ErrorCode::NotFound);
        QVERIFY(job.error->context.contains("file.bin"_L1));
        QCOMPARE(bench.job(job.fedBy).state, JobState::Failed);
        QCOMPARE(bench.drive.writeCalls(), 0);
    }

    void checksumThatTheServerTellsHoldsForTheFlash()
    {
        FakeHttpServer server([this](const HttpRequest &request) {
            HttpReply reply = HttpFile{m_packed}.answer(request);
            const QByteArray other =
                QCryptographicHash::hash("another", QCryptographicHash::Sha256).toBase64();
            return reply.set("Repr-Digest", "sha-256=:" + other + ':');
        });
        Bench bench;
        const auto flash = bench.flash({.url = server.url()});
        QVERIFY(flash);
        QTRY_VERIFY_WITH_TIMEOUT(bench.hasEnded(*flash), LongTime);
        QCOMPARE(bench.job(*flash).state, JobState::Failed);
        QCOMPARE(bench.job(*flash).error->code, ErrorCode::ChecksumMismatch);
        QVERIFY(bench.drive.writeCalls() == 0 || isWiped(bench.drive.content()));
    }

    void flashWaitsForAPausedDownload()
    {
        FakeHttpServer server(slow());
        Bench bench;
        const auto flash = bench.flash({.url = server.url()});
        QVERIFY(flash);
        const JobId download = bench.downloadOf(*flash);
        QTRY_COMPARE_WITH_TIMEOUT(bench.job(*flash).state, JobState::Running, LongTime);
        QVERIFY(bench.registry.pause(download));
        QTRY_COMPARE_WITH_TIMEOUT(bench.job(download).state, JobState::Paused, LongTime);
        QTRY_COMPARE_WITH_TIMEOUT(bench.job(*flash).details.message, u"waiting for the download"_s,
                                  LongTime);
        QCOMPARE(bench.job(*flash).state, JobState::Running);
        server.setScript(right());
        QVERIFY(bench.registry.resume(download));
        QTRY_VERIFY_WITH_TIMEOUT(bench.hasEnded(*flash), LongTime);
        QCOMPARE(bench.job(*flash).state, JobState::Succeeded);
        QVERIFY(isComplete(bench.drive.content(), m_image, 512));
    }

    void downloadIsCanceledWithItsFlashUnlessItIsKept_data()
    {
        QTest::addColumn<FlashSpec::Keep>("keep");
        QTest::newRow("kept") << FlashSpec::Keep::Yes;
        QTest::newRow("not kept") << FlashSpec::Keep::No;
    }
    void downloadIsCanceledWithItsFlashUnlessItIsKept()
    {
        QFETCH(const FlashSpec::Keep, keep);
        FakeHttpServer server(slow());
        Bench bench;
        const auto flash = bench.flash({.url = server.url(), .keep = keep});
        QVERIFY(flash);
        const JobId download = bench.downloadOf(*flash);
        QTRY_COMPARE_WITH_TIMEOUT(bench.job(*flash).state, JobState::Running, LongTime);
        QVERIFY(bench.registry.cancel(*flash));
        QTRY_COMPARE_WITH_TIMEOUT(bench.job(*flash).state, JobState::Canceled, LongTime);
        if (keep == FlashSpec::Keep::Yes) {
            server.setScript(right());
            QTRY_COMPARE_WITH_TIMEOUT(bench.job(download).state, JobState::Succeeded, LongTime);
        } else {
            QTRY_VERIFY_WITH_TIMEOUT(!bench.isThere(download), LongTime);
            QTRY_VERIFY_WITH_TIMEOUT(bench.filesIn(u"hidden"_s).isEmpty(), LongTime);
        }
        QVERIFY(!isComplete(bench.drive.content(), m_image, 512));
    }

    void canceledDownloadEndsItsFlash()
    {
        FakeHttpServer server(slow());
        Bench bench;
        const auto flash = bench.flash({.url = server.url()});
        QVERIFY(flash);
        const JobId download = bench.downloadOf(*flash);
        QTRY_COMPARE_WITH_TIMEOUT(bench.job(*flash).state, JobState::Running, LongTime);
        QVERIFY(bench.registry.cancel(download));
        QTRY_VERIFY_WITH_TIMEOUT(bench.hasEnded(*flash), LongTime);
        QCOMPARE(bench.job(*flash).error->code, ErrorCode::Prerequisite);
        QVERIFY(bench.job(*flash).error->context.contains("canceled"_L1));
        QTRY_VERIFY_WITH_TIMEOUT(!bench.isThere(download), LongTime);
    }

    void whatMayNotBeFetchedIsNotFlashed()
    {
        Bench bench;
        Principal stranger{u"ann"_s, u"ann"_s, Scope::Flash, true};
        const FlashSpec spec{.url = QUrl(u"http://127.0.0.1/image"_s), .drives = {u"a"_s}};
        const auto download = bench.downloads.downloadFor(stranger, spec);
        QVERIFY(!download);
        QCOMPARE(download.error().code, ErrorCode::Forbidden);
        QVERIFY(bench.registry.snapshots().isEmpty());
    }

    void downloadOfAnInterruptedFlashGoesOnOrGoesAway_data()
    {
        QTest::addColumn<FlashSpec::Keep>("keep");
        QTest::newRow("kept") << FlashSpec::Keep::Yes;
        QTest::newRow("not kept") << FlashSpec::Keep::No;
    }
    void downloadOfAnInterruptedFlashGoesOnOrGoesAway()
    {
        QFETCH(const FlashSpec::Keep, keep);
        FakeHttpServer server(right());
        Bench bench;
        const QString name = keep == FlashSpec::Keep::Yes ? u"downloads"_s : u"hidden"_s;
        FlashSpec spec{.url = server.url(), .drives = {u"a"_s}, .keep = keep};
        DownloadSpec fetched{.url = server.url(), .to = bench.folder.filePath(name)};
        bench.registry.restore({.id = JobId{1},
                                .state = JobState::Running,
                                .spec = encodeSpec(fetched),
                                .position = 1});
        bench.registry.restore({.id = JobId{2},
                                .kind = JobKind::Flash,
                                .state = JobState::Running,
                                .spec = encodeSpec(AgreedFlash{spec, {{.id = u"a"_s}}}),
                                .fedBy = JobId{1},
                                .position = 2});
        bench.downloads.endEarlier();
        QCOMPARE(bench.job(JobId{2}).state, JobState::Failed);
        if (keep == FlashSpec::Keep::Yes)
            QTRY_COMPARE_WITH_TIMEOUT(bench.job(JobId{1}).state, JobState::Succeeded, LongTime);
        else
            QTRY_VERIFY_WITH_TIMEOUT(!bench.isThere(JobId{1}), LongTime);
        QCOMPARE(bench.drive.writeCalls(), 0);
    }

    void whatEndedIsWrittenOnRetry_data()
    {
        QTest::addColumn<FlashSpec::Keep>("keep");
        QTest::addColumn<bool>("isCanceled"); // else its download fails
        QTest::newRow("failed, kept") << FlashSpec::Keep::Yes << false;
        QTest::newRow("failed, not kept") << FlashSpec::Keep::No << false;
        QTest::newRow("canceled, kept") << FlashSpec::Keep::Yes << true;
        QTest::newRow("canceled, not kept") << FlashSpec::Keep::No << true;
    }
    void whatEndedIsWrittenOnRetry()
    {
        QFETCH(const FlashSpec::Keep, keep);
        QFETCH(const bool, isCanceled);
        FakeHttpServer server(slow());
        if (!isCanceled)
            server.setScript([](const HttpRequest &) { return statusOnly(404); });
        Bench bench;
        const auto flash = bench.flash({.url = server.url(u"/image.xz"_s), .keep = keep});
        QVERIFY(flash);
        if (isCanceled) {
            QVERIFY(bench.reaches(*flash, JobState::Running));
            QVERIFY(bench.registry.cancel(*flash));
        }
        QVERIFY(bench.reaches(*flash, isCanceled ? JobState::Canceled : JobState::Failed));
        server.setScript(right());
        QVERIFY(bench.retry(*flash));
        QVERIFY(bench.reaches(*flash, JobState::Succeeded));
        QVERIFY(isComplete(bench.drive.content(), m_image, 512));
        const bool isKept = keep == FlashSpec::Keep::Yes;
        QTRY_COMPARE_WITH_TIMEOUT(bench.filesIn(u"downloads"_s),
                                  isKept ? QStringList{u"image.xz"_s} : QStringList(), LongTime);
        QTRY_VERIFY_WITH_TIMEOUT(bench.filesIn(u"hidden"_s).isEmpty(), LongTime);
        QTRY_COMPARE_WITH_TIMEOUT(bench.registry.snapshots().size(), isKept ? 2 : 1, LongTime);
    }

    /// Whoever lets it run again: the user's own passwords are not sent for who may not see them.
    void whatIsFetchedAgainIsWhatWasChecked()
    {
        FakeHttpServer server([](const HttpRequest &) { return statusOnly(404); });
        Bench bench;
        bench.asker = {u"ann"_s, u"ann"_s, DefaultScopes};
        const auto flash = bench.flash({.url = server.url()});
        QVERIFY(flash);
        QVERIFY(bench.reaches(*flash, JobState::Failed));
        QTRY_VERIFY_WITH_TIMEOUT(!bench.isThere(bench.downloadOf(*flash)), LongTime);
        QVERIFY(bench.settings.set(u"download.netrc"_s, u"/home/ann/.netrc"_s));
        QVERIFY(bench.service.retry(Principal::localUser(), *flash));
        const auto spec = decodeDownloadSpec(bench.job(bench.downloadOf(*flash)).spec);
        QVERIFY(spec);
        QVERIFY(spec->request.netrc.isEmpty());
        QCOMPARE(bench.job(bench.downloadOf(*flash)).owner, u"ann"_s);
    }
    void whatNobodyCheckedIsNotFetchedAgain()
    {
        FakeHttpServer server(right());
        Bench bench;
        const FlashSpec spec{.url = server.url(), .drives = {u"a"_s}};
        const JobId flash =
            bench.registry.add({.kind = JobKind::Flash,
                                .owner = u"local"_s,
                                .state = JobState::Failed,
                                .spec = encodeSpec(AgreedFlash{spec, {{.id = u"a"_s}}})});
        QVERIFY(!bench.downloads.feedAgain(flash));
        QCOMPARE(bench.registry.snapshots().size(), 1);
    }
    /// A drive holds the image already: the others get the same one or none.
    void anotherFileIsNotWrittenBesideACompleteDrive()
    {
        FakeHttpServer server(right());
        Bench bench;
        const auto flash = bench.flash({.url = server.url(u"/image.xz"_s)});
        QVERIFY(flash);
        QVERIFY(bench.reaches(*flash, JobState::Succeeded));
        QTRY_VERIFY_WITH_TIMEOUT(!bench.isThere(bench.downloadOf(*flash)), LongTime);
        JobSnapshot failed = bench.job(*flash);
        const auto agreed = decodeAgreedFlash(failed.spec);
        QCOMPARE(agreed->downloaded.toLatin1(),
                 Sha256::of({m_packed.constData(), size_t(m_packed.size())}).toHex());
        failed.id = JobId{500};
        failed.state = JobState::Failed;
        failed.details.drives = {{.id = u"a"_s, .state = JobState::Succeeded}, {.id = u"b"_s}};
        bench.registry.restore(failed);
        QVERIFY(bench.downloads.feedAgain(failed.id));
        const auto spec = decodeDownloadSpec(bench.job(bench.downloadOf(failed.id)).spec);
        QCOMPARE(spec->sha256, agreed->downloaded);
    }

    void pausedFlashGoesOnWhenItsCanceledDownloadDoes_data()
    {
        QTest::addColumn<bool>("isRetried"); // the download, by itself
        QTest::newRow("the download is retried first") << true;
        QTest::newRow("the flash sees to it") << false;
    }
    void pausedFlashGoesOnWhenItsCanceledDownloadDoes()
    {
        QFETCH(const bool, isRetried);
        FakeHttpServer server(slow());
        Bench bench;
        const auto flash = bench.flash({.url = server.url()});
        QVERIFY(flash);
        const JobId download = bench.downloadOf(*flash);
        QVERIFY(bench.reaches(*flash, JobState::Running));
        QVERIFY(bench.registry.pause(*flash));
        QVERIFY(bench.reaches(*flash, JobState::Paused));
        QVERIFY(bench.registry.cancel(download));
        QVERIFY(bench.reaches(download, JobState::Canceled));
        server.setScript(right());
        if (isRetried) {
            QVERIFY(bench.retry(download));
            QVERIFY(bench.reaches(download, JobState::Succeeded));
        }
        QVERIFY(bench.resume(*flash));
        QVERIFY(bench.reaches(*flash, JobState::Succeeded));
        QVERIFY(isComplete(bench.drive.content(), m_image, 512));
    }

    /// The first flash fails since its drive is busy, while the download goes on to its end.
    void keptFileIsReadOnRetry_data()
    {
        QTest::addColumn<QByteArray>("content"); // of the kept file by then; empty: there is none
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("as it was") << m_packed << ErrorCode::Internal;
        QTest::newRow("another") << QByteArray("another") << ErrorCode::ChecksumMismatch;
        QTest::newRow("gone") << QByteArray() << ErrorCode::FileAccess;
    }
    void keptFileIsReadOnRetry()
    {
        QFETCH(const QByteArray, content);
        QFETCH(const ErrorCode, code);
        FakeHttpServer server(right());
        Bench bench;
        bench.failsToOpen = true;
        const auto flash =
            bench.flash({.url = server.url(u"/image.xz"_s), .keep = FlashSpec::Keep::Yes});
        QVERIFY(flash);
        const JobId download = bench.downloadOf(*flash);
        QVERIFY(bench.reaches(*flash, JobState::Failed));
        QVERIFY(bench.reaches(download, JobState::Succeeded));
        QTRY_VERIFY_WITH_TIMEOUT(!bench.downloads.fileOf(download), LongTime);
        bench.failsToOpen = false;
        QFile kept(bench.job(download).details.target);
        QVERIFY(kept.remove());
        if (!content.isEmpty())
            QVERIFY(kept.open(QIODevice::WriteOnly) && kept.write(content) == content.size());
        kept.close();
        const auto asked = server.requests().size();

        QVERIFY(bench.retry(*flash));
        QTRY_VERIFY_WITH_TIMEOUT(bench.hasEnded(*flash), LongTime);
        QCOMPARE(server.requests().size(), asked);
        if (content != m_packed) { // it is said, and the next time it is downloaded once more
            QCOMPARE(bench.job(*flash).error.value_or(Error()).code, code);
            QCOMPARE(bench.drive.writeCalls(), 0);
            QVERIFY(bench.retry(*flash));
            QTRY_VERIFY_WITH_TIMEOUT(bench.hasEnded(*flash), LongTime);
            QVERIFY(bench.downloadOf(*flash) != download);
        }
        QCOMPARE(bench.job(*flash).state, JobState::Succeeded);
        QVERIFY(isComplete(bench.drive.content(), m_image, 512));
    }

    /// Nobody reads along with a download that an earlier run of the program began.
    void downloadThatRunsAlreadyIsWaitedFor()
    {
        FakeHttpServer server(slow());
        Bench bench;
        FlashSpec spec{.url = server.url(), .drives = {u"a"_s}, .keep = FlashSpec::Keep::Yes};
        DownloadSpec fetched{.url = server.url(), .to = bench.folder.filePath(u"downloads"_s)};
        bench.registry.restore(
            {.id = JobId{1}, .owner = u"local"_s, .spec = encodeSpec(fetched), .position = 1});
        bench.registry.restore({.id = JobId{2},
                                .kind = JobKind::Flash,
                                .owner = u"local"_s,
                                .state = JobState::Running,
                                .spec = encodeSpec(AgreedFlash{spec, {{.id = u"a"_s}}}),
                                .fedBy = JobId{1},
                                .position = 2});
        bench.downloads.endEarlier();
        QVERIFY(bench.reaches(JobId{1}, JobState::Running));
        QVERIFY(bench.retry(JobId{2}));
        QVERIFY(bench.reaches(JobId{2}, JobState::Running));
        QVERIFY(bench.reaches(JobId{2}, JobState::Succeeded));
        QVERIFY(isComplete(bench.drive.content(), m_image, 512));
    }

    /// Whoever may only control changes neither what is fetched nor what feeds a flash.
    void linkOfWhatIsRetriedStays()
    {
        FakeHttpServer server([](const HttpRequest &) { return statusOnly(404); });
        Bench bench;
        const auto flash = bench.flash({.url = server.url(), .keep = FlashSpec::Keep::Yes});
        QVERIFY(flash);
        const JobId download = bench.downloadOf(*flash);
        QVERIFY(bench.reaches(*flash, JobState::Failed));
        const auto refreshed =
            bench.service.refreshUrl(Controller, download, QUrl(u"http://127.0.0.1/other"_s));
        QCOMPARE(refreshed.error().code, ErrorCode::InvalidState);
        QVERIFY(bench.registry.remove(download)); // that may be: the link is the flash's own
        server.setScript(right());
        QVERIFY(bench.retry(*flash));
        QVERIFY(bench.downloadOf(*flash) != download);
        QVERIFY(bench.reaches(*flash, JobState::Succeeded));
        QVERIFY(isComplete(bench.drive.content(), m_image, 512));
    }

private:
    [[nodiscard]] FakeHttpServer::Script right() const
    {
        return [file = HttpFile{m_packed}](const HttpRequest &request) {
            return file.answer(request);
        };
    }
    [[nodiscard]] FakeHttpServer::Script slow() const
    {
        return [file = HttpFile{m_packed}](const HttpRequest &request) {
            HttpReply reply = file.answer(request);
            reply.bytesPerSecond = SlowBytesPerSecond / 8;
            return reply;
        };
    }

    const QByteArray m_image = bootableImage(6_MiB + 333);
    const QByteArray m_packed = packedBy(u"xz -1"_s, m_image);
};

QTEST_GUILESS_MAIN(TestFlashDownloads)
#include "tst_flashdownloads.moc"
