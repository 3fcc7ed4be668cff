#pragma once
#include "ui/workflowaccess.h"

namespace tests {

/// Hands the model to the test, writes down what the window commanded, and answers as told.
class FakeWorkflowAccess final : public ui::WorkflowAccess
{
public:
    ui::WorkflowListModel *model = nullptr;
    QList<ui::WorkflowOrder> added;
    /// "pause w3", "retry w3", "retry w3 check", "remove w3"
    QStringList told;
    core::Result<void> answer;

    void join(ui::WorkflowListModel &joined) override { model = &joined; }
    void add(const ui::WorkflowOrder &order, Added done) override
    {
        added.append(order);
        done(answer.map([this] { return core::WorkflowId{added.size()}; }));
    }
    void tell(core::WorkflowId id, ui::WorkflowVerb verb, Answer done) override
    {
        static const QStringList verbs{QStringLiteral("pause"), QStringLiteral("resume"),
                                       QStringLiteral("cancel")};
        told.append(verbs.at(int(verb)) + u' ' + id.toString());
        done(answer);
    }
    void retry(core::WorkflowId id, const QString &step, Answer done) override
    {
        told.append(QStringLiteral("retry %1 %2").arg(id.toString(), step).trimmed());
        done(answer);
    }
    void remove(core::WorkflowId id, Answer done) override
    {
        told.append(QStringLiteral("remove ") + id.toString());
        done(answer);
    }
};

} // namespace tests
