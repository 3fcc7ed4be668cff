#include "tests/ui/support/fakedesktop.h"
#include "tests/ui/support/sampledrives.h"
#include "tests/ui/support/samplejobs.h"
#include "ui/dialogs/flashdialog.h"
#include "ui/views/driveprogress.h"
#include "ui/views/joblistview.h"

#include <QAction>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <QUrl>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

JobSnapshot flashJob(JobState state)
{
    JobSnapshot job = tests::makeJob(1, state);
    job.kind = JobKind::Flash;
    job.source = u"/images/debian.iso"_s;
    job.details.target.clear();
    job.details.drives = {{.id = tests::blankStick('b').id, .state = state}};
    return job;
}

/// The desktop with fake commands and drives.
struct Bench : tests::FakeDesktop {
    QTabWidget &tabs = *window.findChild<QTabWidget *>(u"tabs"_s);

    explicit Bench(const QList<JobSnapshot> &shown = {})
    {
        drives.model->setDrives(tests::sampleDrives());
        jobs.model->reset(shown, 0);
        if (!shown.isEmpty())
            window.findChild<ui::JobListView *>()->selectJob(shown.constFirst().id);
        show();
    }
    [[nodiscard]] QAction &action(const QString &name) const
    {
        return *window.findChild<QAction *>(name);
    }
    /// What stands in the flash dialog; a null text while there is none.
    [[nodiscard]] QString offeredImage() const
    {
        const auto *dialog = window.findChild<ui::FlashDialog *>();
        return dialog ? dialog->findChild<QLineEdit *>(u"image"_s)->text() : QString();
    }
    [[nodiscard]] QString makeImage(const QString &name) const
    {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write("x") != 1)
            qFatal("no image");
        return file.fileName();
    }
};

} // namespace

class TestFlashOrders : public QObject
{
    Q_OBJECT
private slots:
    void drivesAreListedAsTheyComeAndGo()
    {
        Bench bench;
        bench.tabs.setCurrentIndex(1);
        auto *list = bench.window.findChild<QTreeView *>(u"driveList"_s);
        const auto *facts = bench.window.findChild<QLabel *>(u"driveFacts"_s);
        QVERIFY(list->isVisible());
        QCOMPARE(list->model()->rowCount(), 5);
        list->setCurrentIndex(list->model()->index(1, 0));
        QVERIFY2(facts->text().contains(u"HOLIDAY"_s), qPrintable(facts->text()));
        bench.drives.model->setDrives({});
        QVERIFY(!list->isVisible());
        QVERIFY(facts->text().isEmpty());
    }

    void jobsAreNotCommandedWhileTheyAreHidden()
    {
        Bench bench({tests::makeJob(1, JobState::Running)});
        QVERIFY(bench.action(u"pause"_s).isEnabled());
        bench.tabs.setCurrentIndex(1);
        QVERIFY(!bench.action(u"pause"_s).isEnabled());
        bench.tabs.setCurrentIndex(0);
        QVERIFY(bench.action(u"pause"_s).isEnabled());
    }

    void theSelectedImageIsOffered_data()
    {
        QTest::addColumn<JobSnapshot>("job");
        QTest::addColumn<QString>("image");
        const JobSnapshot done = tests::makeJob(1, JobState::Succeeded);
        JobSnapshot text = done;
        text.details.target = u"/home/ada/Downloads/a.txt"_s;
        QTest::newRow("a finished image") << done << done.details.target;
        QTest::newRow("an unfinished one") << tests::makeJob(1, JobState::Running) << QString();
        QTest::newRow("another file") << text << QString();
        QTest::newRow("to write it again") << flashJob(JobState::Failed) << u"/images/debian.iso"_s;
    }
    void theSelectedImageIsOffered()
    {
        QFETCH(JobSnapshot, job);
        QFETCH(QString, image);
        Bench bench({job});
        bench.action(u"write"_s).trigger();
        QVERIFY(bench.window.findChild<ui::FlashDialog *>());
        QCOMPARE(bench.offeredImage(), image);
    }

    void aDroppedImageIsOffered_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("isOffered");
        for (const char *name : {"a.img", "a.ISO", "a.img.xz", "a.raw.zst", "a.zip"})
            QTest::newRow(name) << QString::fromLatin1(name) << true;
        QTest::newRow("a.txt") << u"a.txt"_s << false;
    }
    void aDroppedImageIsOffered()
    {
        QFETCH(QString, name);
        QFETCH(bool, isOffered);
        Bench bench;
        QMimeData content;
        content.setUrls({QUrl::fromLocalFile(bench.makeImage(name))});
        QDragEnterEvent enter(QPoint(9, 9), Qt::CopyAction, &content, Qt::LeftButton, {});
        enter.setAccepted(false);
        QCoreApplication::sendEvent(&bench.window, &enter);
        QCOMPARE(enter.isAccepted(), isOffered);
        if (!isOffered)
            return;
        QDropEvent drop(QPointF(9, 9), Qt::CopyAction, &content, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&bench.window, &drop);
        QCOMPARE(bench.offeredImage(), bench.folder.filePath(name));
    }

    void anImageOnTheCommandLineIsOffered()
    {
        Bench bench;
        const QString image = bench.makeImage(u"a.iso"_s);
        bench.desktop.addUrls({QUrl::fromLocalFile(image).toString()});
        QCOMPARE(bench.offeredImage(), image);
        QVERIFY(bench.commands.flashed.isEmpty());
    }

    void aDriveThatAJobWritesIsNotOffered()
    {
        Bench bench;
        const auto refusal = [&bench] { return bench.drives.model->refusal(1); };
        QVERIFY(refusal().isEmpty());
        const JobSnapshot job = flashJob(JobState::Running);
        bench.jobs.model->apply({{1, JobAdded{job}}});
        QVERIFY2(refusal().contains(u"job1.iso"_s), qPrintable(refusal()));
        bench.jobs.model->apply({{2, JobChanged{job, flashJob(JobState::Succeeded)}}});
        QVERIFY(refusal().isEmpty());
    }

    void whatErasesOnceForAYesIsDisabledWithTheReason()
    {
        JobSnapshot emptied = flashJob(JobState::Failed);
        emptied.kind = JobKind::Format;
        Bench bench({emptied});
        QVERIFY(!bench.action(u"retry"_s).isEnabled());
        QVERIFY(bench.action(u"retry"_s).toolTip().contains(u"once for a yes"_s));
        QVERIFY(bench.action(u"remove"_s).isEnabled());
        bench.jobs.model->reset({tests::makeJob(1, JobState::Failed)}, 0);
        bench.window.findChild<ui::JobListView *>()->selectJob({1});
        QVERIFY(bench.action(u"retry"_s).isEnabled());
        QVERIFY(!bench.action(u"retry"_s).toolTip().contains(u"once for a yes"_s));
        bench.jobs.model->reset({flashJob(JobState::Failed)}, 0);
        bench.window.findChild<ui::JobListView *>()->selectJob({1});
        QVERIFY(bench.action(u"retry"_s).isEnabled());
    }

    void cancelingAFlashIsAskedAboutFromItsBeginning()
    {
        Bench bench({flashJob(JobState::Running)});
        bench.action(u"cancel"_s).trigger();
        const auto *box = bench.window.findChild<QMessageBox *>();
        QVERIFY(box);
        QVERIFY2(box->text().contains(u"left blank"_s), qPrintable(box->text()));
        QVERIFY(bench.commands.told.isEmpty());
    }

    void eachDriveOfAJobIsShown()
    {
        JobSnapshot job = flashJob(JobState::Running);
        job.progress = {.stage = Stage::Writing, .done = 300, .total = 800};
        job.details.drives = {
            {.id = tests::blankStick('b').id, .state = JobState::Running, .done = 100},
            {.id = tests::blankStick('c').id, .state = JobState::Succeeded, .done = 400},
            {.id = u"usb-gone"_s,
             .state = JobState::Failed,
             .done = 0,
             .error = Error{ErrorCode::DeviceGone, u"/dev/sdx"_s}}};
        Bench bench({job});
        auto *shown = bench.window.findChild<ui::DriveProgress *>();
        QVERIFY(shown->isVisible());
        const auto text = [shown](int row, int column) {
            return shown->topLevelItem(row)->text(column);
        };
        const auto percent = [shown](int row) {
            return qobject_cast<QProgressBar *>(shown->itemWidget(shown->topLevelItem(row), 2))
                ->value();
        };
        QVERIFY(text(0, 0).contains(u"DataTraveler"_s) && text(0, 0).contains(u"/dev/sdb"_s));
        QCOMPARE(percent(0), 100 * 100 * 3 / 800);
        QCOMPARE(text(1, 1), u"Verified"_s);
        QCOMPARE(percent(1), 100);
        QCOMPARE(text(2, 0), u"usb-gone"_s);
        QVERIFY(text(2, 4).contains(u"unplugged"_s));
        bench.jobs.model->reset({tests::makeJob(1, JobState::Running)}, 0);
        bench.window.findChild<ui::JobListView *>()->selectJob({1});
        QVERIFY(!shown->isVisible());
    }
};

QTEST_MAIN(TestFlashOrders)
#include "tst_flashorders.moc"
