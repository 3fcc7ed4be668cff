#pragma once
#include "core/workflows/workflowplanjson.h"
#include "tests/core/workflows/workflowrun.h"

#include <QJsonDocument>
#include <QTest>

namespace tests {

/// Workflows with everything that they need, in a folder of its own; begin() again is the next run of the
/// program on it. Jobs do as told, by the name of their step.
struct WorkflowBench : WorkflowDisk {
    WorkflowBench() { begin(); }
    void begin()
    {
        run.reset();
        run = std::make_unique<WorkflowRun>(*this);
        run->registry.setLimits({.downloads = 100, .others = 100});
    }
    /// `json` with single quotes for double ones.
    [[nodiscard]] static core::Result<core::WorkflowPlan> plan(QByteArray json)
    {
        const QJsonDocument document = QJsonDocument::fromJson(json.replace('\'', '"'));
        if (!document.isObject())
            qFatal("not JSON: %s", json.constData());
        return core::workflowPlanFromJson(document.object());
    }
    /// Waits until it is on disk.
    core::Result<core::Workflow> add(const QByteArray &json,
                                     const core::Principal &who = core::Principal::localUser())
    {
        auto asked = plan(json);
        if (!asked)
            return core::fail(asked.error());
        std::optional<core::Result<core::Workflow>> answer;
        run->workflows.add(who, *asked,
                           [&](const core::Result<core::Workflow> &added) { answer = added; });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 10'000))
            qFatal("no answer");
        return *answer;
    }
    [[nodiscard]] core::Workflow get(core::WorkflowId id)
    {
        return *run->workflows.get(core::Principal::localUser(), id);
    }
    [[nodiscard]] core::WorkflowStep step(core::WorkflowId id, const QString &name)
    {
        const core::Workflow workflow = get(id);
        return workflow.steps[workflow.indexOf(name)];
    }
    [[nodiscard]] core::JobState stateOf(core::WorkflowId id, const QString &name)
    {
        return step(id, name).state;
    }
    [[nodiscard]] bool isRunning(core::WorkflowId id, const QString &name)
    {
        return stateOf(id, name) == core::JobState::Running;
    }
    void order(core::WorkflowId id, const QString &name, int how)
    {
        switchOf(core::WorkflowLink{id, name}.toString())->order = how;
    }
    void complete(core::WorkflowId id, const QString &name) { order(id, name, 1); }
    void failStep(core::WorkflowId id, const QString &name) { order(id, name, 2); }

    std::unique_ptr<WorkflowRun> run;
};

} // namespace tests
