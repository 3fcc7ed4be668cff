#pragma once
#include "core/drives/drive.h"
#include "core/workflows/workflowplan.h"

#include <functional>

namespace ui {

class WorkflowListModel;

/// A workflow that the user asked for.
struct WorkflowOrder {
    core::WorkflowPlan plan;
    /// The drives that the user agreed to erase, with the media that were shown.
    QList<core::DriveIdentity> seen;
};

enum class WorkflowVerb { Pause, Resume, Cancel };

/// Where the window learns which workflows there are, and what it does with them. Nothing here waits: each
/// answer comes once, on the UI thread; what changed is learned from the model.
class WorkflowAccess
{
public:
    using Answer = std::function<void(const core::Result<void> &)>;
    using Added = std::function<void(const core::Result<core::WorkflowId> &)>;

    virtual ~WorkflowAccess() = default;
    /// Fills `model` soon, and keeps it true from then on. Call once.
    virtual void join(WorkflowListModel &model) = 0;
    /// Fails, before anything begins, with `DeviceGone` when a drive is not the one that was seen.
    virtual void add(const WorkflowOrder &order, Added answer) = 0;
    virtual void tell(core::WorkflowId id, WorkflowVerb verb, Answer answer) = 0;
    /// "": every step that failed or was canceled.
    virtual void retry(core::WorkflowId id, const QString &step, Answer answer) = 0;
    /// Of a workflow that has ended; its files stay.
    virtual void remove(core::WorkflowId id, Answer answer) = 0;
};

} // namespace ui
