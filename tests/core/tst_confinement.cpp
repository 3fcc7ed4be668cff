#include "core/base/digest.h"
#include "core/confinement.h"
#include "core/download/speedlimits.h"
#include "core/driveworkjson.h"
#include "core/flash/writelimits.h"
#include "core/stepworkjson.h"
#include "core/store/settings.h"
#include "core/targetrules.h"
#include "core/workers.h"
#include "tests/support/fakeclock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

const QByteArray Secret = "what others may not read";

/// A folder of downloads, and beside it a file that is nobody's to name.
struct Places {
    QTemporaryDir folder;
    QString downloads = folder.filePath(u"downloads"_s);
    QString named = folder.filePath(u"downloads/i.img"_s);
    QString secret = folder.filePath(u"secret"_s);
    TargetRules rules{{downloads}, {}, {}};

    Places()
    {
        if (!QDir().mkpath(downloads) || !write(secret))
            qFatal("the folder cannot be written");
    }
    static bool write(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(Secret) == Secret.size();
    }
};

Principal somebody()
{
    return {.name = u"script"_s, .owner = u"lab"_s, .scopes = DefaultScopes};
}

JobSnapshot jobOf(JobKind kind, const QString &file, const QByteArray &spec)
{
    return {.kind = kind, .source = file, .spec = spec};
}

QByteArray verifySpec(const QString &file)
{
    return encodeSpec(VerifySpec{file, QString::fromLatin1(Sha256::of(Secret).toHex())});
}

/// The factory of the program.
struct Factory {
    tests::FakeClock clock;
    StoreThread thread{clock};
    Settings settings{thread};
    WorkerFactory make = workerFactory({
        .settings = settings,
        .speed = std::make_shared<SpeedLimits>(clock),
        .writing = std::make_shared<WriteLimits>(),
        .findJob = [](JobId) { return nullptr; },
        .addItems = {},
        .ownPorts = [] { return QList<quint16>(); },
        .fixedFolder = {},
    });

    Result<Outcome> run(const JobSnapshot &job) const
    {
        ProgressCell progress;
        const auto worker = make(job);
        if (!worker)
            return fail(worker.error());
        return (*worker)->run({}, progress);
    }
};

struct Calls {
    int runs = 0;
    int discards = 0;
    int conclusions = 0;
};

class CountingWorker final : public JobWorker
{
public:
    explicit CountingWorker(Calls &calls)
        : m_calls(calls)
    { }
    Result<Outcome> run(std::stop_token, ProgressCell &) override
    {
        ++m_calls.runs;
        return Outcome::Completed;
    }
    void discard() override { ++m_calls.discards; }
    void conclude() override { ++m_calls.conclusions; }

private:
    Calls &m_calls;
};

} // namespace

class ConfinementTest final : public QObject
{
    Q_OBJECT
private slots:
    void theTextIsLookedAtWhenAJobIsAskedFor()
    {
        const TargetRules rules{{u"/downloads"_s}, {}, u"/images"_s};
        QVERIFY(checkReadable(somebody(), u"/downloads/i.img"_s, rules));
        QVERIFY(checkReadable(somebody(), u"/images/i.img"_s, rules));
        const auto outside = checkReadable(somebody(), u"/etc/passwd"_s, rules);
        QCOMPARE(outside.error().code, ErrorCode::Forbidden);
        QVERIFY(outside.error().context.contains(u"/etc/passwd"_s));
        QVERIFY(checkReadable(Principal::localUser(), u"/etc/passwd"_s, rules));
    }
    void linksAreFollowedWhenItRuns_data()
    {
        QTest::addColumn<JobKind>("kind");
        QTest::newRow("verify") << JobKind::Verify;
        QTest::newRow("extract") << JobKind::Extract;
        QTest::newRow("compare") << JobKind::Compare;
    }
    void linksAreFollowedWhenItRuns()
    {
        QFETCH(const JobKind, kind);
        const Places places;
        const CompareSpec compare{u"usb-x"_s, places.named, {}};
        const QByteArray spec = kind == JobKind::Verify ? verifySpec(places.named)
            : kind == JobKind::Extract
            ? encodeSpec(ExtractSpec{places.named, places.downloads})
            : encodeSpec(OnDrive<CompareSpec>{compare, {.id = u"usb-x"_s}});
        const JobSnapshot job =
            jobOf(kind, places.named, confinedSpec(somebody(), spec, places.rules));
        const Factory factory;
        QCOMPARE(factory.run(job).error().code, ErrorCode::FileAccess);

        QVERIFY(QFile::link(places.secret, places.named));
        const auto led = factory.run(job);
        QCOMPARE(led.error().code, ErrorCode::Forbidden);
        QVERIFY(led.error().context.contains(places.named));
        QVERIFY(QFile::exists(places.secret));
    }
    void whatLiesInTheFolderIsRead()
    {
        const Places places;
        QVERIFY(Places::write(places.named));
        const QByteArray spec = confinedSpec(somebody(), verifySpec(places.named), places.rules);
        const Factory factory;
        const auto run = factory.run(jobOf(JobKind::Verify, places.named, spec));
        QVERIFY2(run, qPrintable(run ? QString() : run.error().context));
    }
    void whoMayNameEveryFileIsLedByLinks()
    {
        const Places places;
        QVERIFY(QFile::link(places.secret, places.named));
        const QByteArray spec =
            confinedSpec(Principal::localUser(), verifySpec(places.named), places.rules);
        const Factory factory;
        QVERIFY(factory.run(jobOf(JobKind::Verify, places.named, spec)));
    }
    void whatTheWorkerLeavesIsItsOwn()
    {
        const Places places;
        QVERIFY(Places::write(places.named));
        Calls calls;
        const auto worker = confinedWorker(
            std::make_unique<CountingWorker>(calls),
            jobOf(JobKind::Verify, places.named, confinedSpec(somebody(), "{}", places.rules)));
        ProgressCell progress;
        QVERIFY(worker->run({}, progress));
        worker->discard();
        worker->conclude();
        QCOMPARE(calls.runs, 1);
        QCOMPARE(calls.discards, 1);
        QCOMPARE(calls.conclusions, 1);
    }
};

QTEST_GUILESS_MAIN(ConfinementTest)
#include "tst_confinement.moc"
