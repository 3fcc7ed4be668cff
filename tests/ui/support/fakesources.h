#pragma once
#include "ui/agentsource.h"
#include "ui/drivesource.h"
#include "ui/jobsource.h"
#include "ui/questionsource.h"

namespace tests {

/// Hands the model to the test, which feeds it.
class FakeJobSource final : public ui::JobSource
{
public:
    ui::JobListModel *model = nullptr;
    ui::Viewing viewing = ui::Viewing::No;

    void join(ui::JobListModel &joined) override { model = &joined; }
    void setViewing(ui::Viewing value) override { viewing = value; }
};

/// Hands the model to the test, which fills it.
class FakeDriveSource final : public ui::DriveSource
{
public:
    ui::DriveListModel *model = nullptr;

    void join(ui::DriveListModel &joined) override { model = &joined; }
};

/// Hands the model to the test, which fills it; answers questions about the past.
class FakeAgentSource final : public ui::AgentSource
{
public:
    ui::AgentListModel *model = nullptr;
    ui::AgentHistory history;
    /// Whose history was asked for; "": everybody's.
    QStringList asked;

    void join(ui::AgentListModel &joined) override { model = &joined; }
    void askHistory(const QString &name, HistoryAnswer answer) override
    {
        asked.append(name);
        answer(history);
    }
};

/// Hands the listener to the test.
class FakeQuestionSource final : public ui::QuestionSource
{
public:
    Listener listener;

    void join(Listener joined) override { listener = std::move(joined); }
};

} // namespace tests
