#include "core/workflows/workflowstate.h"
#include "tests/core/workflows/workflowbench.h"

#include <random>

using namespace core;
using namespace Qt::StringLiterals;
using tests::WorkflowBench;

namespace {

const Principal Me = Principal::localUser();

const QByteArray
    Diamond("{'steps':[{'name':'a','kind':'download','url':'http://example.test/a.bin'},"
            "{'name':'b','kind':'verify','file':'${a.file}','sha256':'${a.sha256}'},"
            "{'name':'c','kind':'extract','file':'${a.file}'},"
            "{'name':'d','kind':'verify','file':'${c.file}','sha256':'${a.sha256}','needs':['b']},"
            "{'name':'e','kind':'download','url':'http://example.test/e.bin'}]}");

/// A command by its number; which are refused is for the state to say.
void steer(Workflows &workflows, WorkflowId id, unsigned command)
{
    switch (command) {
    case 0:
        (void)workflows.pause(Me, id);
        break;
    case 1:
    case 2:
        (void)workflows.resume(Me, id);
        break;
    case 3:
        (void)workflows.cancel(Me, id);
        break;
    default:
        (void)workflows.retry(Me, id);
    }
}

} // namespace

class WorkflowLoadTest : public QObject
{
    Q_OBJECT
private slots:
    void whateverIsAskedItsRulesHold_data();
    void whateverIsAskedItsRulesHold();
    void aThousandWorkflowsOfFiveStepsRun();
};

void WorkflowLoadTest::whateverIsAskedItsRulesHold_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 6; ++seed)
        QTest::newRow(qPrintable(u"seed %1"_s.arg(seed))) << seed;
}

/// Random commands, ends and restarts; a step never runs before what it needs, and in the end all succeed.
void WorkflowLoadTest::whateverIsAskedItsRulesHold()
{
    QFETCH(const unsigned, seed);
    std::mt19937 engine(seed);
    const auto random = [&engine] { return unsigned(engine()); };
    WorkflowBench bench;
    const WorkflowId id = bench.add(Diamond)->id;
    const QStringList names{u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s};
    for (int turn = 0; turn < 120; ++turn) {
        const unsigned what = random() % 12;
        if (what < 5)
            steer(bench.run->workflows, id, what);
        else if (what < 10)
            bench.order(id, names[qsizetype(random() % 5)], random() % 3 == 0 ? 2 : 1);
        else if (what == 10 && turn % 8 == 0)
            bench.begin();
        QCoreApplication::processEvents();
        const Workflow workflow = bench.get(id);
        for (const WorkflowStep &step : workflow.steps)
            if (step.state == JobState::Running || step.state == JobState::Succeeded)
                QVERIFY2(isReady(workflow, step), qPrintable(step.name));
        QVERIFY(bench.run->registry.snapshots().size() <= 5); // one job a step
    }
    const auto hasSucceeded = [&] {
        steer(bench.run->workflows, id, 1);
        steer(bench.run->workflows, id, 4);
        for (const QString &name : names)
            if (bench.isRunning(id, name))
                bench.complete(id, name);
        return bench.get(id).state == JobState::Succeeded;
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasSucceeded(), 30'000);
}

void WorkflowLoadTest::aThousandWorkflowsOfFiveStepsRun()
{
    WorkflowBench bench;
    constexpr int Count = 1000;
    for (int w = 1; w <= Count; ++w)
        for (const char name : {'a', 'b', 'c', 'd', 'e'})
            bench.switchOf(u"w%1/%2"_s.arg(w).arg(QLatin1Char(name)))->order = 1;
    const auto plan = WorkflowBench::plan(Diamond);
    int answered = 0;
    for (int w = 0; w < Count; ++w)
        bench.run->workflows.add(Me, *plan,
                                 [&](const Result<Workflow> &added) { answered += added ? 1 : 0; });
    const auto areAllDone = [&] {
        const auto all = *bench.run->workflows.list(Me);
        return all.size() == Count && std::ranges::all_of(all, [](const Workflow &workflow) {
                   return workflow.state == JobState::Succeeded;
               });
    };
    QTRY_VERIFY_WITH_TIMEOUT(areAllDone(), 240'000);
    QCOMPARE(answered, Count);
    QCOMPARE(bench.run->registry.snapshots().size(), Count * 5);
}

QTEST_GUILESS_MAIN(WorkflowLoadTest)
#include "tst_workflowload.moc"
