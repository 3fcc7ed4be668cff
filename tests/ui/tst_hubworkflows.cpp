#include "core/agents/agentboard.h"
#include "core/store/workflowstore.h"
#include "core/workflows/workflowfilejson.h"
#include "core/workflows/workflows.h"
#include "tests/ui/support/sampledrives.h"
#include "tests/ui/support/threadedhub.h"
#include "ui/hubagents.h"
#include "ui/hubworkflows.h"
#include "ui/models/agentlistmodel.h"
#include "ui/models/workflowlistmodel.h"

#include <QTest>

using namespace core;
using namespace Qt::StringLiterals;

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

/// What the hub has besides HubParts.
struct WorkflowParts {
    WorkflowStore store;
    StepJobs jobs;
    Workflows workflows;
    AgentBoard board;

    explicit WorkflowParts(tests::HubParts &hub)
        : store(hub.store)
        , jobs({.registry = hub.registry, .service = hub.service, .flashes = hub.flashes})
        , workflows({.clock = hub.clock, .registry = hub.registry, .store = store, .jobs = jobs})
        , board(hub.clock, hub.registry)
    { }
};

struct Bench : tests::ThreadedHub {
    std::unique_ptr<WorkflowParts> parts;

    Bench()
        : ThreadedHub(makeWorker)
    {
        onHub([this] { parts = std::make_unique<WorkflowParts>(*hub); });
    }
    ~Bench()
    {
        onHub([this] { parts.reset(); });
    }
    [[nodiscard]] ui::HubWorkflows::Doors doors() const { return {parts->workflows, hub->flashes}; }
};

/// Waits for a program that reports it.
WorkflowPlan reportedWork(const QString &title)
{
    return {.title = title,
            .steps = {{.name = u"wait"_s, .kind = u"report"_s, .needs = {}, .spec = "{}"}}};
}

} // namespace

class TestHubWorkflows : public QObject
{
    Q_OBJECT
private slots:
    void workflowsAreCommandedAndFollowed()
    {
        Bench bench;
        ui::WorkflowListModel model;
        ui::HubWorkflows access(bench.doors(), &bench.context);
        access.join(model);
        QStringList answers;
        const auto note = [&answers](const auto &result) {
            answers.append(result ? u"ok"_s : errorCodeName(result.error().code).toString());
        };
        access.add({reportedWork(u"one"_s), {}}, note);
        QTRY_COMPARE(model.rowCount(), 1);
        const WorkflowId id = model.workflow(0).id;
        access.tell(id, ui::WorkflowVerb::Cancel, note);
        QTRY_COMPARE(model.workflow(0).state, JobState::Canceled);
        access.tell(id, ui::WorkflowVerb::Pause, note);
        access.retry(id, u"wait"_s, note);
        access.tell(id, ui::WorkflowVerb::Cancel, note);
        QTRY_COMPARE(answers, (QStringList{u"ok"_s, u"ok"_s, u"invalidState"_s, u"ok"_s, u"ok"_s}));
        QTRY_COMPARE(model.workflow(0).state, JobState::Canceled);
        access.remove(id, note);
        QTRY_COMPARE(model.rowCount(), 0);
        QTRY_COMPARE(answers.last(), u"ok"_s);
    }

    void whoJoinsLaterSeesWhatIsThere()
    {
        Bench bench;
        ui::HubWorkflows first(bench.doors(), &bench.context);
        first.add({reportedWork(u"one"_s), {}}, [](const auto &) {});
        first.add({reportedWork(u"two"_s), {}}, [](const auto &) {});
        auto model = std::make_unique<ui::WorkflowListModel>();
        auto second = std::make_unique<ui::HubWorkflows>(bench.doors(), &bench.context);
        second->join(*model);
        QTRY_COMPARE(model->rowCount(), 2);
        QCOMPARE(model->workflow(0).title, u"two"_s);
        model.reset(); // window and source may end in any order
        first.add({reportedWork(u"three"_s), {}}, [](const auto &) {});
        second.reset();
        QCoreApplication::processEvents();
    }

    void drivesThatAreNotTheSeenOnesAreNotWritten()
    {
        Bench bench;
        ui::HubWorkflows access(bench.doors(), &bench.context);
        const DriveIdentity missing = tests::blankStick('b').identity();
        FlashSpec flash;
        flash.url = QUrl(u"https://example.org/a.iso"_s);
        flash.drives = flash.erase = {missing.id};
        QString answer;
        access.add({*fetchCheckWrite(flash), {missing}}, [&answer](const auto &id) {
            answer = id ? u"ok"_s : errorCodeName(id.error().code).toString();
        });
        QTRY_COMPARE(answer, u"deviceGone"_s);
        bench.onHub([&bench] { QVERIFY(bench.hub->registry.snapshots().isEmpty()); });
    }

    void agentsAndTheirHistoryReachTheWindow()
    {
        Bench bench;
        ui::AgentListModel model;
        ui::HubAgents source(bench.parts->board, bench.hub->clock, &bench.context);
        source.join(model);
        QTRY_VERIFY(model.rowCount() >= 4);
        const int builtIn = model.rowCount();
        bench.onHub([&bench] {
            AgentBoard &board = bench.parts->board;
            board.arrive(u"translator"_s, u"local"_s, {u"translate"_s});
            board.begin(u"translator"_s, {7});
        });
        QTRY_COMPARE(model.rowCount(), builtIn + 1);
        QTRY_COMPARE(model.agent(builtIn).status, AgentStatus::Busy);
        QCOMPARE(model.agent(builtIn).current, JobId{7});
        bench.onHub([&bench] { bench.parts->board.end(u"translator"_s, AgentBoard::End::Failed); });
        QTRY_COMPARE(model.agent(builtIn).status, AgentStatus::Error);
        QTRY_COMPARE(model.counts().registeredAgents, builtIn + 1);
        for (const QString &name : {u"translator"_s, QString()}) {
            ui::AgentHistory history;
            source.askHistory(name, [&history](const auto &answer) { history = answer; });
            QTRY_COMPARE(history.points.size(), 1);
            QCOMPARE(history.points.first().failed, 1);
        }
    }
};

QTEST_MAIN(TestHubWorkflows)
#include "tst_hubworkflows.moc"
