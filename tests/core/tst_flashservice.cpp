#include "core/flashdownloads.h"
#include "core/flashservice.h"
#include "core/jobs/jobregistry.h"
#include "core/jobservice.h"
#include "core/store/jobstore.h"
#include "core/store/settings.h"
#include "core/storedspecjson.h"
#include "core/targetrules.h"
#include "tests/support/fakeclock.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Drive stick(const QString &name, quint64 diskseq = 7)
{
    return {.id = u"usb-"_s + name,
            .path = u"/dev/"_s + name,
            .serial = name.toUpper(),
            .size = 31'900'000'000,
            .diskseq = diskseq,
            .bus = Bus::Usb,
            .isRemovable = true};
}

Principal who(const QString &owner, Scopes scopes)
{
    return {.name = owner + u"'s page"_s, .owner = owner, .scopes = scopes};
}

/// Writes nothing, and only what somebody agreed to.
class AgreedWorker final : public JobWorker
{
public:
    Result<Outcome> run(std::stop_token, ProgressCell &) override { return Outcome::Completed; }
};

Result<std::unique_ptr<JobWorker>> makeWorker(const JobSnapshot &job)
{
    if (const auto agreed = decodeAgreedFlash(job.spec); job.kind == JobKind::Flash && !agreed)
        return fail(agreed.error());
    return std::make_unique<AgreedWorker>();
}

struct Bench {
    QTemporaryDir folder;
    tests::FakeClock clock;
    StoreThread thread{clock};
    JobStore store{thread, clock};
    JobRegistry registry{clock, makeWorker};
    Settings settings{thread};
    DriveList drives{DrivePolicy()};
    JobService jobs{{.clock = clock,
                     .registry = registry,
                     .store = store,
                     .settings = settings,
                     .makeWorker = makeWorker,
                     .downloadFolder = folder.path(),
                     .ownPorts = [] { return QList<quint16>(); }}};
    FlashDownloads downloads{registry, jobs, folder.filePath(u"hidden"_s)};
    FlashService service{{.clock = clock,
                          .registry = registry,
                          .store = store,
                          .drives = drives,
                          .downloads = downloads,
                          .targetRules = [this] {
                              return TargetRules{{folder.path()}, {}};
                          }}};
    const Principal asker = who(u"local"_s, DefaultScopes);
    const Principal user = Principal::localUser();

    Bench()
    {
        if (!thread.open(folder.filePath(u"dray.db"_s)) || !store.load())
            qFatal("the store cannot be opened");
        QObject::connect(&registry, &JobRegistry::eventsReady, &store, &JobStore::record);
        drives.update({stick(u"sdb"_s), stick(u"sdc"_s)});
        writeImage("image");
    }
    ~Bench()
    {
        if (!registry.stopForExit(10s) || !service.stopForExit(10s))
            qFatal("a worker does not stop");
    }
    [[nodiscard]] QString image() const { return folder.filePath(u"a.img"_s); }
    void writeImage(const QByteArray &bytes) const
    {
        QFile file(image());
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("no image");
    }
    [[nodiscard]] FlashSpec spec(const QStringList &erase = {}) const
    {
        return {.image = image(), .drives = {u"usb-sdb"_s}, .erase = erase};
    }
    Result<FlashService::Prepared> prepare(const Principal &asking)
    {
        return answerOf<FlashService::Prepared>(
            [&](const auto &answer) { service.prepare(asking, spec(), answer); });
    }
    Result<FlashService::Prepared> prepare() { return prepare(asker); }
    Result<JobSnapshot> confirm(const Principal &saying, const FlashService::Yes &yes)
    {
        return answerOf<JobSnapshot>(
            [&](const auto &answer) { service.confirm(saying, yes, answer); });
    }
    Result<JobSnapshot>
    add(const Principal &asking, const FlashSpec &asked, const QString &idem = {})
    {
        return answerOf<JobSnapshot>([&](const auto &answer) {
            service.add(asking, {asked, idem}, answer);
        });
    }
    [[nodiscard]] JobState stateOf(JobId id) const { return registry.find(id)->state; }

    template<typename T>
    static Result<T>
    answerOf(const std::function<void(const std::function<void(const Result<T> &)> &)> &call)
    {
        std::optional<Result<T>> answered;
        call([&answered](const Result<T> &answer) { answered = answer; });
        if (!QTest::qWaitFor([&answered] { return answered.has_value(); }, 10'000))
            qFatal("nothing was answered");
        return *answered;
    }
};

QString outcome(const auto &result)
{
    return result ? u"ok"_s : QString(errorCodeName(result.error().code));
}

} // namespace

/// Whose yes erases which drive.
class TestFlashService : public QObject
{
    Q_OBJECT
private slots:
    void aQuestionIsHeldAndShown()
    {
        Bench bench;
        QSignalSpy changed(&bench.service, &FlashService::questionsChanged);
        const auto prepared = bench.prepare();
        QVERIFY(prepared);
        QCOMPARE(changed.count(), 1);
        QVERIFY(prepared->ticket.size() >= 43);
        QCOMPARE(prepared->job.state, JobState::Queued);
        QCOMPARE(prepared->job.progress.stage, Stage::AwaitingConfirmation);
        const auto questions = bench.service.questions(bench.user);
        QVERIFY(questions);
        QCOMPARE(questions->size(), 1);
        const FlashQuestion &question = questions->constFirst();
        QCOMPARE(question.job, prepared->job.id);
        QCOMPARE(question.asker, u"local's page"_s);
        QCOMPARE(question.image, bench.image());
        QCOMPARE(question.erasures.constFirst().drive, stick(u"sdb"_s).identity());
        QCOMPARE(question.expiresAt, bench.clock.wallTime() + FlashService::QuestionLifetime);
        QCoreApplication::processEvents(); // the queue has its turn
        QCOMPARE(bench.stateOf(question.job), JobState::Queued);
    }

    void aYesStartsIt_data()
    {
        QTest::addColumn<bool>("byTicket");
        QTest::addColumn<QString>("named");
        QTest::newRow("by the ticket, serial named") << true << u"SDB"_s;
        QTest::newRow("by the job, id named") << false << u"usb-sdb"_s;
    }
    void aYesStartsIt()
    {
        QFETCH(bool, byTicket);
        QFETCH(QString, named);
        Bench bench;
        const auto prepared = bench.prepare();
        QVERIFY(prepared);
        const FlashService::Yes yes{.ticket = byTicket ? prepared->ticket : QString(),
                                    .job = prepared->job.id,
                                    .erase = {named}};
        const auto job = bench.confirm(bench.user, yes);
        QVERIFY2(job, qPrintable(job ? QString() : job.error().context));
        QCOMPARE(job->progress.stage, Stage::None);
        const auto agreed = decodeAgreedFlash(job->spec);
        QVERIFY(agreed);
        QCOMPARE(agreed->drives, QList{stick(u"sdb"_s).identity()});
        QTRY_COMPARE(bench.stateOf(job->id), JobState::Succeeded);
        QVERIFY(bench.service.questions(bench.user)->isEmpty());
        QCOMPARE(outcome(bench.confirm(bench.user, yes)), u"notFound"_s); // one yes, one use
    }

    void whatMakesItLessThanWholeIsShown()
    {
        Bench bench;
        FlashSpec spec = bench.spec();
        spec.bmap = bench.image();
        spec.verify = Verify::No;
        const auto prepared = Bench::answerOf<FlashService::Prepared>(
            [&](const auto &answer) { bench.service.prepare(bench.asker, spec, answer); });
        QVERIFY(prepared);
        const QStringList cautions{u"what is written is not verified"_s,
                                   u"only what %1 maps is written"_s.arg(bench.image())};
        QCOMPARE(prepared->question.cautions, cautions);
    }

    /// Somebody agreed to what the link brings.
    void theLinkOfAnImageStays()
    {
        Bench bench;
        FlashSpec spec{.url = QUrl(u"http://127.0.0.1:1/a.img"_s), .drives = {u"usb-sdb"_s}};
        spec.erase = spec.drives;
        const auto flash = bench.add(bench.user, spec);
        QVERIFY2(flash, qPrintable(flash ? QString() : flash.error().context));
        const auto other =
            bench.jobs.refreshUrl(bench.user, flash->fedBy, QUrl(u"http://127.0.0.1:1/b.img"_s));
        QCOMPARE(outcome(other), u"invalidState"_s);
    }

    void aLinkIsDownloadedOnceTheYesIsThere()
    {
        Bench bench;
        const FlashSpec spec{.url = QUrl(u"http://127.0.0.1:1/a.img"_s), .drives = {u"usb-sdb"_s}};
        const auto prepared = Bench::answerOf<FlashService::Prepared>(
            [&](const auto &answer) { bench.service.prepare(bench.asker, spec, answer); });
        QVERIFY(prepared);
        QCOMPARE(prepared->question.image, u"http://127.0.0.1:1/a.img"_s);
        QCOMPARE(bench.registry.snapshots().size(), 1);
        const auto job =
            bench.confirm(bench.user, {.ticket = prepared->ticket, .erase = {u"SDB"_s}});
        QVERIFY2(job, qPrintable(job ? QString() : job.error().context));
        QVERIFY(job->fedBy != JobId());
        QCOMPARE(bench.registry.find(job->fedBy)->kind, JobKind::Download);
        QTRY_COMPARE(bench.stateOf(job->id), JobState::Succeeded);
    }

    /// Of a job that awaits no yes, by whatever mistake, no download stays behind.
    void whatCannotBeReleasedDownloadsNothing()
    {
        Bench bench;
        const FlashSpec spec{.url = QUrl(u"http://127.0.0.1:1/a.img"_s), .drives = {u"usb-sdb"_s}};
        const auto prepared = Bench::answerOf<FlashService::Prepared>(
            [&](const auto &answer) { bench.service.prepare(bench.asker, spec, answer); });
        QVERIFY(prepared);
        std::optional<Result<JobSnapshot>> answered;
        bench.service.confirm(bench.user, {.ticket = prepared->ticket, .erase = {u"SDB"_s}},
                              [&answered](const auto &answer) { answered = answer; });
        QVERIFY(bench.registry.release(prepared->job.id, prepared->job.spec));
        QVERIFY(bench.registry.pause(prepared->job.id));
        QTRY_VERIFY(answered);
        QCOMPARE(outcome(*answered), u"invalidState"_s);
        QCOMPARE(bench.registry.snapshots().size(), 1);
        QCOMPARE(bench.registry.find(prepared->job.id)->fedBy, JobId());
    }

    void whatIsNoYesLeavesItOpen_data()
    {
        QTest::addColumn<Principal>("saying");
        QTest::addColumn<QStringList>("erase");
        QTest::addColumn<QString>("code");
        const Principal user = Principal::localUser();
        const Scopes mayFlash = DefaultScopes | Scope::Flash;
        QTest::newRow("names nothing") << user << QStringList() << u"confirmationRequired"_s;
        QTest::newRow("names another")
            << user << QStringList{u"SDB"_s, u"SDC"_s} << u"invalidArgument"_s;
        QTest::newRow("without the scope")
            << who(u"local"_s, DefaultScopes) << QStringList{u"SDB"_s} << u"forbidden"_s;
        QTest::newRow("of another owner")
            << who(u"eve"_s, mayFlash) << QStringList{u"SDB"_s} << u"notFound"_s;
    }
    void whatIsNoYesLeavesItOpen()
    {
        QFETCH(Principal, saying);
        QFETCH(QStringList, erase);
        Bench bench;
        const auto prepared = bench.prepare();
        QVERIFY(prepared);
        const auto refused = bench.confirm(saying, {.ticket = prepared->ticket, .erase = erase});
        QTEST(outcome(refused), "code");
        QCOMPARE(bench.service.questions(bench.user)->size(), 1);
        QCOMPARE(bench.registry.find(prepared->job.id)->progress.stage,
                 Stage::AwaitingConfirmation);
        QVERIFY(bench.confirm(bench.user, {.ticket = prepared->ticket, .erase = {u"SDB"_s}}));
    }

    void ticketsAreNotGuessed()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        QCOMPARE(outcome(bench.confirm(bench.user, {.ticket = u"x"_s, .erase = {u"SDB"_s}})),
                 u"notFound"_s);
        QVERIFY(FlashQuestions::randomTicket() != FlashQuestions::randomTicket());
    }

    void itIsCanceledWhenItsTimeIsOver()
    {
        Bench bench;
        const auto prepared = bench.prepare();
        QVERIFY(prepared);
        bench.clock.advance(FlashService::QuestionLifetime - 1ms);
        bench.service.expire();
        QCOMPARE(bench.stateOf(prepared->job.id), JobState::Queued);
        bench.clock.advance(1ms);
        QCOMPARE(
            outcome(bench.confirm(bench.user, {.ticket = prepared->ticket, .erase = {u"SDB"_s}})),
            u"invalidState"_s); // also before the timer came
        bench.service.expire();
        QCOMPARE(bench.stateOf(prepared->job.id), JobState::Canceled);
        QVERIFY(bench.service.questions(bench.user)->isEmpty());
    }

    void cancelIsNo()
    {
        Bench bench;
        const auto prepared = bench.prepare();
        QVERIFY(prepared);
        QSignalSpy changed(&bench.service, &FlashService::questionsChanged);
        QVERIFY(bench.registry.cancel(prepared->job.id));
        QCOMPARE(bench.stateOf(prepared->job.id), JobState::Canceled);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(
            outcome(bench.confirm(bench.user, {.ticket = prepared->ticket, .erase = {u"SDB"_s}})),
            u"notFound"_s);
    }

    /// Neither is a way around the yes.
    void itIsNeitherPausedNorResumed()
    {
        Bench bench;
        const auto prepared = bench.prepare();
        QVERIFY(prepared);
        QCOMPARE(outcome(bench.registry.pause(prepared->job.id)), u"invalidState"_s);
        QCOMPARE(outcome(bench.registry.resume(prepared->job.id)), u"invalidState"_s);
        QVERIFY(bench.registry.move(prepared->job.id, {}, [](const auto &) { return true; }));
        QCoreApplication::processEvents();
        QCOMPARE(bench.stateOf(prepared->job.id), JobState::Queued);
        QVERIFY(bench.registry.cancel(prepared->job.id));
        QVERIFY(bench.registry.retry(prepared->job.id)); // JobService refuses it for flashes
        QTRY_COMPARE(bench.stateOf(prepared->job.id), JobState::Failed);
    }

    void aDriveThatIsPulledOutEndsTheQuestion_data()
    {
        QTest::addColumn<QList<Drive>>("left");
        QTest::newRow("pulled out") << QList<Drive>{stick(u"sdc"_s)};
        QTest::newRow("swapped") << QList<Drive>{stick(u"sdb"_s, 8), stick(u"sdc"_s)};
    }
    void aDriveThatIsPulledOutEndsTheQuestion()
    {
        QFETCH(QList<Drive>, left);
        Bench bench;
        const auto prepared = bench.prepare();
        QVERIFY(prepared);
        bench.drives.update(left);
        QCOMPARE(bench.stateOf(prepared->job.id), JobState::Failed);
        QCOMPARE(bench.registry.find(prepared->job.id)->error->code, ErrorCode::DeviceGone);
        QVERIFY(bench.service.questions(bench.user)->isEmpty());
    }

    /// Somebody copies photos to the stick while the question is open.
    void theQuestionFollowsWhatIsOnTheDrive()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        QSignalSpy changed(&bench.service, &FlashService::questionsChanged);
        Drive filled = stick(u"sdb"_s);
        filled.contents = {{.path = u"/dev/sdb1"_s, .label = u"PHOTOS"_s}};
        bench.drives.update({filled, stick(u"sdc"_s)});
        QCOMPARE(changed.count(), 1);
        const auto questions = bench.service.questions(bench.user);
        QVERIFY(questions->constFirst().erasures.constFirst().contents.contains(u"PHOTOS"_s));
        bench.drives.update({filled});
        QCOMPARE(changed.count(), 1); // another drive's affair
    }

    void anotherImageIsNotWhatWasAgreedTo()
    {
        Bench bench;
        const auto prepared = bench.prepare();
        QVERIFY(prepared);
        bench.writeImage("another image");
        const auto job =
            bench.confirm(bench.user, {.ticket = prepared->ticket, .erase = {u"SDB"_s}});
        QCOMPARE(outcome(job), u"invalidState"_s);
        QCOMPARE(bench.stateOf(prepared->job.id), JobState::Failed);
    }

    void aBmapThatAppearsBesideTheImageWasNotAgreedTo()
    {
        Bench bench;
        const auto prepared = bench.prepare();
        QVERIFY(prepared);
        QVERIFY(QFile(bench.image()).copy(bench.image() + u".bmap"_s));
        const auto job =
            bench.confirm(bench.user, {.ticket = prepared->ticket, .erase = {u"SDB"_s}});
        QCOMPARE(outcome(job), u"invalidState"_s);
    }

    /// The user's yes is to the drive; what may be fetched from here is not the asker's to say.
    void aLinkThatMustNotBeFetchedIsNeverAgreedTo()
    {
        Bench bench;
        Principal remote = bench.asker;
        remote.isRemote = true;
        const FlashSpec spec{.url = QUrl(u"http://127.0.0.1/image"_s), .drives = {u"usb-sdb"_s}};
        const auto prepared = bench.answerOf<FlashService::Prepared>(
            [&](const auto &answer) { bench.service.prepare(remote, spec, answer); });
        QVERIFY(prepared);
        const auto job =
            bench.confirm(bench.user, {.ticket = prepared->ticket, .erase = {u"SDB"_s}});
        QCOMPARE(outcome(job), u"forbidden"_s);
        QCOMPARE(bench.stateOf(prepared->job.id), JobState::Failed);
        QVERIFY(!decodeAgreedFlash(bench.registry.find(prepared->job.id)->spec));
        QCOMPARE(bench.registry.snapshots().size(), 1);
    }

    void aDriveMayGoWhileTheImageIsLookedAt()
    {
        Bench bench;
        const auto prepared = bench.prepare();
        QVERIFY(prepared);
        std::optional<Result<JobSnapshot>> answered;
        bench.service.confirm(bench.user, {.ticket = prepared->ticket, .erase = {u"SDB"_s}},
                              [&answered](const auto &answer) { answered = answer; });
        bench.drives.update({stick(u"sdb"_s, 8)});
        QTRY_VERIFY(answered);
        QCOMPARE(outcome(*answered), u"deviceGone"_s);
        QCOMPARE(bench.stateOf(prepared->job.id), JobState::Failed);
    }

    void aNoMayComeWhileTheImageIsLookedAt()
    {
        Bench bench;
        const auto prepared = bench.prepare();
        QVERIFY(prepared);
        std::optional<Result<JobSnapshot>> answered;
        bench.service.confirm(bench.user, {.ticket = prepared->ticket, .erase = {u"SDB"_s}},
                              [&answered](const auto &answer) { answered = answer; });
        QVERIFY(bench.registry.cancel(prepared->job.id));
        QTRY_VERIFY(answered);
        QCOMPARE(outcome(*answered), u"invalidState"_s);
        QCOMPARE(bench.stateOf(prepared->job.id), JobState::Canceled);
    }

    void ownersSeeTheirOwnQuestions()
    {
        Bench bench;
        QVERIFY(bench.prepare(who(u"eve"_s, DefaultScopes)));
        QVERIFY(bench.service.questions(bench.asker)->isEmpty());
        QCOMPARE(bench.service.questions(who(u"eve"_s, DefaultScopes))->size(), 1);
        QCOMPARE(bench.service.questions(bench.user)->size(), 1);
        QCOMPARE(outcome(bench.service.questions(who(u"eve"_s, Scope::Add))), u"forbidden"_s);
    }

    void whoMayAskAndWhoMayFlash()
    {
        Bench bench;
        QCOMPARE(outcome(bench.prepare(who(u"eve"_s, Scope::Read))), u"forbidden"_s);
        QCOMPARE(outcome(bench.add(bench.asker, bench.spec({u"SDB"_s}))), u"forbidden"_s);
        QCOMPARE(outcome(bench.add(bench.user, bench.spec())), u"confirmationRequired"_s);
        QVERIFY(bench.registry.snapshots().isEmpty());
    }

    void questionsOfOneOwnerAreLimited()
    {
        Bench bench;
        for (qsizetype i = 0; i < FlashQuestions::MaxOpen; ++i)
            QVERIFY(bench.prepare());
        QCOMPARE(outcome(bench.prepare()), u"limitExceeded"_s);
        QVERIFY(bench.prepare(who(u"eve"_s, DefaultScopes)));
    }

    void theSameRequestMakesOneJob()
    {
        Bench bench;
        const auto first = bench.add(bench.user, bench.spec({u"SDB"_s}), u"key"_s);
        QVERIFY(first);
        const auto again = bench.add(bench.user, bench.spec({u"SDB"_s}), u"key"_s);
        QVERIFY(again);
        QCOMPARE(again->id, first->id);
        QCOMPARE(outcome(bench.add(bench.user, bench.spec({u"usb-sdb"_s}), u"key"_s)),
                 u"idemReused"_s);
    }

    void anImageThatIsNotThereIsSaidAtOnce()
    {
        Bench bench;
        QVERIFY(QFile::remove(bench.image()));
        QCOMPARE(outcome(bench.prepare()), u"notFound"_s);
        QCOMPARE(outcome(bench.add(bench.user, bench.spec({u"SDB"_s}))), u"notFound"_s);
        QVERIFY(bench.registry.snapshots().isEmpty());
    }

    /// A question does not outlive the program that asked it.
    void theNextStartAgreesToNothing()
    {
        Bench bench;
        const auto prepared = bench.prepare();
        QVERIFY(prepared);
        JobRegistry next(bench.clock, makeWorker);
        next.restore(prepared->job);
        const JobSnapshot *job = next.find(prepared->job.id);
        QCOMPARE(job->state, JobState::Failed);
        QVERIFY(job->error->context.contains(u"before anyone agreed"_s));
    }
};

QTEST_GUILESS_MAIN(TestFlashService)
#include "tst_flashservice.moc"
