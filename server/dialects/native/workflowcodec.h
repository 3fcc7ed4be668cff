#pragma once
#include "core/jobs/workflow.h"

#include <QJsonObject>

namespace server {

/// The workflow object of PROTOCOL.md §1, with `attempt`, `createdAt` and `finishedAt` as jobs have them.
/// `stageIndex` counts from 1.
[[nodiscard]] QJsonObject workflowObject(const core::Workflow &workflow);
/// `{"workflow":{…}}`.
[[nodiscard]] QByteArray workflowResult(const core::Workflow &workflow);
/// RFC 7396 merge patch that makes `before`'s object `after`'s.
[[nodiscard]] QJsonObject workflowPatch(const core::Workflow &before, const core::Workflow &after);

/// Which workflows a list is to hold.
struct WorkflowFilter {
    static constexpr qsizetype MaxWorkflows = 1000;

    std::optional<core::JobState> state{};
    /// Only workflows older than this one.
    std::optional<core::WorkflowId> before{};
    qsizetype limit = MaxWorkflows;
    /// Of encoded workflows in one page; at least one is in it.
    qsizetype maxBytes = 0;
};
/// `"workflows":[…],"next"?:"w12"`, to stand in an object. `workflows` come latest first.
[[nodiscard]] QByteArray workflowMembers(const QList<core::Workflow> &workflows,
                                         const WorkflowFilter &filter);

} // namespace server
