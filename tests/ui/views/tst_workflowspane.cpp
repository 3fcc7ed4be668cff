#include "core/workflows/workflowfilejson.h"
#include "tests/ui/support/fakedesktop.h"
#include "tests/ui/support/sampledrives.h"
#include "tests/ui/support/samplejobs.h"
#include "tests/ui/support/sampleworkflows.h"
#include "ui/dialogs/flashdialog.h"
#include "ui/models/workflowlistmodel.h"
#include "ui/views/joblistview.h"
#include "ui/views/stagestrip.h"
#include "ui/workfloworders.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>
#include <QTreeView>

using namespace core;
using namespace Qt::StringLiterals;

namespace {

enum Row { Running, FailedOne, PausedOne, Done };
constexpr int WorkflowsTab = 2;

struct Bench : tests::FakeDesktop {
    QTabWidget &tabs = *window.findChild<QTabWidget *>(u"tabs"_s);
    QTreeView &list = *window.findChild<QTreeView *>(u"workflowList"_s);
    QTreeView &steps = *window.findChild<QTreeView *>(u"stepList"_s);

    Bench()
    {
        workflows.model->reset(tests::sampleWorkflows());
        drives.model->setDrives(tests::sampleDrives());
        show();
        tabs.setCurrentIndex(WorkflowsTab);
    }
    [[nodiscard]] QAction &action(const QString &name) const
    {
        return *window.findChild<QAction *>(u"workflow"_s + name);
    }
    /// The names of those that can be chosen.
    [[nodiscard]] QStringList allowed() const
    {
        QStringList names;
        for (const QString &name : {u"pause"_s, u"resume"_s, u"cancel"_s, u"retry"_s, u"remove"_s,
                                    u"retrystep"_s, u"window"_s})
            if (action(name).isEnabled())
                names.append(name);
        return names;
    }
    [[nodiscard]] QString text(const QString &name) const
    {
        return window.findChild<QLabel *>(name)->text();
    }
    void select(int row) { list.setCurrentIndex(workflows.model->index(row, 0)); }
    void selectStep(int row) { steps.setCurrentIndex(steps.model()->index(row, 0)); }
    void answer(const QString &button) const
    {
        window.findChild<QMessageBox *>()->findChild<QPushButton *>(button)->click();
    }
    [[nodiscard]] QString write(const QByteArray &text) const
    {
        QFile file(folder.filePath(u"work.json"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("the file cannot be written");
        return file.fileName();
    }
    [[nodiscard]] ui::WorkflowOrders &orders() const
    {
        return *window.findChild<ui::WorkflowOrders *>();
    }
};

FlashSpec flashOf(const QString &link)
{
    FlashSpec spec;
    spec.url = QUrl(link);
    spec.drives = spec.erase = {u"usb-1"_s};
    return spec;
}

QStringList namesOf(const WorkflowPlan &plan)
{
    QStringList names;
    for (const WorkflowStep &step : plan.steps)
        names.append(u"%1 %2 after %3"_s.arg(step.name, step.kind, step.needs.join(u'+')));
    return names;
}

} // namespace

class TestWorkflowsPane : public QObject
{
    Q_OBJECT
private slots:
    void theFirstIsSelectedAndItsStageShown()
    {
        Bench bench;
        QCOMPARE(bench.text(u"workflowTitle"_s), u"debian-12.iso"_s);
        QCOMPARE(bench.steps.model()->rowCount(), 3);
        QCOMPARE(bench.steps.currentIndex().row(), 1);
        QVERIFY(bench.text(u"stepFacts"_s).startsWith(u"Step “check”: Check. Running."_s));
    }

    void theFirstThatComesIsSelected()
    {
        Bench bench;
        bench.workflows.model->reset({});
        QVERIFY(bench.allowed().isEmpty());
        bench.workflows.model->apply({WorkflowAdded{tests::makeWorkflow(9)}});
        QCOMPARE(bench.text(u"workflowTitle"_s), u"debian-12.iso"_s);
        QCOMPARE(bench.allowed(), (QStringList{u"pause"_s, u"cancel"_s}));
    }

    void aStepIsChosenInTheStripToo()
    {
        Bench bench;
        auto *strip = bench.window.findChild<ui::StageStrip *>();
        QTest::mouseClick(strip, Qt::LeftButton, {}, {strip->width() - 10, 8});
        QCOMPARE(bench.steps.currentIndex().row(), 2);
        QVERIFY(bench.text(u"stepFacts"_s).startsWith(u"Step “write”"_s));
        QVERIFY(strip->accessibleDescription().contains(u"write: Not yet begun"_s));
    }

    void eventsMoveTheRows()
    {
        Bench bench;
        bench.select(Running);
        Workflow changed = tests::sampleWorkflows().first();
        const Workflow before = changed;
        changed.steps[1].state = JobState::Succeeded;
        changed.stage = 2;
        Workflow added = tests::makeWorkflow(5);
        bench.workflows.model->apply({WorkflowAdded{added}, WorkflowChanged{before, changed},
                                      WorkflowRemoved{{1}, u"local"_s}});
        QCOMPARE(bench.workflows.model->rowCount(), 4);
        QCOMPARE(bench.workflows.model->rowOf({5}), 0);
        QCOMPARE(bench.workflows.model->rowOf({4}), 1);
        QCOMPARE(bench.workflows.model->rowOf({1}), -1);
        QCOMPARE(bench.list.currentIndex().row(), 1); // the same workflow
        QVERIFY(bench.text(u"workflowSentence"_s).startsWith(u"Step 3 of 3"_s));
        QCOMPARE(bench.steps.currentIndex().row(), 2); // it follows what the workflow is busy with
        bench.selectStep(0);
        bench.workflows.model->apply({WorkflowChanged{changed, before}});
        QCOMPARE(bench.steps.currentIndex().row(), 0); // what the user chose stays
    }

    void whatCanBeDoneFollowsTheState_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<QStringList>("allowed");
        QTest::newRow("running") << int(Running)
                                 << QStringList{u"pause"_s, u"cancel"_s, u"window"_s};
        QTest::newRow("failed") << int(
            FailedOne) << QStringList{u"retry"_s, u"remove"_s, u"retrystep"_s, u"window"_s};
        QTest::newRow("paused") << int(PausedOne)
                                << QStringList{u"resume"_s, u"cancel"_s, u"window"_s};
        QTest::newRow("done") << int(Done) << QStringList{u"remove"_s, u"window"_s};
    }
    void whatCanBeDoneFollowsTheState()
    {
        QFETCH(int, row);
        Bench bench;
        bench.select(row);
        QTEST(bench.allowed(), "allowed");
    }

    void aStepThatWaitsInVainIsNotRetriedAlone()
    {
        Bench bench;
        bench.select(FailedOne);
        bench.selectStep(2);
        QVERIFY(!bench.action(u"retrystep"_s).isEnabled());
        QVERIFY(!bench.action(u"window"_s).isEnabled());
        QVERIFY(bench.text(u"stepFacts"_s).contains(u"a step that it needs did not succeed"_s));
    }

    void commandsReachTheHub()
    {
        Bench bench;
        QTest::keyClick(&bench.window, Qt::Key_P, Qt::AltModifier);
        QTest::keyClick(&bench.window, Qt::Key_C, Qt::AltModifier);
        QCOMPARE(bench.workflows.told, QStringList{u"pause w4"_s}); // cancel asks first
        bench.answer(u"yes"_s);
        bench.select(FailedOne);
        bench.action(u"retrystep"_s).trigger();
        bench.action(u"retry"_s).trigger();
        bench.select(PausedOne);
        bench.action(u"resume"_s).trigger();
        QCOMPARE(bench.workflows.told,
                 (QStringList{u"pause w4"_s, u"cancel w4"_s, u"retry w3 check"_s, u"retry w3"_s,
                              u"resume w2"_s}));
    }

    void everythingThatEndedIsRemovedAtOnce()
    {
        Bench bench;
        bench.action(u"removeended"_s).trigger();
        bench.answer(u"yes"_s);
        QCOMPARE(bench.workflows.told, (QStringList{u"remove w3"_s, u"remove w1"_s}));
        bench.workflows.model->reset({});
        QVERIFY(!bench.action(u"removeended"_s).isEnabled());
        QVERIFY(bench.window.findChild<QLabel *>(u"noWorkflow"_s)->isVisible());
    }

    void whatIsRefusedIsSaid()
    {
        Bench bench;
        bench.workflows.answer = fail(ErrorCode::InvalidState, u"workflow w4 is paused"_s);
        bench.action(u"pause"_s).trigger();
        const auto labels = bench.window.findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->text().contains(u"“debian-12.iso” stays as it is."_s);
        }));
    }

    void theJobOfAStepIsOneStepAway()
    {
        Bench bench;
        bench.jobs.model->reset(
            {tests::makeJob(20, JobState::Succeeded), tests::makeJob(21, JobState::Running)}, 0);
        bench.steps.setFocus();
        QTest::keyClick(&bench.steps, Qt::Key_Return);
        QCOMPARE(bench.tabs.currentIndex(), 0);
        const auto *jobs = bench.window.findChild<ui::JobListView *>();
        QCOMPARE(jobs->selectedJobs().first().id, JobId{21});
    }

    void aFileIsShownBeforeAnythingOfItBegins()
    {
        Bench bench;
        const QString path = bench.write(
            "{\"title\":\"Nightly\",\"steps\":["
            "{\"name\":\"get\",\"kind\":\"download\",\"url\":\"https://example.org/a.iso\"},"
            "{\"name\":\"run\",\"kind\":\"command\",\"command\":\"touch "
            "done\",\"needs\":[\"get\"]},"
            "{\"name\":\"put\",\"kind\":\"flash\",\"image\":\"${get.file}\",\"drives\":[\"usb-1\"],"
            "\"erase\":[\"usb-1\"]}]}");
        bench.orders().openFile(path);
        QVERIFY(bench.workflows.added.isEmpty());
        const auto *box = bench.window.findChild<QMessageBox *>();
        QVERIFY2(box->text().contains(u"touch done"_s), qPrintable(box->text()));
        QVERIFY(box->text().contains(u"${get.file} → usb-1"_s));
        bench.answer(u"yes"_s);
        QCOMPARE(bench.workflows.added.size(), 1);
        const WorkflowPlan plan = bench.workflows.added.first().plan;
        QCOMPARE(plan.title, u"Nightly"_s);
        QVERIFY(!plan.steps[2].spec.contains("erase")); // a file says no yes
        QVERIFY(plan.steps[2].spec.contains("usb-1"));
    }

    void aFileThatIsNoWorkflowIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no JSON") << QByteArray("hello");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("no steps") << QByteArray("{\"title\":\"x\"}");
        QTest::newRow("too large") << QByteArray(LargestWorkflowFileBytes + 1, ' ');
    }
    void aFileThatIsNoWorkflowIsRefused()
    {
        QFETCH(QByteArray, text);
        Bench bench;
        QStringList said;
        QObject::connect(&bench.orders(), &ui::WorkflowOrders::said, &bench.window,
                         [&said](const QString &sentence) { said.append(sentence); });
        bench.orders().openFile(bench.write(text));
        QCOMPARE(said.size(), 1);
        QVERIFY2(said.first().contains(u"work.json is no workflow that can be started."_s),
                 qPrintable(said.first()));
        QVERIFY(!bench.window.findChild<QMessageBox *>());
    }

    void theReadyMadeOneIsAskedForAsAFlashIs()
    {
        Bench bench;
        bench.action(u"write"_s).trigger();
        auto *dialog = bench.window.findChild<ui::FlashDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        auto *write = dialog->findChild<QPushButton *>(u"write"_s);
        auto *sha256 = dialog->findChild<QLineEdit *>(u"sha256"_s);
        QVERIFY(sha256->isVisible());
        dialog->findChild<QLineEdit *>(u"image"_s)->setText(u"https://example.org/a.iso"_s);
        sha256->setText(QString(64, u'a'));
        QVERIFY(!write->isEnabled()); // no drive is ticked for the user
        QAbstractItemModel *rows = dialog->findChild<QTreeView *>(u"drives"_s)->model();
        rows->setData(rows->index(2, 0), Qt::Checked, Qt::CheckStateRole); // the blank one
        write->click();
        QCOMPARE(bench.workflows.added.size(), 1);
        const ui::WorkflowOrder order = bench.workflows.added.first();
        const Drive drive = tests::sampleDrives().at(2).drive;
        QCOMPARE(order.seen, QList{drive.identity()});
        QCOMPARE(namesOf(order.plan),
                 (QStringList{u"fetch download after "_s, u"check verify after fetch"_s,
                              u"write flash after check+fetch"_s}));
        QVERIFY(order.plan.steps[2].spec.contains(drive.id.toUtf8()));
        QVERIFY(!dialog->isVisible());
    }

    void whatIsReadyMadeIsAPlan()
    {
        const auto withLink = fetchCheckWrite(flashOf(u"https://example.org/a%20$b.iso"_s));
        QVERIFY(withLink);
        QCOMPARE(withLink->title, u"a $b.iso"_s);
        QVERIFY(withLink->steps[0].spec.contains("a%20$$b.iso"));
        QVERIFY(withLink->steps[1].spec.contains("${fetch.sha256}"));
        QVERIFY(!withLink->steps[2].spec.contains("url"));
        FlashSpec file = flashOf({});
        file.image = u"/images/a$.iso"_s;
        const auto plain = fetchCheckWrite(file);
        QVERIFY(plain);
        QCOMPARE(namesOf(*plain), QStringList{u"write flash after "_s});
        QVERIFY(plain->steps[0].spec.contains("a$$.iso"));
        file.sha256 = QString(64, u'b');
        QCOMPARE(namesOf(*fetchCheckWrite(file)),
                 (QStringList{u"check verify after "_s, u"write flash after check"_s}));
        QVERIFY(!fetchCheckWrite({}));
    }
};

QTEST_MAIN(TestWorkflowsPane)
#include "tst_workflowspane.moc"
