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
    JobRegistry registry{clock, [this](const JobSnapshot &job) { return makeWorker(job); }};
    JobService service{{.clock = clock,
                        .registry = registry,
                        .store = store,
                        .settings = settings,
                        .makeWorker = [this](const JobSnapshot &job) { return makeWorker(job); },
                        .downloadFolder = folder.filePath(u"downloads"_s),
                        .ownPorts = [] { return QList<quint16>(); }}};
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
        const auto open = [this](const QString &, const std::stop_token &) {
            return std::make_unique<DriveHandle>(drive);
        };
        return std::make_unique<FlashWorker>(decodeAgreedFlash(job.spec)->spec, open, AfterDrive(),
                                             downloads.fileOf(job.fedBy));
    }
    /// As FlashService does.
    Result<JobId> flash(FlashSpec spec)
    {
        spec.drives = {u"a"_s};
        JobSnapshot job{.kind = JobKind::Flash,
                        .owner = u"local"_s,
                        .spec = encodeSpec(AgreedFlash{spec, {{.id = u"a"_s}}})};
        const auto begun = downloads.begin(Principal::localUser(), spec, job);
        if (!begun)
            return fail(begun.error());
        return registry.add(job);
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
        JobSnapshot job{.kind = JobKind::Flash};
        const FlashSpec spec{.url = QUrl(u"http://127.0.0.1/image"_s), .drives = {u"a"_s}};
        const auto begun = bench.downloads.begin(stranger, spec, job);
        QVERIFY(!begun);
        QCOMPARE(begun.error().code, ErrorCode::Forbidden);
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
