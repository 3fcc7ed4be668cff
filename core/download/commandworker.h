#pragma once
#include "core/download/commandline.h"
#include "core/jobs/jobworker.h"

namespace core {

/// Runs a program on a finished download, without a shell, in the file's folder, and waits for its
/// end. The program finds the same facts in the environment: DRAY_JOB, DRAY_PATH, DRAY_URL,
/// DRAY_SHA256. Fails with `Unsupported` when it cannot be started, and with `Internal` naming its
/// exit code and the last line it wrote to standard error. Stopping terminates it, after a grace it
/// is killed; going on begins anew.
class CommandWorker final : public JobWorker
{
public:
    CommandWorker(const QString &command, const CommandFacts &facts);
    /// A program and what it is given, at least one word, taken as they are.
    CommandWorker(QStringList arguments, CommandFacts facts);

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;

private:
    const QStringList m_arguments;
    const CommandFacts m_facts;
};

} // namespace core
