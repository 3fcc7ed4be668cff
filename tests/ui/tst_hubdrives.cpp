#include "tests/ui/support/sampledrives.h"
#include "tests/ui/support/threadedhub.h"
#include "ui/hubdrives.h"
#include "ui/hubquestions.h"

#include <QTest>

using namespace core;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using tests::blankStick;

namespace {

/// Ends at once.
class NoWorker final : public JobWorker
{
public:
    Result<Outcome> run(std::stop_token, ProgressCell &) override { return Outcome::Completed; }
};

Result<std::unique_ptr<JobWorker>> makeWorker(const JobSnapshot &)
{
    return std::make_unique<NoWorker>();
}

struct Bench : tests::ThreadedHub {
    QString image = folder.filePath(u"debian.img"_s);

    Bench()
        : ThreadedHub(makeWorker)
    {
        QFile file(image);
        if (!file.open(QIODevice::WriteOnly) || file.write("image") != 5)
            qFatal("the image cannot be written");
        plug({blankStick('b')});
    }
    void plug(const QList<Drive> &drives)
    {
        onHub([this, drives] { hub->drives.update(drives); });
    }
    [[nodiscard]] ui::FlashOrder order(const Drive &seen) const
    {
        ui::FlashOrder order;
        order.spec.image = image;
        order.spec.drives = order.spec.erase = {seen.id};
        order.seen = {seen.identity()};
        return order;
    }
    /// What the hub answers to `order`: "ok", or the error's name.
    [[nodiscard]] QString flashed(const ui::FlashOrder &order)
    {
        ui::HubCommands commands(hub->doors(), &context);
        QString answer;
        commands.flash(order, [&answer](const Result<JobId> &id) {
            answer = id ? u"ok"_s : errorCodeName(id.error().code).toString();
        });
        if (!QTest::qWaitFor([&answer] { return !answer.isEmpty(); }, 10'000))
            qFatal("no answer");
        return answer;
    }
};

} // namespace

class TestHubDrives : public QObject
{
    Q_OBJECT
private slots:
    void drivesComeAndGoInTheWindow()
    {
        Bench bench;
        ui::DriveListModel model;
        ui::HubDrives source(bench.hub->drives, &bench.context);
        source.join(model);
        QTRY_COMPARE(model.rowCount(), 1);
        bench.plug({blankStick('b'), blankStick('c')});
        QTRY_COMPARE(model.rowCount(), 2);
        QCOMPARE(model.drive(1).drive, blankStick('c'));
        QVERIFY(model.refusal(1).isEmpty());
        bench.plug({});
        QTRY_COMPARE(model.rowCount(), 0);
    }

    void windowAndSourceMayEndInAnyOrder()
    {
        Bench bench;
        auto model = std::make_unique<ui::DriveListModel>();
        auto source = std::make_unique<ui::HubDrives>(bench.hub->drives, &bench.context);
        source->join(*model);
        bench.plug({});
        model.reset();
        bench.plug({blankStick('c')});
        QCoreApplication::processEvents();
        source.reset();
        bench.plug({});
        QCoreApplication::processEvents();
    }

    void theDriveThatWasSeenIsWritten()
    {
        Bench bench;
        QCOMPARE(bench.flashed(bench.order(blankStick('b'))), u"ok"_s);
    }

    void aDriveThatIsNotTheSeenOneIsNotWritten_data()
    {
        QTest::addColumn<QList<Drive>>("there");
        Drive swapped = blankStick('b');
        swapped.diskseq += 1;
        Drive larger = blankStick('b');
        larger.size += 512;
        QTest::newRow("pulled out") << QList<Drive>();
        QTest::newRow("another medium in it") << QList{swapped};
        QTest::newRow("another size") << QList{larger};
    }
    void aDriveThatIsNotTheSeenOneIsNotWritten()
    {
        QFETCH(QList<Drive>, there);
        Bench bench;
        bench.plug(there);
        QCOMPARE(bench.flashed(bench.order(blankStick('b'))), u"deviceGone"_s);
        bench.onHub([&bench] { QVERIFY(bench.hub->registry.snapshots().isEmpty()); });
    }

    void otherWorkIsForTheDriveThatWasSeen()
    {
        Bench bench;
        ui::HubCommands commands(bench.hub->doors(), &bench.context);
        QStringList answers;
        const auto note = [&answers](const auto &result) {
            answers.append(result ? u"ok"_s : errorCodeName(result.error().code).toString());
        };
        DriveIdentity other = blankStick('b').identity();
        other.diskseq += 1;
        const FormatSpec format{.drive = other.id, .fileSystem = {}, .erase = {other.id}};
        commands.work({.spec = format, .seen = other}, note);
        commands.eject(other, note);
        commands.eject(blankStick('b').identity(), note);
        QTRY_COMPARE(answers, (QStringList{u"deviceGone"_s, u"deviceGone"_s, u"ok"_s}));
        bench.onHub([&bench] { QVERIFY(bench.hub->registry.snapshots().isEmpty()); });
        answers.clear();
        commands.work({.spec = format, .seen = blankStick('b').identity()}, note);
        QTRY_COMPARE(answers, QStringList{u"ok"_s});
    }

    void questionsOfProgramsReachTheWindowAndAreAnswered()
    {
        Bench bench;
        ui::HubQuestions source(bench.hub->flashes, &bench.context);
        ui::HubCommands commands(bench.hub->doors(), &bench.context);
        QList<FlashQuestion> open;
        source.join([&open](const QList<FlashQuestion> &questions) { open = questions; });
        const Principal program{
            .name = u"script"_s, .owner = u"local"_s, .scopes = Scope::Read | Scope::Add};
        FlashSpec spec = bench.order(blankStick('b')).spec;
        bench.onHub([&] { bench.hub->flashes.prepare(program, spec, [](const auto &) {}); });
        QTRY_COMPARE(open.size(), 1);
        QCOMPARE(open.constFirst().asker, u"script"_s);
        QCOMPARE(open.constFirst().erasures.constFirst().drive, blankStick('b').identity());
        QStringList answers;
        const auto note = [&answers](const Result<void> &result) {
            answers.append(result ? u"ok"_s : errorCodeName(result.error().code).toString());
        };
        commands.agree(open.constFirst().job, {u"another"_s}, note);
        commands.agree(open.constFirst().job, spec.drives, note);
        QTRY_COMPARE(answers.size(), 2);
        QVERIFY(answers.first() != u"ok"_s);
        QCOMPARE(answers.last(), u"ok"_s);
        QTRY_VERIFY(open.isEmpty());
    }
};

QTEST_MAIN(TestHubDrives)
#include "tst_hubdrives.moc"
