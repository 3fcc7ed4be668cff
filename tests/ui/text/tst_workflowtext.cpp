#include "tests/ui/support/sampleworkflows.h"
#include "ui/text/workflowtext.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(core::Workflow)
Q_DECLARE_METATYPE(core::WorkflowStep)

class TestWorkflowText : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void shares_data()
    {
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << 0.0 << u"0 %"_s;
        QTest::newRow("rounded down") << 0.456 << u"45 %"_s;
        QTest::newRow("almost all is not all") << 0.9999 << u"99 %"_s;
        QTest::newRow("all") << 1.0 << u"100 %"_s;
    }
    void shares()
    {
        QFETCH(double, share);
        QTEST(ui::formatShare(share), "text");
    }

    void sentences_data()
    {
        QTest::addColumn<Workflow>("workflow");
        QTest::addColumn<QString>("sentence");
        const QList<Workflow> all = tests::sampleWorkflows();
        QTest::newRow("running") << all[0]
                                 << u"Step 2 of 3: check, 48 % of the whole: debian-12.iso"_s;
        QTest::newRow("failed")
            << all[1]
            << u"Failed in step “check”; 1 of 3 steps succeeded. Retry goes on from there."_s;
        QTest::newRow("paused") << all[2] << u"Paused at step 1 of 3: fetch."_s;
        QTest::newRow("done") << all[3] << u"Done: all 3 steps succeeded."_s;
        QTest::newRow("waits") << tests::makeWorkflow(1) << u"Waiting for its turn."_s;
        Workflow stopping = all[0];
        stopping.wish = WorkflowWish::Cancel;
        QTest::newRow("told to stop") << stopping << u"Stopping the steps that run."_s;
        Workflow canceled = all[0];
        canceled.state = JobState::Canceled;
        QTest::newRow("canceled") << canceled << u"Canceled; 1 of 3 steps had succeeded."_s;
    }
    void sentences()
    {
        QFETCH(Workflow, workflow);
        QTEST(ui::workflowSentence(workflow), "sentence");
    }

    void kinds_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("text");
        QTest::newRow("download") << u"download"_s << u"Download"_s;
        QTest::newRow("flash") << u"flash"_s << u"Writing a USB drive"_s;
        QTest::newRow("report") << u"report"_s << u"Reported by a program"_s;
        QTest::newRow("any other") << u"translate"_s << u"For agents: translate"_s;
    }
    void kinds()
    {
        QFETCH(QString, kind);
        QTEST(ui::stepKindText(kind), "text");
    }

    void stepsSayWhatHappened()
    {
        const Workflow failed = tests::sampleWorkflows().at(1);
        QCOMPARE(ui::stepStateText(failed.steps[1]), u"Failed"_s);
        QVERIFY(ui::stepSaysText(failed.steps[1]).contains(u"kiosk.img has another SHA-256"_s));
        QCOMPARE(ui::stepStateText(failed.steps[2]), u"Left out"_s);
        QCOMPARE(ui::stepSaysText(failed.steps[2]),
                 u"It was not begun: a step that it needs did not succeed."_s);
        QCOMPARE(ui::stepStateText(tests::makeWorkflow(1).steps[0]), u"Not yet begun"_s);
    }

    void whatAFileDoesIsSaidBeforeItBegins()
    {
        const Workflow workflow = tests::makeWorkflow(1);
        const QString question = ui::startWorkflowQuestion(
            workflow.title, workflow.steps, {u"https://example.org/a.iso"_s, {}, u"sdb"_s});
        QVERIFY2(question.contains(u"1. fetch: Download\n     https://example.org/a.iso"_s),
                 qPrintable(question));
        QVERIFY(question.contains(u"2. check: Check\n3. write"_s));
        QVERIFY(question.contains(u"Before a drive is erased you are asked for each one."_s));
    }
};

QTEST_GUILESS_MAIN(TestWorkflowText)
#include "tst_workflowtext.moc"
