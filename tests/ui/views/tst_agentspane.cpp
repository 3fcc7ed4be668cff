#include "tests/ui/support/fakedesktop.h"
#include "tests/ui/support/sampleagents.h"
#include "tests/ui/support/samplejobs.h"
#include "ui/models/agentlistmodel.h"
#include "ui/views/agentchart.h"
#include "ui/views/agentspane.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace core;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using ui::AgentListModel;

namespace {

constexpr Milliseconds Now{1'790'000'012'345};

struct Bench {
    AgentListModel agents;
    tests::FakeAgentSource source;
    ui::AgentsPane pane{agents, source};
    QTreeView &list = *pane.findChild<QTreeView *>(u"agentList"_s);
    ui::AgentChart &chart = *pane.findChild<ui::AgentChart *>();

    Bench()
    {
        source.history = {.now = Now, .points = tests::sampleHistory(Now)};
        agents.setAgents(tests::sampleAgents());
        pane.resize(900, 600);
        pane.show();
        if (!QTest::qWaitForWindowExposed(&pane))
            qFatal("the pane does not appear");
    }
    [[nodiscard]] QString text(const QString &name) const
    {
        return pane.findChild<QLabel *>(name)->text();
    }
    void select(int row) { list.setCurrentIndex(agents.index(row, 0)); }
};

AgentPoint point(Milliseconds time, qint64 succeeded, qint64 failed)
{
    return {.time = time, .messages = 0, .succeeded = succeeded, .failed = failed};
}

} // namespace

class TestAgentsPane : public QObject
{
    Q_OBJECT
private slots:
    void aSeriesEndsWithTheMinuteThatIsNotOverYet()
    {
        const Milliseconds minute = Now - Now % 1min;
        const ui::AgentSeries series = ui::seriesOf(
            {point(minute, 2, 1), point(minute - 1min, 4, 0), point(minute, 1, 0),
             point(minute - 59min, 0, 1), point(minute - 60min, 9, 9), point(minute + 1min, 9, 9)},
            Now, ui::AgentPeriod::Hour);
        QCOMPARE(series.columns.size(), 60);
        QCOMPARE(series.begin, minute - 59min);
        QCOMPARE(series.columns.last(), (ui::AgentColumn{.executions = 4, .failed = 1}));
        QCOMPARE(series.columns.last().errorRate(), 0.25);
        QCOMPARE(series.perMinute(series.columns.last()), 4.0);
        QCOMPARE(series.columns[58].executions, 4);
        QCOMPARE(series.columns.first(), (ui::AgentColumn{.executions = 1, .failed = 1}));
        QCOMPARE(series.columns[30].errorRate(), -1.0);
        QCOMPARE(series.sum().executions, 9);
    }

    void aDayHasQuartersOfAnHour()
    {
        const ui::AgentSeries series =
            ui::seriesOf({point(Now - Now % 15min, 30, 0), point(Now - Now % 15min + 1min, 15, 0)},
                         Now, ui::AgentPeriod::Day);
        QCOMPARE(series.columns.size(), 96);
        QCOMPARE(series.columns.last().executions, 45);
        QCOMPARE(series.perMinute(series.columns.last()), 3.0);
    }

    void rowsStayAsAgentsComeAndGo()
    {
        AgentListModel model;
        const QList<Agent> all = tests::sampleAgents();
        model.setAgents({all[0], all[1], all[3]});
        const QPersistentModelIndex third = model.index(2, 0);
        model.setAgents({all[0], all[2], all[3], all[5]});
        QCOMPARE(third.row(), 2);
        QCOMPARE(model.agent(1).name, all[2].name);
        QCOMPARE(model.rowCount(), 4);
        Agent changed = all[3];
        changed.status = AgentStatus::Busy;
        model.update(changed);
        QCOMPARE(model.agent(2), changed);
        model.update(all[4]); // not there
        QCOMPARE(model.rowCount(), 4);
    }

    void numbersAreShown()
    {
        Bench bench;
        const auto text = [&bench](int row, int column) {
            return bench.agents.index(row, column).data().toString();
        };
        QCOMPARE(text(0, AgentListModel::Status), u"Working"_s);
        QCOMPARE(text(0, AgentListModel::Job), u"Job 21"_s);
        QCOMPARE(text(0, AgentListModel::ErrorRate), u"2.5 %"_s);
        QCOMPARE(text(1, AgentListModel::Healthy), u"No"_s);
        QCOMPARE(text(2, AgentListModel::ErrorRate), QString());
        bench.agents.setCounts({.registeredAgents = 6, .healthyAgents = 4});
        QVERIFY(bench.text(u"coordinator"_s).startsWith(u"Agents: 6, healthy: 4"_s));
    }

    void theChartIsOfTheSelectedAgentOrOfAll()
    {
        Bench bench;
        QCOMPARE(bench.source.asked, QStringList{QString()});
        QCOMPARE(bench.text(u"chartOf"_s), u"What all agents did"_s);
        const QString day = bench.chart.accessibleDescription();
        QVERIFY2(day.contains(u"executions ended"_s), qPrintable(day));
        bench.select(5);
        QCOMPARE(bench.source.asked.last(), u"translator"_s);
        QCOMPARE(bench.text(u"chartOf"_s), u"What translator did"_s);
        QVERIFY(bench.text(u"agentFacts"_s).contains(u"Does: translate, summarize."_s));
        bench.pane.findChild<QToolButton *>(u"allAgents"_s)->click();
        QCOMPARE(bench.source.asked.last(), QString());
        bench.pane.findChild<QComboBox *>(u"period"_s)->setCurrentIndex(1);
        QVERIFY(bench.chart.accessibleDescription() != day);
    }

    void aLateAnswerAboutAnotherAgentIsNotShown()
    {
        struct SlowSource final : ui::AgentSource {
            QList<HistoryAnswer> waiting;
            void join(AgentListModel &) override { }
            void askHistory(const QString &, HistoryAnswer answer) override
            {
                waiting.append(std::move(answer));
            }
        } source;
        AgentListModel agents;
        agents.setAgents(tests::sampleAgents());
        ui::AgentsPane pane(agents, source);
        auto *list = pane.findChild<QTreeView *>(u"agentList"_s);
        list->setCurrentIndex(agents.index(0, 0));
        list->setCurrentIndex(agents.index(1, 0));
        QCOMPARE(source.waiting.size(), 2);
        source.waiting[1]({.now = Now, .points = {}});
        source.waiting[0]({.now = Now, .points = tests::sampleHistory(Now)});
        QCOMPARE(pane.findChild<ui::AgentChart *>()->accessibleDescription(),
                 u"Nothing ended in this time."_s);
    }

    void theJobThatAnAgentWorksOnIsOneStepAway()
    {
        Bench bench;
        QSignalSpy wanted(&bench.pane, &ui::AgentsPane::jobWanted);
        auto *action = bench.pane.findChild<QAction *>(u"agentwindow"_s);
        QVERIFY(!action->isEnabled());
        bench.select(2);
        QVERIFY(!action->isEnabled());
        bench.select(0);
        action->trigger();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.first().first().value<JobId>(), JobId{21});
    }

    void whatAnAgentWorksOnIsPausedAndCanceledFromThere()
    {
        tests::FakeDesktop desktop;
        JobSnapshot job = tests::makeJob(21, JobState::Running);
        job.progress.done = 0; // nothing to lose, so nothing is asked
        desktop.jobs.model->reset({job}, 0);
        desktop.agents.model->setAgents(tests::sampleAgents());
        desktop.show();
        auto *list = desktop.window.findChild<QTreeView *>(u"agentList"_s);
        list->setCurrentIndex(list->model()->index(0, 0));
        desktop.window.findChild<QAction *>(u"agentpause"_s)->trigger();
        desktop.window.findChild<QAction *>(u"agentcancel"_s)->trigger();
        QCOMPARE(desktop.commands.told, (QStringList{u"pause 21"_s, u"cancel 21"_s}));
        list->setCurrentIndex(list->model()->index(5, 0)); // of a job that the window does not know
        desktop.window.findChild<QAction *>(u"agentpause"_s)->trigger();
        QCOMPARE(desktop.commands.told.size(), 2);
    }
};

QTEST_MAIN(TestAgentsPane)
#include "tst_agentspane.moc"
