#pragma once
#include "core/jobs/workflow.h"

namespace server {

/// What a reader may subscribe to (PROTOCOL.md §1): `jobs`, `job:17`, `system`, …
class Topic
{
public:
    /// Names are `[a-z]+(:[A-Za-z0-9_.-]{1,64})?`, the first word one of PROTOCOL.md's. Fails with
    /// `InvalidArgument` naming the name.
    [[nodiscard]] static core::Result<Topic> parse(const QString &name);
    [[nodiscard]] static Topic jobs();
    [[nodiscard]] static Topic job(core::JobId id);
    [[nodiscard]] static Topic devices();
    [[nodiscard]] static Topic workflow(core::WorkflowId id);
    /// `name` is one of PROTOCOL.md, as core::checkAgentName() takes it.
    [[nodiscard]] static Topic agent(const QString &name);
    [[nodiscard]] static Topic agents();
    [[nodiscard]] static Topic coordinator();
    [[nodiscard]] static Topic system();

    [[nodiscard]] const QString &name() const { return m_name; }
    [[nodiscard]] bool isJobs() const;
    [[nodiscard]] bool isDevices() const;
    /// The job that `job:<id>` is about.
    [[nodiscard]] std::optional<core::JobId> jobId() const { return m_jobId; }
    /// Whether it is about what jobs are doing.
    [[nodiscard]] bool hasJobs() const;
    /// The name of the topic of all such things: `jobs` of `job:17`, and of itself.
    [[nodiscard]] const QString &family() const { return m_family; }

    friend bool operator==(const Topic &, const Topic &) = default;

private:
    explicit Topic(QString name, std::optional<core::JobId> job = std::nullopt);

    QString m_name;
    QString m_family; // kept: asked of every event for every reader
    std::optional<core::JobId> m_jobId;
};

} // namespace server
